import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { toAdts } from '../../audio/codec/adts.ts'
import { decodeClipFrame, encodeClipFrame } from './clip-frame.ts'

const frames = [1, 200, 371].map((size) => new Uint8Array(size).fill(size % 251))
const clip = {
  adts: toAdts(frames),
  frameSizes: [1, 200, 371],
  words: [{ start: 0, end: 5, from: 0.125, to: 0.5 }],
}
const good = encodeClipFrame(clip, 3)

/** A frame with this as its JSON. */
function frameOf(header: unknown, adts = clip.adts): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, json.length, true)
  return Buffer.concat([length, json, adts])
}

const header = { words: clip.words, crc32: crc32(clip.adts), loads: 3 }
const changed = (at: number, value: number): Uint8Array => {
  const adts = clip.adts.slice()
  adts[at] = value
  return adts
}
const withAdts = (adts: Uint8Array): Uint8Array => frameOf({ ...header, crc32: crc32(adts) }, adts)

test('a clip survives the round trip', () => {
  expect(decodeClipFrame(good)).toEqual({ clip, loads: 3 })
  // As it comes from a socket: somewhere in a larger buffer.
  const within = new Uint8Array(good.length + 5).fill(255)
  within.set(good, 5)
  expect(decodeClipFrame(within.subarray(5))).toEqual({ clip, loads: 3 })
})

test.for([
  ['nothing', new Uint8Array(0)],
  ['a part of the length', good.subarray(0, 3)],
  ['a length beyond the end', Uint8Array.from([255, 255, 255, 255, 1])],
  ['no JSON', frameOf('{')],
  ['JSON that is not UTF-8', Buffer.concat([Uint8Array.from([1, 0, 0, 0, 0xff]), clip.adts])],
  ['another field', frameOf({ ...header, more: 1 })],
  ['a field missing', frameOf({ words: [], crc32: header.crc32 })],
  ['a time that is none', frameOf({ ...header, words: [{ start: 0, end: 5, from: -1, to: 1 }] })],
  ['times without end', frameOf({ ...header, words: Array.from({ length: 10_001 }, () => clip.words[0]) })],
  ['a checksum that is none', frameOf({ ...header, crc32: -1 })],
  ['other bytes than were sent', frameOf(header, changed(9, 1))],
  ['the audio cut off', frameOf(header, clip.adts.subarray(0, -1))],
  ['no audio', withAdts(new Uint8Array(0))],
  ['half a frame', withAdts(clip.adts.subarray(0, -1))],
  ['no ADTS', withAdts(new Uint8Array(300))],
  ['frames with a checksum of their own', withAdts(changed(1, 0xf0))],
  ['another profile', withAdts(changed(2, (0 << 6) | (6 << 2)))],
  ['another sample rate', withAdts(changed(2, (1 << 6) | (4 << 2)))],
  ['stereo', withAdts(changed(3, clip.adts[3]! | (2 << 6)))],
  ['several blocks to a header', withAdts(changed(6, 0xfd))],
  ['a frame of no bytes', withAdts(toAdts([new Uint8Array(0)]))],
] as const)('a frame with %s is no clip', ([, frame]) => {
  expect(() => decodeClipFrame(frame)).toThrow(expect.objectContaining({ code: 'speaker.clip' }))
})
