import { expect, test } from 'vitest'
import { wordAt, wordsOf } from './word-times.ts'

const word = (start: number, from: number, to: number) => ({ start, end: start + 3, from, to })

test('the word is the last that began, also in the pause after it; before the first there is none', () => {
  const words = [word(0, 0.1, 0.4), word(4, 0.4, 0.7), word(8, 1.2, 1.5)]
  expect([0.05, 0.1, 0.39, 0.4, 1.1, 1.2, 9].map((at) => wordAt(words, at)?.start)).toEqual([
    undefined,
    0,
    0,
    4,
    4,
    8,
    8,
  ])
  expect(wordAt([], 1)).toBeUndefined()
})

test('it is found in any list as by looking through all of it', () => {
  for (let count = 1; count < 40; count++) {
    const words = Array.from({ length: count }, (_, at) => word(at * 4, at * 0.3, at * 0.3 + 0.2))
    for (let time = -0.1; time < count * 0.3 + 1; time += 0.07)
      expect(wordAt(words, time)).toBe(words.findLast(({ from }) => from <= time))
  }
})

test('times of the chapter become times of the segment', () => {
  const segment = { index: 3, block: 0, start: 10, end: 20, spoken: '', ready: true, from: 100, seconds: 2 }
  expect(wordsOf({ ...segment, words: [word(10, 100.5, 101)] })).toEqual([word(10, 0.5, 1)])
  expect(wordsOf(segment)).toBeUndefined()
})
