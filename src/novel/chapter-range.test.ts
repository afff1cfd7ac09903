import { expect, test } from 'vitest'
import { formatChapters, parseChapters } from './chapter-range.ts'

test('chapters are listed as numbers and ranges, in any order, each once', () => {
  expect(parseChapters('7, 1-3 ,2-4')).toEqual([1, 2, 3, 4, 7])
  expect(parseChapters('5')).toEqual([5])
  expect(parseChapters(Array(1000).fill('1-10000').join(','))).toHaveLength(10_000)
})

test.for(['', '0', '3-1', '1-', '-2', '1,,2', 'one', '1.5', '1-10001', '99999999999', '1;2'])(
  '"%s" is refused as a chapter list',
  (text) => {
    expect(() => parseChapters(text)).toThrow('write them as 1-3,7')
  },
)

test('formatted ranges parse to the same chapters', () => {
  for (const text of ['1', '1-3,7', '2,4,6-9']) expect(formatChapters(parseChapters(text))).toBe(text)
})
