import { readHeadingLine, type HeadingLine, type TextHeading } from './heading-line.ts'
import { countedHeadings } from './numbered-lines.ts'
import { contentsGap, gapBetween, listedContents, withoutContents } from './text-contents.ts'
import type { Layout, LineGroup } from './text-groups.ts'

export interface FoundHeadings {
  /** Those that begin something, in order. */
  readonly headings: readonly TextHeading[]
  readonly evidence: 'headings' | 'numbered-lines' | 'whole-text'
  /** Lines of tables of contents. */
  readonly contents: readonly LineGroup[]
  /** Headings that only repeat the one before them. */
  readonly repeated: readonly TextHeading[]
}

/** With fewer headings that name themselves than this, bare numbers are believed if they count up. */
const enough = 3

/**
 * Finds the headings of a text's chapters. A heading stands after a blank line (where the text has blank lines), weak ones
 * before one too. A run of headings with next to nothing between them is a table of contents if they come again.
 */
export function findHeadings(
  lines: readonly string[],
  groups: readonly LineGroup[],
  layout: Layout,
): FoundHeadings {
  const candidates = groups.flatMap((group) => candidatesIn(lines, group, layout))
  const { body, contents } = withoutContents(lines, candidates)
  const { kept, repeated } = withoutRepeats(lines, body)
  const chapters = kept.filter(({ kind }) => kind === 'chapter').length
  if (chapters < enough) {
    const counted = countedHeadings(lines, groups, layout, kept)
    if (counted.length >= 2 && counted.length > chapters) {
      const others = kept.filter(({ kind }) => kind !== 'chapter')
      const all = [...others, ...counted].toSorted((a, b) => a.start - b.start)
      const cleaned = withoutContents(lines, all)
      const ranges = [...contents, ...cleaned.contents]
      return {
        headings: cleaned.body,
        evidence: 'numbered-lines',
        contents: listedContents(lines, groups, cleaned.body, ranges),
        repeated,
      }
    }
  }
  return {
    headings: kept,
    evidence: kept.length > 0 ? 'headings' : 'whole-text',
    contents: listedContents(lines, groups, kept, contents),
    repeated,
  }
}

function candidatesIn(
  lines: readonly string[],
  group: LineGroup,
  { wrapped, spaced }: Layout,
): TextHeading[] {
  const size = group.end - group.start
  const read = (index: number): HeadingLine | undefined => readHeadingLine((lines[index] ?? '').trim())
  const headings: TextHeading[] = []
  // In a spaced text a heading opens its group; elsewhere any line may be one.
  for (let index = group.start; index < group.end; index += 1) {
    const heading = read(index)
    if (heading === undefined) {
      if (spaced && headings.length === 0) return []
      if (spaced) break
      continue
    }
    if (heading.kind === 'special' && spaced && size > 2) break
    // A heading may run over the lines of a short group: number above title, or a long title.
    const runsOn =
      wrapped &&
      size <= 3 &&
      index === group.start &&
      size > 1 &&
      read(index + 1) === undefined &&
      !isProse(lines, index + 1, group.end)
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

function joined(lines: readonly string[], start: number, end: number, offset: number): string {
  return lines
    .slice(start, end)
    .map((line) => line.trim())
    .join(' ')
    .slice(offset)
}

/** The rest of a short group is the beginning of the chapter, not of its title. */
function isProse(lines: readonly string[], start: number, end: number): boolean {
  const text = lines.slice(start, end).join(' ').trim()
  return (
    /^["“”'‘«»„—–-]/.test(text) ||
    (/[.!?…]["“”'‘’«»]*$/.test(text) && /\p{Ll}/u.test(text) && text.length > 80)
  )
}

/** Headings of one name: `chapter iv the storm`, without page numbers and dot leaders. */
function labelOf({ kind, word, number, title }: HeadingLine): string {
  const name = title
    .replace(/[\s.…·_]*\d{1,4}$/, (tail) =>
      /^[.…·_\s]*$/.test(tail.replace(/\d+$/, '')) && /[.…·_]{2,}|\s{3,}/.test(tail) ? '' : tail,
    )
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  return kind === 'special' || number === undefined ? name : `${word} ${number} ${name}`
}

/** The same number and title again is the heading repeated: right below, or as a running head within its chapter. */
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
    // Bare numbers come again in every part; where nothing but them is told, only a repetition right below is one.
    const near = before !== undefined && gapBetween(lines, before.end, heading.start) < contentsGap
    if (same && (near || !heading.bare)) repeated.push(heading)
    else kept.push(heading)
  }
  return { kept, repeated }
}
