import { crc32 } from 'node:zlib'
import { z } from 'zod'
import { studioFrameSizes } from '../../audio/codec/adts.ts'
import type { Clip } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { clipDoubt } from '../../speech/worker/worker-protocol.ts'

/** The media type of a clip on its way from a machine: uint32 little endian, so many bytes of JSON, ADTS to the end. */
export const clipFrameType = 'application/vnd.nightjar.clip'

/** Of a whole frame: some eight minutes of speech at 64 kb/s, more than any segment has. */
export const longestClipFrame = 4 * 1024 * 1024

const lengthBytes = 4

const offset = z.number().int().min(0)
const seconds = z.number().min(0)
const header = z.strictObject({
  words: z.array(z.object({ start: offset, end: offset, from: seconds, to: seconds })).max(10_000),
  /** CRC-32 of the ADTS. */
  crc32: z.number().int().min(0).max(0xffff_ffff),
  /** Models that the machine's workers have loaded since it began. */
  loads: z.number().int().min(0),
  /** What the machine's second ear has against it. */
  doubt: clipDoubt.optional(),
})

export function encodeClipFrame({ adts, words, doubt }: Clip, loads: number): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(
    JSON.stringify({ words: [...words], crc32: crc32(adts), loads, ...(doubt && { doubt }) }),
  )
  const frame = new Uint8Array(lengthBytes + json.length + adts.length)
  new DataView(frame.buffer).setUint32(0, json.length, true)
  frame.set(json, lengthBytes)
  frame.set(adts, lengthBytes + json.length)
  return frame
}

/** Throws `speaker.clip` for what is no clip as this server makes them, or was damaged on its way. */
export function decodeClipFrame(frame: Uint8Array): { readonly clip: Clip; readonly loads: number } {
  if (frame.length < lengthBytes) throw new Failure('speaker.clip', { detail: 'it breaks off' })
  const start = lengthBytes + new DataView(frame.buffer, frame.byteOffset).getUint32(0, true)
  if (start > frame.length) throw new Failure('speaker.clip', { detail: 'it breaks off' })
  const { words, crc32: expected, loads, doubt } = parseHeader(frame.subarray(lengthBytes, start))
  const adts = frame.subarray(start)
  if (crc32(adts) !== expected) throw new Failure('speaker.clip', { detail: 'its checksum is another' })
  try {
    return { clip: { adts, frameSizes: studioFrameSizes(adts), words, ...(doubt && { doubt }) }, loads }
  } catch (cause) {
    throw new Failure('speaker.clip', { detail: (cause as Error).message }, { cause })
  }
}

function parseHeader(bytes: Uint8Array): z.infer<typeof header> {
  try {
    return header.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new Failure('speaker.clip', { detail: 'what is told of it cannot be read' }, { cause })
  }
}
