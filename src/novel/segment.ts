import type { Skip } from './novel.ts'

/**
 * A replaced stretch: source characters `[start, end)` (relative to the segment's first character) are spoken as
 * characters `[spokenStart, spokenEnd)` of the spoken text. What lies between edits is spoken as it is written.
 */
export type Edit = readonly [start: number, end: number, spokenStart: number, spokenEnd: number]

/** What is spoken in one breath: usually a sentence. */
export interface Segment {
  /** Index of the block in its chapter. */
  readonly block: number
  /** `[start, end)` into the block's text. Segments and skips tile the block: no character twice, none left out. */
  readonly start: number
  readonly end: number
  /** What the engine gets. Never empty, always with a letter or digit. */
  readonly spoken: string
  readonly edits: readonly Edit[]
  /** What follows, which decides the pause after it. */
  readonly pause: Pause
  /** It is the first of its chapter, before which there is a silence. */
  readonly opening?: true
}

export type Pause = 'sentence' | 'paragraph' | 'section'

export interface SegmentedChapter {
  readonly segments: readonly Segment[]
  /** The chapter's own skips and those that the segmenter added. */
  readonly skips: readonly Skip[]
}

/** In place of `removed` segments from `at` on stand `added` others; what counts segments moves with those after them. */
export interface SegmentsChange {
  readonly at: number
  readonly removed: number
  readonly added: number
}

/** Where a segment is after a change; one that was replaced: where what replaces it begins. */
export function segmentIndexAfter(index: number, { at, removed, added }: SegmentsChange): number {
  return index < at + removed ? Math.min(index, at) : index - removed + added
}

/** The same chapter, told that a silence comes before its first word. */
export function withOpening({ segments, skips }: SegmentedChapter): SegmentedChapter {
  return {
    segments: segments.map((segment, at) => (at === 0 ? { ...segment, opening: true } : segment)),
    skips,
  }
}

/** Where `[start, end)` of a segment's spoken text stands in its block's text: word times are told in the book's own words. */
export function sourceRange(
  segment: Pick<Segment, 'start' | 'end' | 'edits'>,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  return {
    start: segment.start + sourceOffset(segment.edits, start, 'start'),
    end: Math.min(segment.end, segment.start + sourceOffset(segment.edits, end, 'end')),
  }
}

function sourceOffset(edits: readonly Edit[], offset: number, side: 'start' | 'end'): number {
  let shift = 0
  for (const [start, end, spokenStart, spokenEnd] of edits) {
    const before = side === 'start' ? offset < spokenStart : offset <= spokenStart
    if (before) break
    const inside = side === 'start' ? offset < spokenEnd : offset <= spokenEnd
    if (inside) return side === 'start' ? start : end
    shift = end - spokenEnd
  }
  return offset + shift
}

/** Ranges of segment indices, both ends included, in order and apart from each other. */
export type HeardRanges = readonly (readonly [from: number, to: number])[]

/** The ranges with one more; ranges that meet or overlap become one. */
export function addHeardRange(ranges: HeardRanges, from: number, to: number): HeardRanges {
  const before = ranges.filter(([, end]) => end < from - 1)
  const after = ranges.filter(([start]) => start > to + 1)
  const met = ranges.slice(before.length, ranges.length - after.length)
  const joined = [Math.min(from, met[0]?.[0] ?? from), Math.max(to, met.at(-1)?.[1] ?? to)] as const
  return [...before, joined, ...after]
}

/** The ranges after a change of their chapter: what is new was not heard. */
export function moveHeardRanges(ranges: HeardRanges, { at, removed, added }: SegmentsChange): HeardRanges {
  const shift = added - removed
  const remaining = ranges.flatMap(([from, to]) => [
    [from, Math.min(to, at - 1)] as const,
    [Math.max(from, at + removed) + shift, to + shift] as const,
  ])
  return remaining.filter(([from, to]) => from <= to)
}

/** How many segments they hold. */
export function countHeard(ranges: HeardRanges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
}
