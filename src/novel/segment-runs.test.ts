import { expect, test } from 'vitest'
import { matchSegments, placeInRuns, reversedRuns } from './segment-runs.ts'

test('segments are found again in chapters that were cut differently', () => {
  const runs = matchSegments(
    [['a', 'b', 'c', 'd']],
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  )
  expect(runs).toEqual([
    [0, 0, 0, 0, 2],
    [0, 2, 1, 0, 2],
  ])
  expect(placeInRuns(runs, { chapter: 0, segment: 3 })).toEqual({ chapter: 1, segment: 1 })
  expect(placeInRuns(reversedRuns(runs), { chapter: 1, segment: 1 })).toEqual({ chapter: 0, segment: 3 })
})

test('segments are found again behind whatever is added before them', () => {
  const added = Array.from({ length: 1000 }, (_, at) => `n${at}`)
  expect(matchSegments([['a', 'b']], [[...added, 'a', 'b']])).toEqual([[0, 0, 0, 1000, 2]])
  expect(matchSegments([[...added, 'a', 'b']], [['a', 'b']])).toEqual([[0, 1000, 0, 0, 2]])
})

test('what is new or gone is passed over, and a place in it goes to what follows', () => {
  const runs = matchSegments([['a', 'x', 'y', 'b'], ['c']], [['n', 'a', 'b', 'z', 'c']])
  expect(runs).toEqual([
    [0, 0, 0, 1, 1],
    [0, 3, 0, 2, 1],
    [1, 0, 0, 4, 1],
  ])
  expect(placeInRuns(runs, { chapter: 0, segment: 1 })).toEqual({ chapter: 0, segment: 2 })
  expect(placeInRuns([], { chapter: 0, segment: 1 })).toBeUndefined()
  expect(placeInRuns([[0, 0, 0, 0, 2]], { chapter: 0, segment: 5 })).toEqual({ chapter: 0, segment: 1 })
  expect(matchSegments([['a', 'q', 'c']], [['a', 'r', 'c']])).toEqual([
    [0, 0, 0, 0, 1],
    [0, 2, 0, 2, 1],
  ])
})
