import { afterAll, expect, test } from 'vitest'
import { randomFrom, speechLike, withSilence } from '../../../test/fixtures/speech-like.ts'
import { type Clip, frameSamples, sampleRate } from '../../novel/clip.ts'
import { AacEncoder, decodeAdts } from '../codec/aac.ts'
import { adtsFrames } from '../codec/adts.ts'
import { headSamples, peakCeiling } from '../mastering-settings.ts'
import { peakOf } from '../samples.ts'
import { makeClip } from './clip-encoder.ts'
import { loudness, normalizationGain } from './loudness.ts'

const encoder = new AacEncoder()
afterAll(() => encoder.close())

function clipOf(
  samples: Float32Array,
  options: { gain?: number; leadSeconds?: number; pauseSeconds?: number; rate?: number } = {},
): Clip {
  const { gain = 1, leadSeconds, pauseSeconds = 0.25, rate = sampleRate } = options
  return makeClip({ samples, sampleRate: rate, words: [] }, { gain, leadSeconds, pauseSeconds }, encoder)
}

test('clips joined in any order decode to exactly the samples of each alone', () => {
  const clips = [1, 2, 3, 4, 5].map((seed) =>
    clipOf(withSilence(speechLike(0.6 + seed / 5, sampleRate, seed), 3_000, 5_000), {
      pauseSeconds: seed * 0.07,
    }),
  )
  const alone = clips.map((clip) => decodeAdts(clip.adts))
  for (const order of [
    [0, 1, 2, 3, 4],
    [4, 2, 0, 3, 1],
    [3, 3, 1],
    [2, 0],
  ]) {
    const joined = decodeAdts(Buffer.concat(order.map((i) => clips[i]!.adts)))
    let at = 0
    for (const i of order) {
      const part = joined.subarray(at, at + alone[i]!.length)
      expect(part.subarray(headSamples)).toEqual(alone[i]!.subarray(headSamples))
      // The head contains only the first frame's coding noise: under −80 dB, shaped by the window before it.
      expect(peakOf(part.subarray(0, headSamples))).toBeLessThan(1e-4)
      at += part.length
    }
    expect(at).toBe(joined.length)
  }
})

test('a clip’s frame sizes match its bytes', () => {
  const clip = clipOf(speechLike(1, sampleRate))
  expect(adtsFrames(clip.adts).map((frame) => frame.length)).toEqual(clip.frameSizes)
})

test('the same speech gives the same bytes', () => {
  const speech = speechLike(1, 22_050)
  const once = clipOf(speech, { rate: 22_050 })
  clipOf(speechLike(2, 16_000, 8), { rate: 16_000 })
  expect(clipOf(speech, { rate: 22_050 })).toEqual(once)
})

function pauseOf(pauseSeconds: number): number {
  const speech = speechLike(1, sampleRate).fill(0.2) // nothing to trim
  const clip = clipOf(speech, { pauseSeconds })
  return (clip.frameSizes.length * frameSamples - speech.length) / sampleRate
}

test.each([0.15, 0.25, 0.6, 1.2])(
  'between two speeches there are %d seconds, to within half a frame',
  (seconds) => {
    expect(Math.abs(pauseOf(seconds) - seconds)).toBeLessThanOrEqual(frameSamples / 2 / sampleRate)
  },
)

test('without a pause the silence for joining remains', () => {
  expect(pauseOf(0)).toBeGreaterThanOrEqual((2 * frameSamples) / sampleRate)
})

test('the speech and its word times begin after the head', () => {
  const speech = speechLike(1, sampleRate, 6)
  const decoded = decodeAdts(clipOf(withSilence(speech, 4_321, 1_000)).adts)
  const before = 400 // no more than the margin and a block of trimming
  let best = { shift: 0, error: Number.POSITIVE_INFINITY }
  for (let shift = -before; shift <= before; shift++) {
    let error = 0
    for (let i = 1_000; i < 12_000; i++) error += (decoded[headSamples + shift + i]! - speech[i]!) ** 2
    if (error < best.error) best = { shift, error }
  }
  const words = [{ start: 0, end: 3, from: 4_321 / sampleRate, to: 9_000 / sampleRate }]
  const samples = withSilence(speech, 4_321, 1_000)
  const [word] = makeClip({ samples, sampleRate, words }, { gain: 1, pauseSeconds: 0.25 }, encoder).words
  expect(word).toMatchObject({ start: 0, end: 3 })
  expect(word!.from * sampleRate).toBeCloseTo(headSamples + best.shift, 3)
  expect(word!.to * sampleRate).toBeCloseTo(headSamples + best.shift + 9_000 - 4_321, 3)
})

test('word times stay inside the speech and in order where the engine included its silence', () => {
  const samples = withSilence(speechLike(1, 22_050), 22_050, 22_050)
  const words = [
    { start: 0, end: 2, from: 0, to: 1.4 },
    { start: 3, end: 9, from: 1.4, to: 3 },
  ]
  const clip = makeClip({ samples, sampleRate: 22_050, words }, { gain: 1, pauseSeconds: 0.6 }, encoder)
  const [first, second] = clip.words
  expect(first!.from).toBeCloseTo(headSamples / sampleRate, 9)
  expect(first!.to).toBe(second!.from)
  expect(second!.to).toBeLessThan((clip.frameSizes.length * frameSamples) / sampleRate - 0.5)
  expect(second!.to).toBeGreaterThan(1)
})

test('with the calibrated gain a decoded clip is near −19 LUFS and no sample is above −3 dBFS', () => {
  const speech = speechLike(6, sampleRate, 11)
  const gain = normalizationGain(speech, sampleRate)
  const decoded = decodeAdts(clipOf(speech, { gain }).adts)
  expect(Math.abs(loudness(decoded, sampleRate) + 19)).toBeLessThan(0.6)
  expect(peakOf(decoded)).toBeLessThanOrEqual(peakCeiling)
})

// Limiting loud hiss adds the largest peaks back, so voices that were limited little or not at all may exceed the
// ceiling.
test.each([0, 2, 4, 10])('a voice with loud hiss, %d dB too loud, stays under −3 dBFS', (decibels) => {
  for (let seed = 1; seed <= 25; seed++) {
    const speech = speechLike(1.5, sampleRate, seed)
    const gain = normalizationGain(speech, sampleRate) * 10 ** (decibels / 20)
    expect(peakOf(decodeAdts(clipOf(speech, { gain }).adts))).toBeLessThanOrEqual(peakCeiling)
  }
})

test.each([1, 2, 4])('even noise and buzz, times %d, stay under −3 dBFS when decoded', (gain) => {
  const random = randomFrom(gain)
  const noise = Float32Array.from({ length: 24_000 }, () => random() * 2 - 1)
  const buzz = Float32Array.from({ length: 24_000 }, (_, i) => ((i * 197) % 24_000 < 12_000 ? 0.7 : -0.7))
  for (const samples of [noise, buzz]) {
    expect(peakOf(decodeAdts(clipOf(samples, { gain }).adts))).toBeLessThanOrEqual(peakCeiling)
  }
})

test('non-finite samples and silence are refused', () => {
  const broken = speechLike(0.5, sampleRate)
  broken[500] = Number.NaN
  expect(() => clipOf(broken)).toThrow('Sample 500 is NaN')
  expect(() => clipOf(new Float32Array(5_000))).toThrow('nothing but silence')
  expect(() => clipOf(new Float32Array(0))).toThrow('no samples')
})

test('the shortest speech becomes a clip', () => {
  const clip = clipOf(Float32Array.of(0, 0.5, -0.5, 0), { pauseSeconds: 0 })
  expect(clip.frameSizes).toHaveLength(3)
})

test('leading silence has its configured length and changes neither speech nor pause', () => {
  const speech = speechLike(1, sampleRate).fill(0.2)
  const words = [{ start: 0, end: 3, from: 0.1, to: 0.4 }]
  const clip = (leadSeconds?: number) =>
    makeClip({ samples: speech, sampleRate, words }, { gain: 1, leadSeconds, pauseSeconds: 0.25 }, encoder)
  const [plain, late] = [clip(), clip(0.5)]
  const frames = late.frameSizes.length - plain.frameSizes.length
  const moved = frames * frameSamples
  expect((moved + headSamples) / sampleRate).toBeGreaterThanOrEqual(0.5)
  expect((moved + headSamples) / sampleRate).toBeLessThan(0.55)
  const [samples, lateSamples] = [decodeAdts(plain.adts), decodeAdts(late.adts)]
  expect(peakOf(lateSamples.subarray(0, moved))).toBe(0)
  expect(lateSamples.subarray(moved + headSamples)).toEqual(samples.subarray(headSamples))
  expect(late.words[0]!.from - plain.words[0]!.from).toBeCloseTo(moved / sampleRate, 6)
  // The same holds after another clip.
  const joined = decodeAdts(Buffer.concat([plain.adts, late.adts]))
  expect(joined.subarray(samples.length + headSamples)).toEqual(lateSamples.subarray(headSamples))
})
