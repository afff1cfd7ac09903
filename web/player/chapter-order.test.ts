import { expect, test } from 'vitest'
import type { ChapterListed } from '../../src/http/contract/novel-contract.ts'
import { canBeHeard, chapterAfter, chapterBefore, chapterToHear, isToBeAskedFor } from './chapter-order.ts'
import { waitingWords } from './waiting-words.ts'

const chapter = (number: number, more: Partial<ChapterListed> = {}): ChapterListed => ({
  number,
  title: '',
  matter: 'body',
  characters: 1,
  narrated: true,
  status: 'none',
  segmentsDone: 0,
  segmentsTotal: 10,
  segmentsHeard: 0,
  ...more,
})

test('what is left out of the narration, or has nothing to say, is passed over', () => {
  const book = [chapter(1), chapter(2, { narrated: false }), chapter(3, { segmentsTotal: 0 }), chapter(4)]
  expect(chapterAfter(book, 1)?.number).toBe(4)
  expect(chapterAfter(book, 4)).toBeUndefined()
  expect(chapterBefore(book, 4)?.number).toBe(1)
  expect(chapterBefore(book, 1)).toBeUndefined()
})

test('listening goes on where it was left, else it begins with the first chapter that is narrated', () => {
  const book = [chapter(1, { narrated: false }), chapter(2), chapter(3)]
  expect(chapterToHear({}, book)?.number).toBe(2)
  expect(chapterToHear({ position: { chapterNumber: 3 } }, book)?.number).toBe(3)
  expect(chapterToHear({ position: { chapterNumber: 9 } }, book)?.number).toBe(2)
  expect(chapterToHear({}, [])).toBeUndefined()
})

test('only what does not come by itself has to be asked for', () => {
  const asked = (status: ChapterListed['status'], segmentsDone = 0) =>
    isToBeAskedFor({ status, segmentsDone })
  expect(
    ['none', 'cancelled', 'paused'].map((status) => asked(status as ChapterListed['status'], 3)),
  ).toEqual([true, true, true])
  expect(
    ['pending', 'running', 'completed'].map((status) => asked(status as ChapterListed['status'])),
  ).toEqual([false, false, false])
  // What was set aside was tried; there is something to hear without it, or there is not.
  expect(asked('failed', 9)).toBe(false)
  expect(asked('failed', 0)).toBe(true)
})

test('who may not have a chapter spoken hears what is spoken of it, or comes by itself', () => {
  const heard = (more: Partial<ChapterListed>) =>
    [true, false].map((may) => canBeHeard(chapter(1, more), may))
  expect(heard({})).toEqual([true, false])
  expect(heard({ segmentsDone: 1 })).toEqual([true, true])
  expect(heard({ status: 'pending' })).toEqual([true, true])
  expect(heard({ segmentsTotal: 0, status: 'completed' })).toEqual([false, false])
})

test('waiting says why, and offers help only where help is needed', () => {
  expect(waitingWords('running', true)).toMatchObject({
    ask: false,
    words: expect.stringContaining('next sentence'),
  })
  expect(waitingWords('none', true).ask).toBe(true)
  expect(waitingWords('paused', true).words).toContain('paused')
  expect(waitingWords('none', false)).toMatchObject({
    ask: false,
    words: expect.stringContaining('by itself'),
  })
})
