import { expect, test } from 'vitest'
import type { ReviewedChapter } from '../../src/http/contract/review-contract.ts'
import { partRuns, placeBeside, reviewRows, selectedRange } from './review-rows.ts'

const chapters = ['One', 'One', undefined, 'Zwei', 'Zwei', 'Zwei'].map((part, at): ReviewedChapter => ({
  number: at + 1,
  title: `Tháng ${at + 1}`,
  ...(part !== undefined && { part }),
  matter: 'body',
  narrated: true,
  reason: 'story',
  characters: 1,
  segments: 1,
  firstWords: '',
}))

const shown = (search: string) =>
  reviewRows(chapters, search).map((row) => (row.kind === 'part' ? row.run.title : row.chapter.number))

test('each part has a row above its chapters, a search has none', () => {
  expect(shown('')).toEqual(['One', 1, 2, 3, 'Zwei', 4, 5, 6])
  expect(shown('2-3, 6')).toEqual([2, 3, 6])
  expect(shown('thang 4')).toEqual([4])
  expect(shown('zwei')).toEqual([4, 5, 6])
  expect(shown('5')).toEqual([5])
})

test('a part changes places with what stands beside it', () => {
  const runs = partRuns(chapters)
  expect(runs.map(({ first, last }) => [first, last])).toEqual([
    [1, 2],
    [3, 3],
    [4, 6],
  ])
  expect([placeBeside(runs, 1, -1), placeBeside(runs, 1, 1), placeBeside(runs, 4, -1)]).toEqual([
    undefined,
    2,
    3,
  ])
  expect(placeBeside(runs, 4, 1)).toBeUndefined()
})

test('a range is only what has nothing between', () => {
  expect(selectedRange(new Set([4, 3, 5]))).toEqual({ first: 3, last: 5 })
  expect(selectedRange(new Set([3, 5]))).toBeUndefined()
  expect(selectedRange(new Set())).toBeUndefined()
})
