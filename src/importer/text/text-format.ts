import { open } from 'node:fs/promises'
import { Failure } from '../../novel/failure.ts'
import { automaticRule, chapterLengths, type HeadingRule } from '../../novel/heading-rule.ts'
import type { Chapter, Evidence } from '../../novel/novel.ts'
import { assembleChapters, type ClassifiedSection } from '../chapters/chapter-assembly.ts'
import { usualShare } from '../chapters/long-chapters.ts'
import { decode } from '../encodings/text-decoding.ts'
import type { BlockDraft } from '../block-draft.ts'
import { resolveLanguage, languageTag } from '../book-language.ts'
import type { FormatResult } from '../book-format.ts'
import { headingsBy } from './heading-choice.ts'
import { type Omission, sourceLines } from './source-lines.ts'
import { textChapters } from './text-chapters.ts'
import { textDrafts } from './text-drafts.ts'
import { groupLines, type Layout, layoutOf } from '../lines/line-groups.ts'
import { textMetadata } from './text-metadata.ts'

const maxBytes = 64 * 1024 * 1024
/** The longest web novels, with a sentence on each line, have a tenth of this. */
const maxLines = 3_000_000

/** A plain text as lines, before its chapters are found. */
interface TextSource {
  readonly lines: readonly string[]
  readonly omissions: readonly Omission[]
  readonly layout: Layout
  readonly book: BookMetadata
  readonly frame: ReturnType<typeof sourceLines>['frame']
  readonly encoding: string
  readonly damaged: boolean
}

type BookMetadata = ReturnType<typeof textMetadata>

/**
 * Reads a plain text, its chapters by a rule. Throws `novel.unreadable` for binary data, `novel.no-text`, `novel.hostile`
 * beyond 64 MB or 3 million lines, and what a rule by pattern throws.
 */
export async function readPlainText(
  path: string,
  fileName: string,
  rule: HeadingRule = automaticRule,
): Promise<FormatResult> {
  const source = await readSource(path, fileName)
  const { frame, omissions, damaged, encoding } = source
  const { title, chapters, remarks, evidence } = chaptersBy(source, rule)
  if (chapters.length === 0) throw new Failure('novel.no-text')
  const language = resolveLanguage(
    frame?.language === undefined ? undefined : languageTag(frame.language),
    chapters,
  )
  return {
    novel: { ...source.book, title, language: language.tag, chapters },
    evidence,
    encoding,
    remarks: [
      ...remarksOn(omissions),
      ...(damaged ? ['Some characters could not be read and show as �.'] : []),
      ...remarks,
      ...language.remarks,
    ],
  }
}

/** The chapters that each of some rules gives a text; of a rule that fits it badly, none. Throws likewise. */
export async function* readByRules(path: string, fileName: string): AsyncGenerator<[HeadingRule, Chapter[]]> {
  const source = await readSource(path, fileName)
  for (const rule of plainRules) yield [rule, chaptersBy(source, rule).chapters]
}

const lengthRule: HeadingRule = { kind: 'length', characters: chapterLengths.usual }
const plainRules: readonly HeadingRule[] = [
  automaticRule,
  { kind: 'words' },
  { kind: 'numbers' },
  { kind: 'capitals' },
  { kind: 'none' },
  lengthRule,
]

async function readSource(path: string, fileName: string): Promise<TextSource> {
  const decoded = decode(await readBytes(path))
  if (decoded === undefined) throw new Failure('novel.unreadable', { detail: 'it is not text' })
  const { lines, omissions, frame } = sourceLines(linesOf(decoded.text))
  if (!lines.some((line) => /[\p{L}\p{N}]/u.test(line))) throw new Failure('novel.no-text')
  return {
    lines,
    omissions,
    layout: layoutOf(lines),
    book: textMetadata(lines, frame, fileName),
    frame,
    encoding: decoded.encoding,
    damaged: decoded.text.includes('\uFFFD'),
  }
}

interface ChaptersOfText {
  readonly title: string
  readonly chapters: Chapter[]
  readonly remarks: readonly string[]
  readonly evidence: Evidence
}

function chaptersBy(source: TextSource, rule: HeadingRule): ChaptersOfText {
  const { drafts, sections, remarks, evidence } = readPlain(source, rule)
  const title = source.frame?.title ?? source.book.title
  const longest = rule.kind === 'length' ? rule.characters / usualShare : undefined
  return { title, chapters: assembleChapters(sections, drafts, title, longest), remarks, evidence }
}

interface ParsedText {
  readonly drafts: readonly BlockDraft[]
  readonly sections: readonly ClassifiedSection[]
  readonly remarks: readonly string[]
  readonly evidence: Evidence
}

function readPlain({ lines, omissions, layout, book }: TextSource, rule: HeadingRule): ParsedText {
  const groups = groupLines(lines, layout)
  const found = headingsBy(rule, lines, groups, layout)
  const placed = textDrafts(lines, omissions, groups, layout, found)
  return { drafts: placed.drafts, evidence: found.evidence, ...textChapters(placed, found, book) }
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
