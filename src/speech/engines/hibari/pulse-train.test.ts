import { expect, test } from 'vitest'
import { pulseTrain } from './pulse-train.ts'

test('a steady pitch gives the sum of its harmonics up to 11 kHz', () => {
  const { samples } = pulseTrain(new Float32Array(4).fill(200), 0)
  for (let index = 0; index < samples.length; index += 7) {
    let sum = 0
    for (let h = 1; h <= 55; h++) sum += Math.cos((2 * Math.PI * h * 200 * (index + 1)) / 24_000)
    expect(samples[index]).toBeCloseTo(sum, 2)
  }
})

test('below 40 Hz there are no pulses, and the frames are unvoiced', () => {
  const { samples, voiced } = pulseTrain(Float32Array.of(0, 0, 0, 150, 150, 150, 0, 0, 0), 600)
  expect(samples).toHaveLength(9 * 300 + 1200)
  expect([...voiced]).toEqual([0, 0, 1, 1, 1, 1, 1, 0, 0])
  expect(samples.subarray(0, 600 + 2 * 300).every((value) => value === 0)).toBe(true)
  expect(samples.subarray(600 + 7 * 300).every((value) => value === 0)).toBe(true)
})
