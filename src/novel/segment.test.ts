import { expect, test } from 'vitest'
import { sourceRange } from './segment.ts'

test('a range of the spoken text is found again in the words of the book', () => {
  // "It cost $5.50 then." is spoken "It cost 5 dollars 50 then."
  const segment = { start: 100, end: 119, edits: [[8, 13, 8, 20]] as const }
  expect(sourceRange(segment, 0, 2)).toEqual({ start: 100, end: 102 })
  expect(sourceRange(segment, 8, 9)).toEqual({ start: 108, end: 113 })
  expect(sourceRange(segment, 10, 17)).toEqual({ start: 108, end: 113 })
  expect(sourceRange(segment, 21, 25)).toEqual({ start: 114, end: 118 })
})
