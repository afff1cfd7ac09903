import { expect, test } from 'vitest'
import { gaussianTable, seedNumber } from './seeded-noise.ts'

test('the table has the mean and variance of the standard normal distribution', () => {
  const sum = gaussianTable.reduce((total, value) => total + value, 0)
  const squares = gaussianTable.reduce((total, value) => total + value * value, 0)
  expect(sum / gaussianTable.length).toBeCloseTo(0, 5)
  expect(squares / gaussianTable.length).toBeCloseTo(1, 2)
})

test('the same seed is the same number, and another one is another', () => {
  expect(seedNumber('a')).toBe(seedNumber('a'))
  expect(seedNumber('a')).not.toBe(seedNumber('b'))
  expect(seedNumber('')).not.toBe(0)
})
