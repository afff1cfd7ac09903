import { readHeadingLine, type HeadingLine, type TextHeading } from '../headings/heading-line.ts'
import { readHeadingWord } from '../headings/heading-words.ts'
import { countedHeadings } from './counted-headings.ts'
import { contentsGap, gapBetween, listedContents, mergeHeadings, withoutContents } from './text-contents.ts'
import { looksLikeTitle } from '../title-text.ts'
import { isFullLine, type Layout, type LineGroup } from '../lines/line-groups.ts'

export interface FoundHeadings {
  /** Headings that begin a chapter or part, in order. */
  readonly headings: readonly TextHeading[]
  readonly evidence: 'headings' | 'numbered-lines' | 'whole-text'
  /** Lines of tables of contents. */
  readonly contents: readonly LineGroup[]
  /** Headings that only repeat the one before them. */
  readonly repeated: readonly TextHeading[]
}

/** With fewer headings that have a heading word, bare numbers are accepted if they ascend. */
const minHeadings = 3

/**
 * Finds the headings of a text's chapters. A heading follows a blank line (if the text has blank lines); a weak one
 * also precedes one. A sequence of headings with next to nothing between them is a table of contents if they recur.
 */
export function findHeadings(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
): FoundHeadings {
  const named = headingsInWords(lines, groups, layout)
  const chapters = named.kept.filter(({ kind }) => kind === 'chapter').length
  if (chapters < minHeadings) {
    const counted = countedHeadings(lines, groups, layout, named.kept)
    if (counted.length >= 2 && counted.length > chapters) return withCounted(lines, groups, named, counted)
  }
  return withLists(lines, groups, named.kept, named.contents, named.repeated, 'headings')
}

/** The headings that have a heading word, however few. */
export function findHeadingWords(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
): FoundHeadings {
  const { kept, contents, repeated } = headingsInWords(lines, groups, layout)
  return withLists(lines, groups, kept, contents, repeated, 'headings')
}

/** The headings that are numbers, and the parts that have a heading word. */
export function findHeadingNumbers(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
): FoundHeadings {
  const named = headingsInWords(lines, groups, layout)
  return withCounted(lines, groups, named, countedHeadings(lines, groups, layout, named.kept))
}

/** Headings that were found by something else: lists of them are tables of contents, and of repeated ones the first counts. */
export function headingsAmong(
  lines: readonly string[],
  groups: readonly LineGroup[],
  candidates: readonly TextHeading[],
): FoundHeadings {
  const { body, contents } = withoutContents(lines, groups, candidates)
  const { kept, repeated } = withoutRepeats(lines, body)
  return withLists(lines, groups, kept, contents, repeated, 'headings')
}

interface NamedHeadings {
  readonly kept: readonly TextHeading[]
  readonly contents: readonly LineGroup[]
  readonly repeated: readonly TextHeading[]
}

function headingsInWords(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
): NamedHeadings {
  const candidates = groups.flatMap((group) => candidatesIn(lines, group, layout))
  const { body, contents } = withoutContents(lines, groups, candidates)
  return { ...withoutRepeats(lines, body), contents }
}

function withCounted(
  lines: readonly string[],
  groups: readonly LineGroup[],
  { kept, contents, repeated }: NamedHeadings,
  counted: readonly TextHeading[],
): FoundHeadings {
  const others = kept.filter(({ kind }) => kind !== 'chapter')
  const cleaned = withoutContents(lines, groups, mergeHeadings(others, counted))
  const ranges = [...contents, ...cleaned.contents]
  return withLists(lines, groups, cleaned.body, ranges, repeated, 'numbered-lines')
}

/** Adds the headings of the body that are named in lists under a contents title. */
function withLists(
  lines: readonly string[],
  groups: readonly LineGroup[],
  headings: readonly TextHeading[],
  ranges: readonly LineGroup[],
  repeated: readonly TextHeading[],
  evidence: 'headings' | 'numbered-lines',
): FoundHeadings {
  const { contents, named } = listedContents(lines, groups, headings, ranges)
  const all = mergeHeadings(headings, named)
  let range = 0
  const body = all.filter(({ start }) => {
    while ((contents[range]?.end ?? Infinity) <= start) range += 1
    return start < (contents[range]?.start ?? Infinity)
  })
  return { headings: body, evidence: body.length > 0 ? evidence : 'whole-text', contents, repeated }
}

function candidatesIn(
  lines: readonly string[],
  group: LineGroup,
  { width, wrapped, spaced }: Layout,
): TextHeading[] {
  const size = group.end - group.start
  const read = (index: number): HeadingLine | undefined => readHeadingLine((lines[index] ?? '').trim())
  const headings: TextHeading[] = []
  // In a spaced text a heading is the first line of its group; elsewhere it may be any line.
  for (let index = group.start; index < group.end; index += 1) {
    const parted = headingOnTwoLines(lines, index)
    if (parted !== undefined) {
      headings.push(parted)
      index = parted.end - 1
      continue
    }
    const heading = read(index)
    if (heading === undefined) {
      if (spaced && headings.length === 0) return []
      if (spaced) break
      continue
    }
    if (heading.kind === 'special' && spaced && size > 2) break
    // A long paragraph that begins like a heading is a sentence.
    if (
      wrapped &&
      index === group.start &&
      size > 3 &&
      isFullLine(lines[index] ?? '', lines[index + 1], width ?? 0)
    )
      break
    // A heading may span the lines of a short group: number above title, or a long title.
    const runsOn =
      index === group.start &&
      size > 1 &&
      read(index + 1) === undefined &&
      (wrapped
        ? size <= 3 && !isProse(lines, index + 1, group.end)
        : spaced && size === 2 && heading.bare && looksLikeTitle(lines[index + 1] ?? ''))
    const end = runsOn ? group.end : index + 1
    headings.push(
      runsOn
        ? { ...heading, start: index, end, bare: false, title: joined(lines, index, end, heading.offset) }
        : { ...heading, start: index, end },
    )
    if (runsOn) break
  }
  return headings
}

/** Reads `CHAPTER` on a line of its own, with its number on the next non-blank line. */
function headingOnTwoLines(lines: readonly string[], start: number): TextHeading | undefined {
  const word = readHeadingWord((lines[start] ?? '').trim())
  if (word === undefined) return undefined
  let next = start + 1
  while (next < start + 4 && (lines[next] ?? '').trim() === '') next += 1
  const number = (lines[next] ?? '').trim()
  const heading = number.length > 80 ? undefined : readHeadingLine(`${word} ${number}`)
  return heading === undefined ? undefined : { ...heading, start, end: next + 1 }
}

function joined(lines: readonly string[], start: number, end: number, offset: number): string {
  return lines
    .slice(start, end)
    .map((line) => line.trim())
    .join(' ')
    .slice(offset)
}

/** Whether the rest of a short group begins the chapter's text instead of continuing its title. */
function isProse(lines: readonly string[], start: number, end: number): boolean {
  const text = lines.slice(start, end).join(' ').trim()
  return (
    /^["“”'‘«»„—–-]/.test(text) ||
    (/[.!?…]["“”'‘’«»]*$/.test(text) && /\p{Ll}/u.test(text) && text.length > 80)
  )
}

/** Key of headings with the same name: `chapter iv the storm`, without page numbers and dot leaders. */
function labelOf({ kind, word, number, title }: HeadingLine): string {
  const name = title
    .replace(/[\s.…·_]*(?:[.…·_]{2,}|\s{3,})[\s.…·_]*\d{1,4}$/, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return kind === 'special' || number === undefined ? name : `${word} ${number} ${name}`
}

/**
 * Removes repeated headings, with the same number and title: directly below, or as a running head within the chapter.
 */
function withoutRepeats(
  lines: readonly string[],
  candidates: readonly TextHeading[],
): { kept: TextHeading[]; repeated: TextHeading[] } {
  const kept: TextHeading[] = []
  const repeated: TextHeading[] = []
  for (const heading of candidates) {
    const before = kept.at(-1)
    const same =
      before?.kind === heading.kind && heading.kind !== 'special' && labelOf(before) === labelOf(heading)
    // Bare numbers recur in every part; without a title only a repetition directly below counts.
    const near = before !== undefined && gapBetween(lines, before.end, heading.start) < contentsGap
    if (same && (near || !heading.bare)) repeated.push(heading)
    else kept.push(heading)
  }
  return { kept, repeated }
}
