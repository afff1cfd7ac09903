import type { Chapter } from '../../src/http/contract/novel-contract.ts'

type Mark = NonNullable<Chapter['blocks'][number]['marks']>[number]
export type InlineKind = Exclude<Mark['kind'], 'cell' | 'link'>

/** A run of text that is set alike. */
export interface InlineRun {
  readonly start: number
  readonly text: string
  /** How it is set, the inmost last. */
  readonly kinds: readonly InlineKind[]
  /** Where it leads to. */
  readonly link: Mark['to']
  /** The reading that stands above it. */
  readonly said: string | undefined
}

/** A piece of a block's text, which begins at `start` of the block, cut where the way it is set changes. */
export function inlineRuns(
  text: string,
  start: number,
  { marks = [], readings = [] }: Pick<Chapter['blocks'][number], 'marks' | 'readings'>,
): InlineRun[] {
  const end = start + text.length
  const touches = (one: { start: number; end: number }): boolean => one.start < end && one.end > start
  const own = marks.filter((mark) => mark.kind !== 'cell' && touches(mark))
  // A reading stands above all of its base or not at all.
  const above = readings.filter((reading) => reading.start >= start && reading.end <= end)
  const cuts = [...own, ...above].flatMap((one) => [Math.max(start, one.start), Math.min(end, one.end)])
  const places = [...new Set([start, ...cuts, end])].toSorted((a, b) => a - b)
  return places.slice(0, -1).flatMap((from, at): InlineRun[] => {
    const to = places[at + 1]!
    const reading = above.find((one) => one.start <= from && to <= one.end)
    // The base is one run, however it is set within.
    if (reading && reading.start !== from) return []
    const until = reading?.end ?? to
    const around = own.filter((mark) => mark.start <= from && mark.end >= to)
    const kinds = around.flatMap(({ kind }) => (kind === 'link' || kind === 'cell' ? [] : [kind]))
    return [
      {
        start: from,
        text: text.slice(from - start, until - start),
        kinds: [...new Set(kinds)],
        link: around.findLast(({ kind }) => kind === 'link')?.to,
        said: reading?.said,
      },
    ]
  })
}
