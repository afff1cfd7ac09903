import type { Skip } from './novel.ts'

/**
 * A replacement: source characters `[start, end)` (relative to the segment's first character) are spoken as characters
 * `[spokenStart, spokenEnd)` of the spoken text. Text between edits is spoken as written.
 */
export type Edit = readonly [start: number, end: number, spokenStart: number, spokenEnd: number]

/** One utterance, usually a sentence: the unit of generation. */
export interface Segment {
  /** Index of the block in its chapter. */
  readonly block: number
  /** `[start, end)` into the block's text. Segments and skips tile the block: no character twice, none left out. */
  readonly start: number
  readonly end: number
  /** Input of the engine. Never empty, contains a letter or digit. */
  readonly spoken: string
  readonly edits: readonly Edit[]
  /** Kind of boundary after it, which determines the pause. */
  readonly pause: Pause
  /** Set on the first segment of a chapter: leading silence precedes it. */
  readonly opening?: true
  /** Whose line it is, from 1; left out: the narrator's. */
  readonly role?: number
  /** Set on the first of the pieces that a segment was cut into because its speakers have several voices: the segment. */
  readonly whole?: WholeSegment
  /** What is spoken without the lexicon, set if it changes that. */
  readonly plain?: PlainSegment
}

/** What is spoken of a segment without the lexicon. */
export type PlainSegment = Pick<Segment, 'spoken' | 'edits'>

/** A segment as it was before it was cut, and without the lexicon. */
export type WholeSegment = Pick<Segment, 'end' | 'spoken' | 'edits'>

export type Pause = 'sentence' | 'paragraph' | 'section'

export interface SegmentedChapter {
  readonly segments: readonly Segment[]
  /** The importer's skips and the segmenter's. */
  readonly skips: readonly Skip[]
}

/** `removed` segments from index `at` are replaced by `added` others; later indices shift. */
export interface SegmentsChange {
  readonly at: number
  readonly removed: number
  readonly added: number
}

/** A segment's index after a change; for a replaced segment, the index where its replacement begins. */
export function segmentIndexAfter(index: number, { at, removed, added }: SegmentsChange): number {
  return index < at + removed ? Math.min(index, at) : index - removed + added
}

/** The chapter with its first segment marked as `opening`. */
export function withOpening({ segments, skips }: SegmentedChapter): SegmentedChapter {
  return {
    segments: segments.map((segment, at) => (at === 0 ? { ...segment, opening: true } : segment)),
    skips,
  }
}

/** Maps `[start, end)` of a segment's spoken text to its block's text, in which word times are reported. */
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

/** Ranges of segment indices, inclusive, in order and separate. */
export type HeardRanges = readonly (readonly [from: number, to: number])[]

/** Adds a range; ranges that touch or overlap are merged. */
export function addHeardRange(ranges: HeardRanges, from: number, to: number): HeardRanges {
  const before = ranges.filter(([, end]) => end < from - 1)
  const after = ranges.filter(([start]) => start > to + 1)
  const met = ranges.slice(before.length, ranges.length - after.length)
  const joined = [Math.min(from, met[0]?.[0] ?? from), Math.max(to, met.at(-1)?.[1] ?? to)] as const
  return [...before, joined, ...after]
}

/** The ranges after a change of their chapter; inserted segments are not heard. */
export function moveHeardRanges(ranges: HeardRanges, { at, removed, added }: SegmentsChange): HeardRanges {
  const shift = added - removed
  const remaining = ranges.flatMap(([from, to]) => [
    [from, Math.min(to, at - 1)] as const,
    [Math.max(from, at + removed) + shift, to + shift] as const,
  ])
  return remaining.filter(([from, to]) => from <= to)
}

/** Number of segments in the ranges. */
export function countHeard(ranges: HeardRanges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
}
