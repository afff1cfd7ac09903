import { afterAll, expect, test } from 'vitest'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { frameSamples } from '../../novel/clip.ts'
import { AacEncoder, decodeAdts, decodeFrames } from './aac.ts'
import { toAdts } from './adts.ts'

const encoder = new AacEncoder()
afterAll(() => encoder.close())

function onGrid(frames: number, seed: number): Float32Array {
  const samples = new Float32Array(frames * frameSamples)
  samples.set(speechLike((frames * frameSamples) / 24_000, 24_000, seed).subarray(0, samples.length))
  return samples
}

test('encoding gives one frame per 1,024 samples and the priming frame before them', () => {
  expect(encoder.encode(onGrid(1, 1))).toHaveLength(2)
  expect(encoder.encode(onGrid(50, 1))).toHaveLength(51)
})

test('the same samples give the same bytes, whatever was encoded before and by which instance', () => {
  const samples = onGrid(80, 2)
  const first = encoder.encode(samples)
  for (let seed = 3; seed < 8; seed++) encoder.encode(onGrid(10 + seed, seed))
  expect(encoder.encode(samples)).toEqual(first)
  using another = new AacEncoder()
  another.encode(onGrid(7, 9).fill(0.9))
  expect(another.encode(samples)).toEqual(first)
})

test('decoding gives the encoded samples, one frame later and with coding noise', () => {
  const samples = onGrid(60, 4)
  const decoded = decodeFrames(encoder.encode(samples))
  let [noise, signal] = [0, 0]
  for (let i = 0; i < samples.length; i++) {
    noise += (decoded[i + frameSamples]! - samples[i]!) ** 2
    signal += samples[i]! ** 2
  }
  expect(10 * Math.log10(signal / noise)).toBeGreaterThan(10)
})

test('the same frames decode from ADTS', () => {
  const frames = encoder.encode(onGrid(20, 5))
  expect(decodeAdts(toAdts(frames))).toEqual(decodeFrames(frames))
})

test('samples that are not a whole number of frames are refused', () => {
  expect(() => encoder.encode(new Float32Array(1_000))).toThrow('whole number of AAC frames')
  expect(() => encoder.encode(new Float32Array(0))).toThrow('whole number of AAC frames')
})

test('a stream that is not AAC is refused by the decoder', () => {
  expect(() => decodeFrames([new Uint8Array(40).fill(0x55)])).toThrow('FFmpeg could not decode')
})
