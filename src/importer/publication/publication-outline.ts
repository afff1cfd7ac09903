import type { Evidence } from '../../novel/novel.ts'
import type { BlockDraft } from '../block-draft.ts'
import { readHeadingLine } from '../headings/heading-line.ts'
import { headingOutline, cutSections, textLength, type OutlineEntry } from '../chapters/chapter-outline.ts'
import type { Contents, ContentsEntry } from './contents.ts'
import type { SpineStream } from './spine-stream.ts'

/**
 * Chooses where the chapters of an EPUB begin: by its contents, unless they list next to nothing or list the book's
 * files instead of its chapters; then by headings, by lines that read like headings, and finally by documents.
 */
export function chooseOutline(
  stream: SpineStream,
  contents: Contents,
  novel: string,
  remarks: string[],
): { outline: OutlineEntry[]; evidence: Evidence } {
  const { drafts, documents } = stream
  const headings = headingOutline(drafts)
  const lost: string[] = []
  const listed = contents.entries.map((entry) => outlineEntry(entry, stream, lost))
  const reject = (reason: string): void => {
    remarks.push(`The table of contents ${reason}, so the chapters were found by their headings.`)
  }
  if (contents.evidence !== undefined && listed.some(hasStart)) {
    if (listsNothing(listed, drafts) && headings.length >= 3) reject('lists next to nothing')
    else if (listsFiles(listed, headings, stream, novel))
      reject('lists the book’s files and not its chapters')
    else {
      if (lost.length > 0)
        remarks.push(
          `${lost.length} entries of the contents lead nowhere and were left out: ${lost.slice(0, 5).join(', ')}.`,
        )
      return { outline: listed, evidence: contents.evidence }
    }
  } else
    remarks.push('The book has no table of contents. Please look through the chapters before you listen.')
  if (headings.length > 1) return { outline: headings, evidence: 'headings' }
  const lines = headingLines(drafts)
  if (lines.length > 1) return { outline: lines, evidence: 'headings' }
  const byDocument = documents.map(({ start }) => ({ title: '', start, children: [] }))
  return { outline: byDocument, evidence: 'spine' }
}

function outlineEntry(entry: ContentsEntry, stream: SpineStream, lost: string[]): OutlineEntry {
  const start = entry.target === undefined ? undefined : stream.position(entry.target)
  if (entry.target !== undefined && !stream.files.has(entry.target.file)) lost.push(entry.title)
  return {
    title: entry.title,
    start,
    children: entry.children.map((child) => outlineEntry(child, stream, lost)),
  }
}

function hasStart({ start, children }: OutlineEntry): boolean {
  return start !== undefined || children.some(hasStart)
}

function listsNothing(listed: readonly OutlineEntry[], drafts: readonly BlockDraft[]): boolean {
  const total = textLength(drafts, 0, drafts.length)
  const largest = cutSections(listed, drafts.length).reduce(
    (most, { start, end }) => Math.max(most, textLength(drafts, start, end)),
    0,
  )
  return total >= 50_000 && largest >= total * 0.7
}

/** Titles that conversion programs give to the files they split a book into. */
const fileTitle =
  /^(?:(?:untitled|unknown|unnamed|section|sec|page|file|text|split|index|document|doc|body|content|html?|xhtml|item|start|no title)[\s._-]*)*[\d\s._-]*(?:\.x?html?)?$/i

/**
 * Whether the entries list the files into which a program split the book by size: titles without meaning or repeated,
 * at the borders of files and without a heading there, while the book's headings indicate far fewer chapters.
 */
function listsFiles(
  listed: readonly OutlineEntry[],
  headings: readonly OutlineEntry[],
  { drafts, documents }: SpineStream,
  novel: string,
): boolean {
  const entries = flattened(listed).filter(({ start }) => start !== undefined)
  const chapters = flattened(headings)
  if (listsFilesOfChapters(entries, chapters, novel)) return true
  if (entries.length < 4 || chapters.length < 2 || chapters.length * 2 > entries.length) return false
  const borders = new Set(documents.map(({ start }) => start))
  const mechanical = entries.filter(({ title, start }, index) => {
    if (!borders.has(start as number) || drafts[start as number]?.kind === 'heading') return false
    return (
      fileTitle.test(title.trim()) ||
      title === novel ||
      title === entries[index - 1]?.title ||
      isFirstWords(title, drafts[start as number]?.text ?? '')
    )
  })
  return mechanical.length >= entries.length * 0.6
}

/** Titles that say nothing, of files that each hold several chapters. */
function listsFilesOfChapters(
  entries: readonly OutlineEntry[],
  chapters: readonly OutlineEntry[],
  novel: string,
): boolean {
  const named = chapters.filter(({ title }) => readHeadingLine(title)?.kind === 'chapter').length
  if (entries.length < 2 || named < 4 || named < entries.length * 1.5) return false
  const empty = entries.filter(({ title }) => fileTitle.test(title.trim()) || title === novel).length
  return empty >= entries.length * 0.8
}

/**
 * Whether a title is only the first words of a file, as some programs write it; an unmarked heading is its complete
 * line.
 */
function isFirstWords(title: string, text: string): boolean {
  const words = title.replace(/\s*(?:…|\.{3})$/, '')
  return words.length >= 12 && text.length > words.length + 20 && text.startsWith(words)
}

function flattened(entries: readonly OutlineEntry[]): OutlineEntry[] {
  return entries.flatMap((entry) => [entry, ...flattened(entry.children)])
}

const longestHeading = 80

/**
 * Outline of a book that has neither contents nor heading elements: short paragraphs that read like headings. Those
 * without text before the next of their kind are a list and do not count.
 */
function headingLines(drafts: readonly BlockDraft[]): OutlineEntry[] {
  const found = drafts.flatMap((draft, start) => {
    const fits =
      draft.kind === 'paragraph' &&
      !draft.note &&
      draft.omit === undefined &&
      draft.text.length <= longestHeading
    const heading = fits ? readHeadingLine(draft.text) : undefined
    return heading === undefined ? [] : [{ heading, start, draft }]
  })
  const own = found.filter(({ heading, start }, index) => {
    const next = found[index + 1]
    return next?.heading.kind !== heading.kind || textLength(drafts, start + 1, next.start) > 0
  })
  if (own.filter(({ heading }) => heading.kind === 'chapter').length < 2) return []
  return own.map(({ draft, start }) => {
    draft.kind = 'heading'
    return { title: draft.text, start, children: [] }
  })
}
