import { expect, test } from 'vitest'
import { randomFrom, sine, speechLike } from '../../../test/fixtures/speech-like.ts'
import { amplify, peakOf } from '../samples.ts'
import { limitPeaks } from './limiter.ts'

const rate = 24_000
const justAbove = 1.000001

test('no sample is above the ceiling, however loud the input', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const samples = amplify(speechLike(0.5, rate, seed), seed)
    expect(peakOf(limitPeaks(samples, rate, 0.6))).toBeLessThanOrEqual(0.6 * justAbove)
  }
})

test('lone clicks at any place are caught, the first and the last sample too', () => {
  const random = randomFrom(3)
  for (let trial = 0; trial < 50; trial++) {
    const samples = new Float32Array(500 + Math.floor(random() * 500)).fill(0.3)
    for (const at of [0, samples.length - 1, Math.floor(random() * samples.length)]) samples[at] = -3
    expect(peakOf(limitPeaks(samples, rate, 0.5))).toBeLessThanOrEqual(0.5 * justAbove)
  }
})

test('audio without peaks is returned unchanged', () => {
  const samples = sine(440, -10, 0.2, rate)
  expect(limitPeaks(samples, rate, 0.5)).toBe(samples)
})

test('samples far from a peak are unchanged', () => {
  const samples = sine(440, -20, 3, rate)
  samples[36_000] = 1
  const limited = limitPeaks(samples, rate, 0.5)
  expect(limited.subarray(0, 35_500)).toEqual(samples.subarray(0, 35_500))
  expect(limited.subarray(66_000)).toEqual(samples.subarray(66_000))
  expect(limited[36_000]).toBeCloseTo(0.5, 6)
})

test('the gain moves smoothly: a steady level never jumps from one sample to the next', () => {
  const samples = new Float32Array(24_000).fill(0.4)
  samples[12_000] = 2
  const limited = limitPeaks(samples, rate, 0.5)
  for (let i = 1; i < limited.length; i++) {
    if (i === 12_000 || i === 12_001) continue
    expect(Math.abs(limited[i]! - limited[i - 1]!)).toBeLessThan(0.003)
  }
})

test('the input is not modified', () => {
  const samples = amplify(speechLike(0.3, rate), 9)
  const before = samples.slice()
  limitPeaks(samples, rate, 0.5)
  expect(samples).toEqual(before)
})
