import { expect, test } from 'vitest'
import { randomFrom, speechLike, withSilence } from '../../test/fixtures/speech-like.ts'
import { peakOf, toInt16, trimSilence } from './samples.ts'

const rate = 24_000

test('silence is trimmed at both ends except for a small margin', () => {
  const speech = speechLike(1, rate)
  const { samples, start } = trimSilence(withSilence(speech, 9_600, 14_400), rate)
  expect(start).toBeGreaterThan(9_600 - 0.02 * rate)
  expect(start).toBeLessThanOrEqual(9_600 + 0.01 * rate)
  expect(samples.length).toBeLessThan(speech.length + 0.06 * rate)
})

test('the kept samples are unchanged except for the fades in their margins', () => {
  const speech = speechLike(1, rate)
  const { samples, start } = trimSilence(withSilence(speech, 9_600, 14_400), rate)
  const shift = 9_600 - start
  expect(samples.subarray(shift + 240, shift + 20_000)).toEqual(speech.subarray(240, 20_000))
})

test('a soft consonant at the start, 45 dB under the vowel, is kept', () => {
  const random = randomFrom(7)
  const samples = withSilence(speechLike(1, rate), 4_800, 4_800)
  const softly = peakOf(samples) * 10 ** (-45 / 20)
  for (let i = 2_400; i < 4_800; i++) samples[i] = softly * (random() * 2 - 1)
  expect(trimSilence(samples, rate).start).toBeLessThanOrEqual(2_400)
})

test('a faint hum around the speech is treated as silence', () => {
  const random = randomFrom(9)
  const samples = withSilence(speechLike(1, rate), 9_600, 9_600).map((x) => x + 2e-5 * (random() - 0.5))
  expect(trimSilence(samples, rate).start).toBeGreaterThan(9_000)
})

test('speech without silence is not trimmed', () => {
  const samples = speechLike(0.5, rate).fill(0.1)
  expect(trimSilence(samples, rate)).toMatchObject({ start: 0, samples: { length: samples.length } })
})

test('silence alone gives no samples', () => {
  expect(trimSilence(new Float32Array(24_000), rate).samples).toHaveLength(0)
})

test('the input is not modified', () => {
  const samples = withSilence(speechLike(0.3, rate), 2_000, 2_000)
  const before = samples.slice()
  trimSilence(samples, rate)
  expect(samples).toEqual(before)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d is refused', (broken) => {
  const samples = speechLike(0.1, rate)
  samples[99] = broken
  expect(() => trimSilence(samples, rate)).toThrow(`Sample 99 is ${broken}`)
})

test('no samples at all are refused', () => {
  expect(() => trimSilence(new Float32Array(0), rate)).toThrow('no samples')
})

test('conversion to 16 bits rounds samples, and clips them beyond full scale', () => {
  const samples = Float32Array.of(0, 1.4 / 32768, 1.6 / 32768, -1.6 / 32768, 0.999999, 1, -1, 3, -3)
  expect(toInt16(samples)).toEqual(Int16Array.of(0, 1, 2, -2, 32767, 32767, -32768, 32767, -32768))
})
