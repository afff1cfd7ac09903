import { expect, test } from 'vitest'
import { randomFrom } from '../../../test/fixtures/speech-like.ts'
import { adtsFrames, adtsPayload, toAdts } from './adts.ts'

const random = randomFrom(1)
const frames = [6, 1, 300, 768, 8_184].map((size) =>
  Uint8Array.from({ length: size }, () => Math.floor(random() * 256)),
)
const sizes = frames.map((frame) => frame.length)

test('frames survive the round trip through ADTS', () => {
  expect(adtsFrames(toAdts(frames))).toEqual(frames)
})

test('the payload is the frames without their headers', () => {
  expect(adtsPayload(toAdts(frames), sizes)).toEqual(new Uint8Array(Buffer.concat(frames)))
  expect(adtsPayload(new Uint8Array(0), [])).toHaveLength(0)
})

test('a frame too long for the 13-bit length field is refused', () => {
  expect(() => toAdts([new Uint8Array(8_185)])).toThrow('does not fit')
})

test('frame sizes that do not match the stream are refused', () => {
  const adts = toAdts(frames)
  expect(() => adtsPayload(adts, sizes.slice(1))).toThrow('add up')
  expect(() => adtsPayload(adts, [...sizes, 5])).toThrow('add up')
  expect(() => adtsPayload(adts.subarray(1), sizes)).toThrow('add up')
})

test('a broken stream is refused with the byte offset', () => {
  const adts = toAdts(frames)
  expect(() => adtsFrames(adts.subarray(0, -1))).toThrow('broken at byte')
  expect(() => adtsFrames(adts.subarray(1))).toThrow('broken at byte 0')
  expect(() => adtsFrames(adts.subarray(0, 4))).toThrow('broken at byte 0')
  expect(() => adtsFrames(new Uint8Array(100))).toThrow('broken at byte 0')
})
