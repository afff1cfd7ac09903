import { expect, test } from 'vitest'
import { sine, speechLike } from '../../../test/fixtures/speech-like.ts'
import { amplify, concatenate } from '../samples.ts'
import { kWeighting, loudness, normalizationGain } from './loudness.ts'

/** EBU Tech 3341 feeds both channels of a stereo pair; one channel alone is half the power. */
const oneChannel = -10 * Math.log10(2)

function tone(decibels: number, seconds: number): Float32Array {
  return sine(1_000, decibels, seconds, 24_000)
}

/** To the precision of the standard's tables, without their last digits. */
function rounded(coefficients: readonly number[]): string[] {
  return coefficients.map((value) => value.toFixed(9))
}

test('the filters at 48 kHz are those of the tables in BS.1770-4', () => {
  const [shelf, highPass] = kWeighting(48_000)
  expect(rounded(shelf.b)).toEqual(rounded([1.53512485958697, -2.69169618940638, 1.19839281085285]))
  expect(rounded(shelf.a)).toEqual(rounded([-1.69065929318241, 0.73248077421585]))
  expect(rounded(highPass.b)).toEqual(rounded([1, -2, 1]))
  expect(rounded(highPass.a)).toEqual(rounded([-1.99004745483398, 0.99007225036621]))
})

test.each([16_000, 22_050, 24_000, 44_100, 48_000])('EBU Tech 3341, cases 1 and 2, at %d Hz', (rate) => {
  // At 1 kHz the filters of every rate agree to within the tolerance that EBU allows.
  expect(Math.abs(loudness(sine(1_000, -23, 20, rate), rate) - (-23 + oneChannel))).toBeLessThan(0.1)
  expect(Math.abs(loudness(sine(1_000, -33, 20, rate), rate) - (-33 + oneChannel))).toBeLessThan(0.1)
})

test('EBU Tech 3341, cases 3 to 5: quiet stretches are gated out', () => {
  const expected = -23 + oneChannel
  const third = concatenate([tone(-36, 10), tone(-23, 60), tone(-36, 10)])
  const fourth = concatenate([tone(-72, 10), tone(-36, 10), tone(-23, 60), tone(-36, 10), tone(-72, 10)])
  const fifth = concatenate([tone(-26, 20), tone(-20, 20.1), tone(-26, 20)])
  for (const samples of [third, fourth, fifth]) {
    expect(Math.abs(loudness(samples, 24_000) - expected)).toBeLessThan(0.1)
  }
})

test('a sine of 997 Hz at full scale in one channel is −3.01 LUFS, as BS.1770-4 says', () => {
  expect(loudness(sine(997, 0, 5, 48_000), 48_000)).toBeCloseTo(-3.01, 2)
})

test('silence has no loudness and no gain', () => {
  expect(loudness(new Float32Array(48_000), 24_000)).toBe(Number.NEGATIVE_INFINITY)
  expect(() => normalizationGain(new Float32Array(48_000), 24_000)).toThrow('Silence cannot be normalized')
})

test('audio shorter than a block is measured as one block', () => {
  expect(Math.abs(loudness(sine(1_000, -23, 0.2, 24_000), 24_000) - (-23 + oneChannel))).toBeLessThan(0.2)
})

test('with its normalization gain a voice is at −19 LUFS', () => {
  const samples = speechLike(10, 22_050, 5)
  expect(loudness(amplify(samples, normalizationGain(samples, 22_050)), 22_050)).toBeCloseTo(-19, 1)
})
