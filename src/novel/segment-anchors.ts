import type { SegmentRun } from './segment-runs.ts'

/** What is spoken in each segment of some chapters, as numbers: the same number, the same text. */
export type SpokenNumbers = readonly (readonly number[])[]

/** Segments in a row that are looked for at first: fewer recur by chance. */
const anchorLength = 3

/**
 * The segments that two versions of a whole novel have in common, wherever they stand: chapters may have been moved. Three
 * in a row that occur once in each version are an anchor, then single ones that do; from each the run is followed both
 * ways. Linear in the number of segments. In the order of the first version.
 */
export function matchMovedSegments(before: SpokenNumbers, after: SpokenNumbers): SegmentRun[] {
  const [old, fresh] = [flattened(before), flattened(after)]
  /** Of each segment of the first version its place in the second. */
  const placed = new Int32Array(old.texts.length).fill(-1)
  const taken = new Uint8Array(fresh.texts.length)
  const join = (at: number, to: number): boolean => {
    if (at < 0 || to < 0 || at >= placed.length || to >= taken.length) return false
    if (placed[at] !== -1 || taken[to] !== 0 || old.texts[at] !== fresh.texts[to]) return false
    placed[at] = to
    taken[to] = 1
    return true
  }
  for (const length of [anchorLength, 1]) {
    const [here, there] = [onlyOnce(old.texts, length), onlyOnce(fresh.texts, length)]
    for (const [key, at] of here) {
      const to = there.get(key) ?? -1
      if (at < 0 || to < 0) continue
      for (let step = 0; join(at + step, to + step);) step++
      for (let step = 1; join(at - step, to - step);) step++
    }
  }
  return runsOf(placed, old, fresh)
}

interface Flattened {
  readonly texts: readonly number[]
  readonly chapters: Int32Array
  readonly segments: Int32Array
}

function flattened(chapters: SpokenNumbers): Flattened {
  const texts = chapters.flat()
  const flat = { texts, chapters: new Int32Array(texts.length), segments: new Int32Array(texts.length) }
  let at = 0
  for (const [chapter, own] of chapters.entries())
    for (let segment = 0; segment < own.length; segment++, at++) {
      flat.chapters[at] = chapter
      flat.segments[at] = segment
    }
  return flat
}

/** The place of each sequence of so many texts; -1: it occurs more often. */
function onlyOnce(texts: readonly number[], length: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>()
  for (let at = 0; at + length <= texts.length; at++) {
    const key = length === 1 ? String(texts[at]) : texts.slice(at, at + length).join(' ')
    places.set(key, places.has(key) ? -1 : at)
  }
  return places
}

function runsOf(placed: Int32Array, old: Flattened, fresh: Flattened): SegmentRun[] {
  const runs: SegmentRun[] = []
  for (let at = 0; at < placed.length;) {
    const to = placed[at]!
    if (to < 0) {
      at++
      continue
    }
    let length = 1
    while (
      at + length < placed.length &&
      placed[at + length] === to + length &&
      old.chapters[at + length] === old.chapters[at] &&
      fresh.chapters[to + length] === fresh.chapters[to]
    )
      length++
    runs.push([old.chapters[at]!, old.segments[at]!, fresh.chapters[to]!, fresh.segments[to]!, length])
    at += length
  }
  return runs
}
