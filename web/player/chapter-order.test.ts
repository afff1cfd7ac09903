import { expect, test } from 'vitest'
import type { ChapterListed } from '../../src/http/contract.ts'
import { canBeHeard, chapterAfter } from './chapter-order.ts'
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
})

test('a chapter is entered when some of it is spoken, or will be', () => {
  expect(canBeHeard(chapter(1, { segmentsDone: 2 }))).toBe(true)
  expect(canBeHeard(chapter(1, { segmentsDone: 1, segmentsTotal: 1, status: 'completed' }))).toBe(true)
  expect(canBeHeard(chapter(1, { status: 'pending' }))).toBe(true)
  expect(canBeHeard(chapter(1))).toBe(false)
})

test('a heading that another book had spoken is not yet a chapter to hear', () => {
  expect(canBeHeard(chapter(1, { segmentsDone: 1 }))).toBe(false)
  expect(canBeHeard(chapter(1, { segmentsDone: 1, status: 'running' }))).toBe(true)
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
