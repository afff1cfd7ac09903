import { expect, test } from 'vitest'
import { asRanges } from './heard-marks.ts'

test('chapters that follow each other are one range, in whatever order they were ticked', () => {
  expect(asRanges([7, 3, 1, 2, 9, 8])).toEqual([
    { from: 1, to: 3 },
    { from: 7, to: 9 },
  ])
  expect(asRanges([5])).toEqual([{ from: 5, to: 5 }])
  expect(asRanges([])).toEqual([])
})
