import { expect, test } from 'vitest'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { leftOfBook } from './time-left.ts'

const chapter = (number: number, more: Partial<ChapterListed> = {}): ChapterListed => ({
  number,
  title: '',
  matter: 'body',
  characters: 1600,
  narrated: true,
  status: 'none',
  segmentsDone: 0,
  segmentsTotal: 10,
  segmentsHeard: 0,
  ...more,
})

test('what is spoken counts by its length, the rest by its characters, what is left out not at all', () => {
  const book = [chapter(1), chapter(2), chapter(3, { narrated: false }), chapter(4)]
  expect(leftOfBook(book, 1, 30)).toBe(30 + 100 + 100)
  expect(leftOfBook(book, 1, 30, 4)).toBe(30 + 400 + 400)
  const slow = [chapter(1, { seconds: 200 }), chapter(2), chapter(3, { seconds: 50 })]
  // 250 seconds for 3,200 characters.
  expect(leftOfBook(slow, 1, 0)).toBe(125 + 50)
})
