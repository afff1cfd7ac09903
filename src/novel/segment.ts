import type { Skip } from './block.ts'

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
