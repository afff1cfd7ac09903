import { expect, test } from 'vitest'
import { figure, median, percentile, sum } from './figures.ts'

test('the 99th percentile of 500 values leaves five above it', () => {
  const values = Array.from({ length: 500 }, (_, index) => 500 - index)
  expect(percentile(values, 0.99)).toBe(495)
})

test('a percentile is one of the values, including the first and the last', () => {
  expect(percentile([3, 1, 2], 0)).toBe(1)
  expect(percentile([3, 1, 2], 1)).toBe(3)
  expect(percentile([7], 0.99)).toBe(7)
})

test('the median of an even number of values is the mean of the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('values are not reordered', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
})

test('an empty list has no percentile, and its sum is 0', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError)
  expect(sum([])).toBe(0)
})

test('figures are rounded to significant digits', () => {
  expect([0.044, 1.234, 12.34, 123.4].map(figure)).toEqual(['0.04', '1.23', '12.3', '123'])
})
