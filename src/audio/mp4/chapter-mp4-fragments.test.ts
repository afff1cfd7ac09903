import { afterAll, expect, test } from 'vitest'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { AacEncoder, decodeAdts } from '../codec/aac.ts'
import { adtsPayload } from '../codec/adts.ts'
import { makeClip } from '../mastering/clip-encoder.ts'
import { fragment, initSegment } from './chapter-mp4.ts'

const encoder = new AacEncoder()
afterAll(() => encoder.close())

const clips = [1, 2, 3].map((seed) =>
  makeClip(
    { samples: speechLike(0.5 + seed / 3, sampleRate, seed), sampleRate, words: [] },
    { gain: 1, pauseSeconds: 0.6 },
    encoder,
  ),
)
const begins = clips.map((_, i) =>
  clips.slice(0, i).reduce((sum, clip) => sum + clip.frameSizes.length * frameSamples, 0),
)
const fragments = clips.map((clip, i) =>
  fragment(i + 1, begins[i]!, adtsPayload(clip.adts, clip.frameSizes), clip.frameSizes),
)

test('init segment and fragments together decode exactly', () => {
  const frames = clips.reduce((sum, clip) => sum + clip.frameSizes.length, 0)
  const found = demux(Buffer.concat([initSegment(), ...fragments]), [begins[1]!, begins[2]! + 5_000])
  expect(found).toMatchObject({ codecRate: 24_000, channels: 1, timescale: 24_000, startTime: 0 })
  expect(found.duration).toBe(frames * frameSamples)
  expect(found.times).toEqual(Array.from({ length: frames }, (_, i) => i * frameSamples))
  expect(found.samples).toEqual(decodeAdts(Buffer.concat(clips.map((clip) => clip.adts))))
  expect(found.sought).toEqual([begins[1], begins[2]! + 4_096])
})

test('a single fragment after the init segment has its own time', () => {
  const found = demux(Buffer.concat([initSegment(), fragments[2]!]))
  expect(found.times[0]).toBe(begins[2])
  expect(found.frames).toHaveLength(clips[2]!.frameSizes.length)
})

test('a fragment far beyond 32 bits of samples keeps its time', () => {
  const late = frameSamples * 2 ** 30
  const { adts, frameSizes } = clips[0]!
  const found = demux(
    Buffer.concat([initSegment(), fragment(9, late, adtsPayload(adts, frameSizes), frameSizes)]),
  )
  expect(found.times[0]).toBe(late)
})

test('the same clip at the same position gives the same bytes', () => {
  const { adts, frameSizes } = clips[1]!
  const again = fragment(2, begins[1]!, adtsPayload(adts, frameSizes), Uint16Array.from(frameSizes))
  expect(again).toEqual(fragments[1])
  expect(initSegment()).toEqual(initSegment())
})
