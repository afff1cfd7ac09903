import { open } from 'node:fs/promises'
import { Failure } from '../../novel/failure.ts'
import type { Evidence } from '../../novel/novel.ts'
import { assembleChapters, type ClassifiedSection } from '../chapters/chapter-assembly.ts'
import { decode } from '../encodings/text-decoding.ts'
import type { BlockDraft } from '../block-draft.ts'
import { resolveLanguage, languageTag } from '../book-language.ts'
import type { FormatResult } from '../book-format.ts'
import { findHeadings } from './text-headings.ts'
import { hyphenRule } from '../lines/text-blocks.ts'
import { isMarkdown, markdownDrafts } from './markdown.ts'
import { type Omission, sourceLines } from './source-lines.ts'
import { markdownChapters, textChapters } from './text-chapters.ts'
import { textDrafts } from './text-drafts.ts'
import { groupLines, type Layout, layoutOf } from '../lines/line-groups.ts'
import { textMetadata } from './text-metadata.ts'

const maxBytes = 64 * 1024 * 1024
/** The longest web novels, with a sentence on each line, have a tenth of this. */
const maxLines = 3_000_000

/**
 * Reads a plain text. Throws `novel.unreadable` for binary data, `novel.no-text`, `novel.hostile` beyond 64 MB or 3
 * million lines.
 */
export async function readPlainText(path: string, fileName: string): Promise<FormatResult> {
  const decoded = decode(await readBytes(path))
  if (decoded === undefined) throw new Failure('novel.unreadable', { detail: 'it is not text' })
  const all = linesOf(decoded.text)
  const { lines, omissions, frame } = sourceLines(all)
  if (!lines.some((line) => /[\p{L}\p{N}]/u.test(line))) throw new Failure('novel.no-text')

  const named = textMetadata(lines, frame, fileName)
  const layout = layoutOf(lines)
  const { drafts, sections, remarks, evidence, title } = isMarkdown(lines)
    ? readMarkdown(lines, omissions, layout, named)
    : readPlain(lines, omissions, layout, named)
  const book = { ...named, title: frame?.title ?? title ?? named.title }
  const chapters = assembleChapters(sections, drafts, book.title)
  if (chapters.length === 0) throw new Failure('novel.no-text')
  const language = resolveLanguage(
    frame?.language === undefined ? undefined : languageTag(frame.language),
    chapters,
  )
  return {
    novel: { ...book, language: language.tag, chapters },
    evidence,
    encoding: decoded.encoding,
    remarks: [
      ...remarksOn(omissions),
      ...(decoded.text.includes('\uFFFD') ? ['Some characters could not be read and show as �.'] : []),
      ...remarks,
      ...language.remarks,
    ],
  }
}

interface ParsedText {
  readonly drafts: readonly BlockDraft[]
  readonly sections: readonly ClassifiedSection[]
  readonly remarks: readonly string[]
  readonly evidence: Evidence
  /** Set if the text's own markup declares it. */
  readonly title?: string | undefined
}

type BookMetadata = ReturnType<typeof textMetadata>

function readPlain(
  lines: readonly string[],
  omissions: readonly Omission[],
  layout: Layout,
  book: BookMetadata,
): ParsedText {
  const groups = groupLines(lines, layout)
  const found = findHeadings(lines, groups, layout)
  const placed = textDrafts(lines, omissions, groups, layout, found)
  return { drafts: placed.drafts, evidence: found.evidence, ...textChapters(placed, found, book) }
}

function readMarkdown(
  lines: readonly string[],
  omissions: readonly Omission[],
  layout: Layout,
  book: BookMetadata,
): ParsedText {
  const drafts = markdownDrafts(lines, omissions, layout, hyphenRule(layout.wrapped ? lines : []))
  const [first] = drafts
  const alone = drafts.filter(({ level }) => level === 1).length === 1
  return {
    drafts,
    evidence: 'headings',
    title: first?.level === 1 && alone ? first.text : undefined,
    ...markdownChapters(drafts, book),
  }
}

function linesOf(text: string): string[] {
  let count = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  if (count > maxLines)
    throw new Failure('novel.hostile', { detail: `it has more than ${maxLines.toLocaleString('en')} lines` })
  const lines = text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  if (lines.length > maxLines)
    throw new Failure('novel.hostile', { detail: `it has more than ${maxLines.toLocaleString('en')} lines` })
  return lines
}

function remarksOn(omissions: readonly Omission[]): string[] {
  const of = (reason: Omission['reason']): Omission[] => omissions.filter((each) => each.reason === reason)
  const [sites, marks, frames] = [of('advertisement'), of('end-mark'), of('frame')]
  return [
    ...(frames.length === 0 ? [] : ['The header and licence of Project Gutenberg were left out.']),
    ...(sites.length === 0
      ? []
      : [`Lines of a site were left out (${sites.length}), such as: ${sites[0]!.text.slice(0, 120)}`]),
    ...(marks.length === 0
      ? []
      : [`End marks were left out (${marks.length}), such as: ${marks[0]!.text.slice(0, 120)}`]),
  ]
}

async function readBytes(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    if (size > maxBytes) throw new Failure('novel.hostile', { detail: 'it holds more than 64 MB of text' })
    return await file.readFile()
  } finally {
    await file.close()
  }
}
