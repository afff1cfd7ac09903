import { expect, test } from 'vitest'
import { gaussianTable, normalNoise, seedNumber, uniformNoise } from './seeded-noise.ts'

test('the table has the mean and variance of the standard normal distribution', () => {
  const sum = gaussianTable.reduce((total, value) => total + value, 0)
  const squares = gaussianTable.reduce((total, value) => total + value * value, 0)
  expect(sum / gaussianTable.length).toBeCloseTo(0, 5)
  expect(squares / gaussianTable.length).toBeCloseTo(1, 2)
})

test('the same seed gives the same number, another seed another', () => {
  expect(seedNumber('a')).toBe(seedNumber('a'))
  expect(seedNumber('a')).not.toBe(seedNumber('b'))
  expect(seedNumber('')).not.toBe(0)
})

test.each([
  ['normal', normalNoise, 0, 1],
  ['uniform', uniformNoise, 0.5, 1 / 12],
] as const)('%s noise has its mean and variance, and its seed decides it', (_, noise, mean, variance) => {
  const values = noise(100_001, 'seed')
  const average = values.reduce((total, value) => total + value, 0) / values.length
  const spread = values.reduce((total, value) => total + (value - average) ** 2, 0) / values.length
  expect(average).toBeCloseTo(mean, 1)
  expect(spread).toBeCloseTo(variance, 1)
  expect(noise(100_001, 'seed')).toEqual(values)
  expect(noise(100_001, 'other')).not.toEqual(values)
  expect(noise(3, 'seed')).toEqual(values.subarray(0, 3))
})
