import { expect, test } from 'vitest'
import { figure, median, percentile, sum } from './figures.ts'

test('the 99th percentile of 500 values leaves five above it', () => {
  const values = Array.from({ length: 500 }, (_, index) => 500 - index)
  expect(percentile(values, 0.99)).toBe(495)
})

test('a percentile is one of the values, the first and the last among them', () => {
  expect(percentile([3, 1, 2], 0)).toBe(1)
  expect(percentile([3, 1, 2], 1)).toBe(3)
  expect(percentile([7], 0.99)).toBe(7)
})

test('the median of an even number is halfway between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

test('values keep the order they came in', () => {
  const values = [3, 1, 2]
  median(values)
  expect(values).toEqual([3, 1, 2])
})

test('nothing has no percentile, and adds up to nothing', () => {
  expect(() => percentile([], 0.5)).toThrow(RangeError)
  expect(sum([])).toBe(0)
})

test('figures have as many decimals as they deserve', () => {
  expect([0.044, 1.234, 12.34, 123.4].map(figure)).toEqual(['0.04', '1.23', '12.3', '123'])
})
