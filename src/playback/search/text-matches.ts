import type { Segment } from '../../novel/segment.ts'
import { findFolded, type FoldedQuery, type Match } from './folding.ts'

/** UTF-16 units that are searched without a look at the clock. */
const stride = 50_000

/** The hits that begin in the next stride of a text, and where to go on. */
export function matchesIn(
  text: string,
  query: FoldedQuery,
  from: number,
): { readonly matches: readonly Match[]; readonly next: number } {
  const matches: Match[] = []
  const to = Math.min(text.length, from + stride)
  let next = from
  for (;;) {
    const match = findFolded(text, query, next, to)
    if (!match) return { matches, next: Math.max(next, to) }
    matches.push(match)
    next = match.end
  }
}

/** Index of the segment at a place of a block; where nothing is spoken of the next one, else of the last; none: `null`. */
export function segmentAt(
  segments: readonly Pick<Segment, 'block' | 'end'>[],
  block: number,
  at: number,
): number | null {
  const index = segments.findIndex((each) => each.block > block || (each.block === block && each.end > at))
  return index >= 0 ? index : segments.length > 0 ? segments.length - 1 : null
}
