import { expect, test } from 'vitest'
import { addHeardRange, countHeard, type HeardRanges, moveHeardRanges, sourceRange } from './segment.ts'

test('a range of the spoken text maps back to the source text', () => {
  // "It cost $5.50 then." is spoken "It cost 5 dollars 50 then."
  const segment = { start: 100, end: 119, edits: [[8, 13, 8, 20]] as const }
  expect(sourceRange(segment, 0, 2)).toEqual({ start: 100, end: 102 })
  expect(sourceRange(segment, 8, 9)).toEqual({ start: 108, end: 113 })
  expect(sourceRange(segment, 10, 17)).toEqual({ start: 108, end: 113 })
  expect(sourceRange(segment, 21, 25)).toEqual({ start: 114, end: 118 })
})

test('ranges that touch or overlap are merged, others stay separate and in order', () => {
  const ranges: HeardRanges = [
    [2, 4],
    [10, 12],
  ]
  expect(addHeardRange([], 3, 3)).toEqual([[3, 3]])
  expect(addHeardRange(ranges, 5, 6)).toEqual([
    [2, 6],
    [10, 12],
  ])
  expect(addHeardRange(ranges, 6, 8)).toEqual([
    [2, 4],
    [6, 8],
    [10, 12],
  ])
  expect(addHeardRange(ranges, 3, 11)).toEqual([[2, 12]])
  expect(addHeardRange(ranges, 0, 20)).toEqual([[0, 20]])
  expect(addHeardRange(ranges, 2, 4)).toEqual(ranges)
})

test('ranges added in any order hold exactly the segments heard', () => {
  let seed = 1
  const random = (below: number) => (seed = (seed * 16807) % 2147483647) % below
  for (let round = 0; round < 200; round++) {
    const heard = new Set<number>()
    let ranges: HeardRanges = []
    for (let step = 0; step < 12; step++) {
      const from = random(40)
      const to = from + random(6)
      for (let at = from; at <= to; at++) heard.add(at)
      ranges = addHeardRange(ranges, from, to)
    }
    expect(countHeard(ranges)).toBe(heard.size)
    for (const [at, [from, to]] of ranges.entries()) {
      expect(to).toBeGreaterThanOrEqual(from)
      if (at > 0) expect(from).toBeGreaterThan(ranges[at - 1]![1] + 1)
    }
  }
})

test('a range moves with its segments; segments inserted within it are not heard', () => {
  const ranges: HeardRanges = [
    [0, 4],
    [7, 9],
  ]
  expect(moveHeardRanges(ranges, { at: 3, removed: 0, added: 2 })).toEqual([
    [0, 2],
    [5, 6],
    [9, 11],
  ])
  expect(moveHeardRanges(ranges, { at: 3, removed: 2, added: 1 })).toEqual([
    [0, 2],
    [6, 8],
  ])
  expect(moveHeardRanges(ranges, { at: 0, removed: 0, added: 1 })).toEqual([
    [1, 5],
    [8, 10],
  ])
})
