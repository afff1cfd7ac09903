import { expect, test } from 'vitest'
import { sine } from '../../../test/fixtures/speech-like.ts'
import { resample } from './ffmpeg.ts'

test.each([8_000, 16_000, 22_050, 44_100, 48_000])(
  'a tone at %d Hz is the same tone at 24 kHz, in step',
  (rate) => {
    const samples = resample(sine(440, -6, 1.5, rate), rate, 24_000)
    const ideal = sine(440, -6, 1.5, 24_000)
    expect(samples).toHaveLength(36_000)
    let worst = 0
    // The ends are excluded: there the filter reaches beyond the signal.
    for (let i = 500; i < 35_500; i++) worst = Math.max(worst, Math.abs(samples[i]! - ideal[i]!))
    expect(worst).toBeLessThan(0.002)
  },
)

test('a few samples are resampled too', () => {
  expect(resample(sine(440, -6, 0.002, 22_050), 22_050, 24_000)).toHaveLength(48)
})

test('the same samples give the same result, whatever was resampled before', () => {
  const once = resample(sine(300, -6, 0.5, 22_050), 22_050, 24_000)
  resample(sine(2_000, -1, 0.7, 22_050), 22_050, 24_000)
  expect(resample(sine(300, -6, 0.5, 22_050), 22_050, 24_000)).toEqual(once)
})

test('samples at the target rate are returned unchanged', () => {
  const samples = sine(440, -6, 0.1, 24_000)
  expect(resample(samples, 24_000, 24_000)).toBe(samples)
})
