/** Texts `[from, from + length)` of one version are `[to, to + length)` of the other. */
export interface AlignedRun {
  readonly from: number
  readonly to: number
  readonly length: number
}

interface Range {
  readonly from: number
  readonly fromEnd: number
  readonly to: number
  readonly toEnd: number
}

/**
 * What two versions of a text have in common, in order; the same number means the same text. Begin and end that are the same
 * belong together, then what occurs once in each version and stands in the same order (patience diff, by the longest
 * increasing subsequence over unique lines), then the same between these. O(n log n): where nothing occurs once nothing is aligned.
 */
export function alignTexts(before: readonly number[], after: readonly number[]): AlignedRun[] {
  const runs: AlignedRun[] = []
  const open: Range[] = [{ from: 0, fromEnd: before.length, to: 0, toEnd: after.length }]
  const add = (from: number, to: number, length: number): void => {
    if (length > 0) runs.push({ from, to, length })
  }
  for (let range = open.pop(); range; range = open.pop()) {
    let { from, fromEnd, to, toEnd } = range
    const [first, firstTo] = [from, to]
    while (from < fromEnd && to < toEnd && before[from] === after[to]) {
      from++
      to++
    }
    add(first, firstTo, from - first)
    const end = fromEnd
    while (fromEnd > from && toEnd > to && before[fromEnd - 1] === after[toEnd - 1]) {
      fromEnd--
      toEnd--
    }
    add(fromEnd, toEnd, end - fromEnd)
    if (from === fromEnd || to === toEnd) continue
    let [at, into] = [from, to]
    const anchors = anchorsIn(before, after, { from, fromEnd, to, toEnd })
    if (anchors.length === 0) continue
    for (const [place, other] of anchors) {
      open.push({ from: at, fromEnd: place, to: into, toEnd: other })
      add(place, other, 1)
      ;[at, into] = [place + 1, other + 1]
    }
    open.push({ from: at, fromEnd, to: into, toEnd })
  }
  return joined(runs.toSorted((one, other) => one.from - other.from))
}

/** Places of texts that occur once in each range, in an order that is that of both. */
function anchorsIn(
  before: readonly number[],
  after: readonly number[],
  { from, fromEnd, to, toEnd }: Range,
): (readonly [from: number, to: number])[] {
  const here = onlyOnce(before, from, fromEnd)
  const there = onlyOnce(after, to, toEnd)
  const pairs: (readonly [number, number])[] = []
  for (const [text, at] of here) {
    const other = there.get(text) ?? -1
    if (at >= 0 && other >= 0) pairs.push([at, other])
  }
  return increasing(pairs.toSorted(([one], [other]) => one - other))
}

function onlyOnce(texts: readonly number[], from: number, end: number): ReadonlyMap<number, number> {
  const places = new Map<number, number>()
  for (let at = from; at < end; at++) places.set(texts[at]!, places.has(texts[at]!) ? -1 : at)
  return places
}

/** The longest subsequence of pairs, ordered by their first, in which the second increases too. */
function increasing(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  /** Of each length the pair that ends such a subsequence with the least second. */
  const ends: number[] = []
  const previous = new Int32Array(pairs.length).fill(-1)
  for (const [index, [, to]] of pairs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[ends[middle]!]![1] < to) low = middle + 1
      else high = middle
    }
    if (low > 0) previous[index] = ends[low - 1]!
    ends[low] = index
  }
  const found: (readonly [number, number])[] = []
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index]!) found.push(pairs[index]!)
  return found.toReversed()
}

function joined(runs: readonly AlignedRun[]): AlignedRun[] {
  const all: AlignedRun[] = []
  for (const run of runs) {
    const last = all.at(-1)
    if (last && last.from + last.length === run.from && last.to + last.length === run.to)
      all[all.length - 1] = { ...last, length: last.length + run.length }
    else all.push(run)
  }
  return all
}

/** What stands between the runs: `[from, fromEnd)` of one version is `[to, toEnd)` of the other. */
export function gapsBetween(
  runs: readonly AlignedRun[],
  { before, after }: { readonly before: number; readonly after: number },
): Range[] {
  const gaps: Range[] = []
  let [from, to] = [0, 0]
  for (const run of [...runs, { from: before, to: after, length: 0 }]) {
    if (run.from > from || run.to > to) gaps.push({ from, fromEnd: run.from, to, toEnd: run.to })
    ;[from, to] = [run.from + run.length, run.to + run.length]
  }
  return gaps
}
