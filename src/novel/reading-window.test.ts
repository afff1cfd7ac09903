import { expect, test } from 'vitest'
import { randomFrom } from '../../test/fixtures/speech-like.ts'
import { readingWindow } from './reading-window.ts'

const chapters = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ number: at + 1, narrated: 1, segmentCount: 10 }))
const numbers = (window: readonly { number: number }[]) => window.map(({ number }) => number)
const at = (chapterNumber: number, heard: readonly number[] = []) => ({
  chapterNumber,
  heard: new Map(heard.map((number) => [number, 10])),
})

test('the window is the chapter that is heard and so many after it; at first so many from the beginning', () => {
  expect(numbers(readingWindow(chapters(9), [], 3))).toEqual([1, 2, 3])
  expect(numbers(readingWindow(chapters(9), [at(4)], 3))).toEqual([4, 5, 6, 7])
  expect(numbers(readingWindow(chapters(9), [at(9)], 3))).toEqual([9])
  expect(numbers(readingWindow(chapters(9), [at(2), at(7)], 1))).toEqual([2, 3, 7, 8])
  expect(numbers(readingWindow(chapters(9), [at(1, [1, 2, 3])], 2))).toEqual([1, 4, 5])
})

test('what is not read out is not counted', () => {
  const some = chapters(8).map((chapter) => ({
    ...chapter,
    narrated: chapter.number % 2,
    segmentCount: chapter.number === 5 ? 0 : 10,
  }))
  expect(numbers(readingWindow(some, [at(2)], 2))).toEqual([3, 7])
})

test.each([1, 2])(
  'seed %i: never more than so many ahead of each, never less while there are any',
  (seed) => {
    const random = randomFrom(seed)
    const upTo = (count: number) => Math.floor(random() * count)
    for (let round = 0; round < 200; round++) {
      const all = chapters(1 + upTo(40)).map((chapter) => ({ ...chapter, narrated: random() < 0.8 ? 1 : 0 }))
      const heard = all.filter(() => random() < 0.3).map(({ number }) => number)
      const place = at(1 + upTo(all.length), heard)
      const ahead = 1 + upTo(10)
      const window = numbers(readingWindow(all, [place], ahead))
      const after = all.filter(
        ({ number, narrated }) => narrated === 1 && number > place.chapterNumber && !heard.includes(number),
      )
      expect(window.filter((number) => number !== place.chapterNumber)).toEqual(
        numbers(after.slice(0, ahead)),
      )
      expect(window.includes(place.chapterNumber)).toBe(all[place.chapterNumber - 1]!.narrated === 1)
    }
  },
)
