import { expect, test } from 'vitest'
import { type MeasuredChapter, timeLeft } from './time-left.ts'

const chapter = (number: number, more: Partial<MeasuredChapter> = {}): MeasuredChapter => ({
  number,
  narrated: true,
  characters: 1500,
  segmentCount: 10,
  segmentsHeard: 0,
  seconds: undefined,
  ...more,
})
const english = { language: 'en', speed: 1 }

test('what is spoken counts by its length, the rest by its characters, what is left out not at all', () => {
  const book = [chapter(1), chapter(2), chapter(3, { narrated: false }), chapter(4)]
  const left = { chapterNumber: 1, chapterSeconds: 70, seconds: 270, about: true, pace: 15 }
  expect(timeLeft(book, { chapterNumber: 1, seconds: 30 }, english)).toEqual(left)
  expect(timeLeft(book, undefined, { language: 'en', speed: 2 })).toMatchObject({ seconds: 150 })
  expect(timeLeft(book, undefined, { language: 'ja', speed: 1 })?.seconds).toBeCloseTo(4500 / 6.5)
  // 250 seconds for 3,000 characters.
  const slow = [chapter(1, { seconds: 200 }), chapter(2), chapter(3, { seconds: 50 })]
  expect(timeLeft(slow, { chapterNumber: 1, seconds: 200 }, english)).toMatchObject({
    chapterSeconds: 0,
    seconds: 125 + 50,
  })
  const spoken = [chapter(1, { seconds: 200 }), chapter(2, { seconds: 100 })]
  expect(timeLeft(spoken, { chapterNumber: 1, seconds: 250 }, english)).toMatchObject({
    chapterSeconds: 0,
    seconds: 100,
    about: false,
  })
})

test('without a place it begins with what was not heard, and nothing is left of what was heard', () => {
  const heard = { segmentsHeard: 10 }
  const book = [chapter(1, heard), chapter(2, { narrated: false }), chapter(3), chapter(4, heard)]
  expect(timeLeft(book, undefined, english)).toMatchObject({ chapterNumber: 3, seconds: 200 })
  expect(timeLeft([chapter(1, heard), chapter(2, heard)], undefined, english)).toBeUndefined()
  // A chapter that is not narrated can be listened to all the same.
  expect(timeLeft(book, { chapterNumber: 2, seconds: 0 }, english)).toMatchObject({ seconds: 300 })
  expect(timeLeft([], undefined, english)).toBeUndefined()
})
