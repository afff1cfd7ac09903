import { expect, test } from 'vitest'
import { spokenNovel, type SpokenNovel, spokenSince, visitNow } from './spoken-since.ts'

const night = 8 * 3_600_000
const novel = (id: string, segmentsDone: number, chaptersDone: number): SpokenNovel => ({
  id,
  title: `Book ${id}`,
  segmentsDone,
  chaptersDone,
})

test('a night of work is told in chapters', () => {
  const evening = visitNow([novel('a', 100, 2), novel('b', 0, 0)], 0)
  const morning = [novel('a', 900, 10), novel('b', 700, 6)]
  expect(spokenSince(evening, morning, night)).toBe('Spoken while you were away: 14 chapters.')
})

test('a single book is named, and an unfinished chapter is told in sentences', () => {
  const evening = visitNow([novel('a', 100, 2), novel('b', 50, 1)], 0)
  expect(spokenSince(evening, [novel('a', 130, 2), novel('b', 50, 1)], night)).toBe(
    'Spoken while you were away: 30 sentences of Book a.',
  )
  expect(spokenSince(evening, [novel('a', 130, 3), novel('b', 50, 1)], night)).toBe(
    'Spoken while you were away: 1 chapter of Book a.',
  )
})

test('a book that came from another device counts from nothing', () => {
  expect(spokenSince(visitNow([], 0), [novel('c', 10, 1)], night)).toBe(
    'Spoken while you were away: 1 chapter of Book c.',
  )
})

test('nothing is said on the first visit, after a short walk, or when nothing was spoken', () => {
  const evening = visitNow([novel('a', 100, 2)], 0)
  expect(spokenSince(undefined, [novel('a', 900, 10)], night)).toBeUndefined()
  expect(spokenSince(evening, [novel('a', 900, 10)], 60_000)).toBeUndefined()
  expect(spokenSince(evening, [novel('a', 100, 2)], night)).toBeUndefined()
  expect(spokenSince(evening, [novel('a', 20, 0)], night)).toBeUndefined()
})

test('chapters that are spoken to the end count, as far as they are read out of the book', () => {
  const novel = { id: 'a', title: 'A', chaptersNarrated: 3 }
  expect(spokenNovel({ ...novel, segmentsDone: 0 }).chaptersDone).toBe(0)
  expect(spokenNovel({ ...novel, segmentsDone: 9 }).chaptersDone).toBe(3)
  const part = { segments: 9, done: 5, setAside: 0, heard: 0 }
  const ribbon = [
    { ...part, chapterNumber: 1, chapters: 2, complete: 1 },
    { ...part, chapterNumber: 4, chapters: 1, complete: 0 },
  ]
  expect(spokenNovel({ ...novel, segmentsDone: 10, ribbon }).chaptersDone).toBe(1)
})
