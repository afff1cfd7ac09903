import { expect, test } from 'vitest'
import { matchMovedSegments } from './segment-anchors.ts'
import { placeInRuns, reversedRuns } from './segment-runs.ts'

test('chapters that were cut anew, merged or moved have the segments that they had', () => {
  expect(
    matchMovedSegments(
      [[1, 2, 3, 4, 5, 6]],
      [
        [9, 1, 2, 3],
        [8, 4, 5, 6],
      ],
    ),
  ).toEqual([
    [0, 0, 0, 1, 3],
    [0, 3, 1, 1, 3],
  ])
  const moved = matchMovedSegments(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [4, 5, 6],
      [1, 2, 3],
    ],
  )
  expect(moved).toEqual([
    [0, 0, 1, 0, 3],
    [1, 0, 0, 0, 3],
  ])
  expect(placeInRuns(moved, { chapter: 0, segment: 2 })).toEqual({ chapter: 1, segment: 2 })
  expect(placeInRuns(reversedRuns(moved), { chapter: 0, segment: 1 })).toEqual({ chapter: 1, segment: 1 })
  expect(matchMovedSegments([[1, 1, 1]], [[2]])).toEqual([])
  expect(matchMovedSegments([], [[2]])).toEqual([])
})

test('each segment is matched once, with one of the same text, and all of those that occur once', () => {
  let seed = 5
  const pick = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
  const cut = (texts: readonly number[]): number[][] => {
    const chapters: number[][] = [[]]
    for (const text of texts) {
      if (pick(6) === 0) chapters.push([])
      chapters.at(-1)!.push(text)
    }
    return chapters
  }
  for (let round = 0; round < 300; round++) {
    const texts = Array.from({ length: pick(60) }, (_, at) => (pick(3) === 0 ? pick(4) : 100 + at))
    const before = cut(texts)
    const after = cut(texts.flatMap((text) => (pick(9) === 0 ? [] : pick(9) === 0 ? [7, text] : [text])))
    const runs = matchMovedSegments(before, after)
    const [old, fresh] = [new Set<string>(), new Set<string>()]
    for (const [from, at, to, into, length] of runs)
      for (let step = 0; step < length; step++) {
        expect(before[from]![at + step]).toBe(after[to]![into + step])
        old.add(`${from}/${at + step}`)
        fresh.add(`${to}/${into + step}`)
      }
    const count = runs.reduce((sum, run) => sum + run[4], 0)
    expect([old.size, fresh.size]).toEqual([count, count])
    const left = new Set(after.flat())
    const sure = texts.filter((text) => text >= 100 && left.has(text)).length
    expect(count).toBeGreaterThanOrEqual(sure)
  }
})

test('a novel of which every sentence is the same is matched as fast as any', () => {
  const many = Array.from({ length: 200_000 }, () => 1)
  expect(matchMovedSegments([many], [many])).toEqual([])
})
