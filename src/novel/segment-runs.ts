/** Segments that are the same ones in two versions of neighbouring chapters. Chapters by their place in each version. */
export type SegmentRun = readonly [
  fromChapter: number,
  fromSegment: number,
  toChapter: number,
  toSegment: number,
  length: number,
]

/** A segment of one of several chapters. */
interface Place {
  readonly chapter: number
  readonly segment: number
}

/**
 * The segments that two versions of chapters have in common, in reading order, by what is spoken in them. Linear in what
 * is the same, new or gone; only where nothing is the same is each compared with all that follow.
 */
export function matchSegments(
  before: readonly (readonly string[])[],
  after: readonly (readonly string[])[],
): SegmentRun[] {
  const [old, fresh] = [flat(before), flat(after)]
  const runs: SegmentRun[] = []
  const same = (at: number, to: number): boolean =>
    at < old.length && to < fresh.length && old[at]!.text === fresh[to]!.text
  for (let at = 0, to = 0; at < old.length && to < fresh.length;) {
    if (!same(at, to)) {
      const end = Math.max(old.length - at, fresh.length - to)
      let ahead = 1
      while (ahead < end && !same(at + ahead, to) && !same(at, to + ahead) && !same(at + ahead, to + ahead))
        ahead++
      if (same(at, to + ahead)) to += ahead
      else if (same(at + ahead, to)) at += ahead
      else
        [at, to] = [
          at + (same(at + ahead, to + ahead) ? ahead : 1),
          to + (same(at + ahead, to + ahead) ? ahead : 1),
        ]
      continue
    }
    const [from, into] = [old[at]!, fresh[to]!]
    let length = 1
    while (
      same(at + length, to + length) &&
      old[at + length]!.chapter === from.chapter &&
      fresh[to + length]!.chapter === into.chapter
    )
      length++
    runs.push([from.chapter, from.segment, into.chapter, into.segment, length])
    at += length
    to += length
  }
  return runs
}

/** The way back. */
export function reversedRuns(runs: readonly SegmentRun[]): SegmentRun[] {
  return runs
    .map(([from, at, to, into, length]): SegmentRun => [to, into, from, at, length])
    .toSorted(([one, at], [other, into]) => one - other || at - into)
}

/** Where a segment is in the other version; one that is gone: where what follows it there begins, else what precedes it. */
export function placeInRuns(runs: readonly SegmentRun[], { chapter, segment }: Place): Place | undefined {
  let before: Place | undefined
  for (const [from, at, to, into, length] of runs) {
    if (from < chapter || (from === chapter && at + length <= segment)) {
      before = { chapter: to, segment: into + length - 1 }
      continue
    }
    return { chapter: to, segment: from === chapter && at <= segment ? into + segment - at : into }
  }
  return before
}

function flat(chapters: readonly (readonly string[])[]): (Place & { readonly text: string })[] {
  return chapters.flatMap((texts, chapter) => texts.map((text, segment) => ({ chapter, segment, text })))
}
