import { expect, test } from 'vitest'
import { isWithin, numberRanges } from './number-ranges.ts'

test('ranges and single numbers are read, with whatever dash and comma a phone has', () => {
  expect(numberRanges('100-200, 305')).toEqual([
    [100, 200],
    [305, 305],
  ])
  expect(numberRanges(' 100 – 200 ；305 ')).toEqual([
    [100, 200],
    [305, 305],
  ])
  expect(numberRanges('200—100')).toEqual([[100, 200]])
  expect(numberRanges('12-')).toEqual([[12, Infinity]])
  expect(numberRanges('-3')).toEqual([[0, 3]])
  expect(numberRanges('1, 2 3')).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ])
  expect(numberRanges('1-3,')).toEqual([[1, 3]])
})

test('anything else is a title', () => {
  for (const text of ['', 'storm', '1984', 'catch 22', '3 men', 'a-b', '-', ','])
    expect(numberRanges(text), text).toBeUndefined()
})

test('a number lies within its ranges, ends included', () => {
  const ranges = numberRanges('2-4, 9') ?? []
  expect([1, 2, 3, 4, 5, 9].filter((number) => isWithin(number, ranges))).toEqual([2, 3, 4, 9])
})
