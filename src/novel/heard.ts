import type { SegmentsChange } from './segment.ts'

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
