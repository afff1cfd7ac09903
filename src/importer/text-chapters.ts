import type { RoledPiece } from './chapter-assembly.ts'
import type { FoundHeadings } from './chapter-headings.ts'
import type { Draft, Taken } from './draft.ts'
import type { TextHeading } from './heading-line.ts'
import { joinTitle } from './heading-outline.ts'
import { roleByTitle } from './matter.ts'
import { cutAt, leadIn, textLength, type Piece } from './outline.ts'
import { findSubtitles } from './subtitles.ts'
import { blocksOfGroup, draftOf } from './text-blocks.ts'
import type { Layout, LineGroup } from './text-groups.ts'
import { findTextNotes, takeOutReference } from './text-notes.ts'
import { numberingRemarks, textOutline, type PlacedHeading } from './text-outline.ts'

/** A title page is short lines; what is longer was written to be read. */
const longestTitlePage = 1_500
const longestTitleLine = 300

export interface TextChapters {
  readonly drafts: readonly Draft[]
  readonly pieces: readonly RoledPiece[]
  readonly remarks: readonly string[]
}

/** Puts the lines of a text into blocks and these into chapters, after the headings that were found. */
export function textChapters(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
  found: FoundHeadings,
  book: { readonly title: string; readonly author: string },
): TextChapters {
  const subtitles = findSubtitles(lines, groups, layout, found.headings)
  const notes = findTextNotes(lines, groups)
  const subtitleLines = new Set([...subtitles].map((index) => groups[index]?.start))
  const headings = found.headings.filter(({ start }) => !subtitleLines.has(start))
  const headingAt = new Map(headings.map((heading) => [heading.start, heading]))
  const repeatedAt = new Map(found.repeated.map((heading) => [heading.start, heading]))
  /** Lines that are not simply text; there are few of them in tens of thousands. */
  const marked = new Uint8Array(lines.length)
  const contentsAt = new Map<number, LineGroup>()
  for (const range of found.contents) {
    marked.fill(1, range.start, range.end)
    for (let line = range.start; line < range.end; line += 1) contentsAt.set(line, range)
  }
  for (const { start } of [...headings, ...found.repeated]) marked[start] = 1
  const drafts: Draft[] = []
  const starts: { heading: TextHeading; start: number }[] = []
  let waiting: Taken[] = []
  let contentsLines = 0

  const push = (...added: readonly Draft[]): void => {
    for (const draft of added) {
      const before = drafts.at(-1)
      if (draft.kind === 'scene-break' && before?.kind === 'scene-break') {
        // Rows of asterisks are one break.
        before.text += ` ${draft.text}`
        continue
      }
      draft.taken = [...waiting, ...draft.taken]
      waiting = []
      drafts.push(draft)
    }
  }
  const textOf = (start: number, end: number): string =>
    lines
      .slice(start, end)
      .map((line) => line.trim())
      .join(' ')
      .trim()

  groups.forEach((group, index) => {
    const mark = notes.get(index)
    const last = drafts.at(-1)
    if (mark !== undefined && last !== undefined) {
      last.taken.push({ at: last.text.length, reason: 'note', text: textOf(group.start, group.end) })
      takeOutReference(drafts, mark)
      return
    }
    if (subtitles.has(index)) {
      push(draftOf('heading', textOf(group.start, group.end), 2))
      return
    }
    let from = group.start
    const flush = (to: number): void => {
      if (to > from) push(...blocksOfGroup(lines, { start: from, end: to }, layout))
    }
    for (let line = group.start; line < group.end; line = Math.max(line + 1, from)) {
      if (marked[line] === 0) continue
      flush(line)
      const contents = contentsAt.get(line)
      const heading = headingAt.get(line)
      from = Math.min(contents?.end ?? heading?.end ?? repeatedAt.get(line)?.end ?? line, group.end)
      if (contents !== undefined) {
        contentsLines += from - line
        addContents(waiting, textOf(line, from))
      } else if (heading !== undefined) {
        starts.push({ heading, start: drafts.length })
        const prefix = (lines[line] ?? '').trim().slice(0, heading.offset).trim()
        if (prefix !== '') waiting.push({ at: 0, reason: 'unspeakable', text: prefix })
        push(draftOf('heading', heading.title, heading.kind === 'chapter' ? 2 : 1))
      } else waiting.push({ at: 0, reason: 'unspeakable', text: textOf(line, from) })
    }
    flush(group.end)
  })
  drafts.at(-1)?.taken.push(...waiting.map((taken) => ({ ...taken, at: drafts.at(-1)?.text.length ?? 0 })))

  const placed = starts.map(({ heading, start }, index): PlacedHeading => {
    const next = starts[index + 1]?.start ?? drafts.length
    return {
      heading,
      start,
      title: titleAt(drafts, start, next),
      textBelow: textLength(drafts, start + 1, next),
    }
  })
  const outline = placed.length === 0 ? [{ title: book.title, start: 0, children: [] }] : textOutline(placed)
  const cut = leadIn(cutAt(outline, drafts.length), drafts, () => false)
  const remarks = [...remarksOn(found, contentsLines), ...numberingRemarks(headings)]
  // A title page may name its volume, which then looks like a part without chapters.
  const volumes = new Set(starts.filter(({ heading }) => heading.kind === 'part').map(({ start }) => start))
  const isFront = (piece: Piece): boolean =>
    (piece.title === undefined || volumes.has(piece.start)) && !piece.parent && isTitlePage(drafts, piece)
  const body = cut.findIndex((piece) => !isFront(piece))
  const pieces = body < 0 ? cut : cut.slice(body)
  if (body > 0) {
    const end = pieces[0]?.start ?? 0
    const text = drafts
      .slice(0, end)
      .map((draft) => draft.text.replaceAll('\n', ' '))
      .join(' ')
    remarks.push(`The title page was left out: ${text.slice(0, 120)}${text.length > 120 ? '…' : ''}`)
    moveTaken(drafts, end)
  }
  return { drafts, pieces: pieces.map((piece) => ({ ...piece, role: roleOf(piece, book.author) })), remarks }
}

function roleOf({ title }: Piece, author: string): RoledPiece['role'] {
  return (title === undefined ? undefined : roleByTitle(title, author)) ?? 'story'
}

/** The heading's own block and its subtitle's. */
function titleAt(drafts: readonly Draft[], start: number, end: number): string {
  const texts: string[] = []
  for (let index = start; index < end && drafts[index]?.kind === 'heading'; index += 1)
    texts.push(drafts[index]?.text ?? '')
  return joinTitle(texts)
}

function addContents(waiting: Taken[], text: string): void {
  const last = waiting.at(-1)
  if (last?.reason === 'table-of-contents')
    waiting[waiting.length - 1] = { ...last, text: `${last.text} ${text}` }
  else waiting.push({ at: 0, reason: 'table-of-contents', text })
}

function isTitlePage(drafts: readonly Draft[], { start, end }: Piece): boolean {
  return (
    textLength(drafts, start, end) <= longestTitlePage &&
    drafts.slice(start, end).every(({ text }) => text.length <= longestTitleLine)
  )
}

/** What was taken out before the first chapter stays on record at its beginning. */
function moveTaken(drafts: readonly Draft[], end: number): void {
  const next = drafts[end]
  if (next === undefined) return
  const taken = drafts.slice(0, end).flatMap((draft) => draft.taken)
  next.taken = [...taken.map((one) => ({ ...one, at: 0 })), ...next.taken]
}

function remarksOn({ evidence, repeated }: FoundHeadings, contentsLines: number): string[] {
  const remarks: string[] = []
  if (evidence === 'whole-text') remarks.push('No chapter headings were found, so the book is one chapter.')
  if (evidence === 'numbered-lines')
    remarks.push('The chapters were found by bare numbers. Please look through them before you listen.')
  if (contentsLines > 0) remarks.push(`A table of contents of ${contentsLines} lines was left out.`)
  if (repeated.length > 0) {
    const titles = repeated
      .slice(0, 3)
      .map(({ title }) => title)
      .join(', ')
    remarks.push(`Headings that stand there twice are read once: ${titles}${repeated.length > 3 ? ' …' : ''}`)
  }
  return remarks
}
