import { Failure } from '../../novel/failure.ts'
import { automaticRule, chapterLengths, type HeadingRule } from '../../novel/heading-rule.ts'
import type { Chapter } from '../../novel/novel.ts'
import type { BlockDraft } from '../block-draft.ts'
import type { FormatResult } from '../book-format.ts'
import { headingOutline, type OutlineEntry } from '../chapters/chapter-outline.ts'
import { outlineBy } from '../chapters/ruled-outline.ts'
import { usualShare } from '../chapters/long-chapters.ts'
import { decode } from '../encodings/text-decoding.ts'
import { layoutOf } from '../lines/line-groups.ts'
import { readPublication } from '../publication/publication.ts'
import { singleDocument } from '../publication/single-document.ts'
import { titleFromFileName } from '../title-text.ts'
import { readWhole } from '../whole-file.ts'
import { frontMatterEnd, readFrontMatter } from './front-matter.ts'
import { markdownDocument } from './markdown-document.ts'

const maxBytes = 64 * 1024 * 1024
/** The longest web novels, with a sentence on each line, have a tenth of this. */
const maxLines = 3_000_000

/** Reads a Markdown text, its chapters by a rule. Throws `novel.unreadable`, `novel.hostile` and `novel.no-text`, and what a rule by pattern throws. */
export async function readMarkdown(
  path: string,
  fileName: string,
  rule: HeadingRule = automaticRule,
): Promise<FormatResult> {
  return readAs(await sourceOf(path), fileName, rule)
}

const rules: readonly HeadingRule[] = [
  automaticRule,
  { kind: 'level', level: 1 },
  { kind: 'level', level: 2 },
  { kind: 'level', level: 3 },
  { kind: 'none' },
  { kind: 'length', characters: chapterLengths.usual },
]

/** The chapters that each of some rules gives a Markdown text. Throws likewise. */
export async function* markdownByRules(
  path: string,
  fileName: string,
): AsyncGenerator<readonly [HeadingRule, readonly Chapter[]]> {
  const source = await sourceOf(path)
  for (const rule of rules) yield [rule, (await readAs(source, fileName, rule)).novel.chapters]
}

interface MarkdownSource {
  readonly html: string
  readonly metadata: ReturnType<typeof readFrontMatter>
  readonly encoding: string
  readonly remarks: readonly string[]
}

async function sourceOf(path: string): Promise<MarkdownSource> {
  const decoded = decode(await readWhole(path, maxBytes))
  if (decoded === undefined) throw new Failure('novel.unreadable', { detail: 'it is not text' })
  const { text, encoding } = decoded
  const lines = linesOf(text)
  const body = frontMatterEnd(lines)
  const { html, title } = markdownDocument(lines.slice(body).join('\n'), layoutOf(lines))
  const metadata = readFrontMatter(lines.slice(1, Math.max(body - 1, 1)))
  return {
    html,
    metadata: { ...metadata, title: metadata.title || title },
    encoding,
    remarks: text.includes('\uFFFD') ? ['Some characters could not be read and show as �.'] : [],
  }
}

function linesOf(text: string): string[] {
  const lines = text.normalize('NFC').split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
  if (lines.length > maxLines)
    throw new Failure('novel.hostile', { detail: `it has more than ${maxLines.toLocaleString('en')} lines` })
  return lines
}

async function readAs(
  { html, metadata, encoding, remarks }: MarkdownSource,
  fileName: string,
  rule: HeadingRule,
): Promise<FormatResult> {
  const outline = (drafts: readonly BlockDraft[]): readonly OutlineEntry[] => {
    const found = outlineBy(rule, drafts) ?? headingOutline(drafts)
    const title = metadata.title || titleFromFileName(fileName)
    return found.length === 0 ? [{ title, start: 0, children: [] }] : found
  }
  return readPublication(
    {
      ...singleDocument(html, 'text/html'),
      metadata,
      encoding,
      remarks,
      chapterRule: {
        outline,
        ...(rule.kind === 'length' && { longest: rule.characters / usualShare }),
      },
    },
    fileName,
  )
}
