import { expect, test } from 'vitest'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { keepAhead } from './keep-ahead.ts'

const chapters = Array.from({ length: 20 }, (_, at) => ({
  number: at + 1,
  // The fifth is left out of the narration, the eighth has nothing to say.
  narrated: at + 1 !== 5,
  segmentsTotal: at + 1 === 8 ? 0 : 10,
})) as ChapterListed[]

const byRule = (...numbers: number[]) => numbers.map((number) => ({ number, byHand: false }))

test('the chapter of the listener and the next ones that are narrated are kept', () => {
  expect(keepAhead(3, { chapterNumber: 4 }, chapters, [])).toEqual({ add: [4, 6, 7, 9], remove: [] })
})

test('of a book that is not begun it is the first ones', () => {
  expect(keepAhead(2, undefined, chapters, []).add).toEqual([1, 2])
})

test('a chapter that was heard to its end is not needed any more', () => {
  const heard = chapters.map((each) => (each.number === 4 ? { ...each, finished: true as const } : each))
  expect(keepAhead(1, { chapterNumber: 4 }, heard, byRule(4))).toEqual({ add: [6], remove: [4] })
})

test('what the rule kept is let go behind the listener, what was kept by hand stays', () => {
  const kept = [...byRule(1, 2), { number: 3, byHand: true }, ...byRule(10)]
  expect(keepAhead(2, { chapterNumber: 9 }, chapters, kept)).toEqual({ add: [9, 11], remove: [1, 2] })
})

test('without the rule nothing is added, and what it kept is let go', () => {
  const kept = [...byRule(1), { number: 2, byHand: true }]
  expect(keepAhead(0, { chapterNumber: 1 }, chapters, kept)).toEqual({ add: [], remove: [1] })
})
