import { frameSamples, sampleRate } from '../../novel/clip.ts'

/** The boxes of ISO/IEC 14496-12 that Nightjar writes, laid out like the standard's tables. */

export type Bytes = readonly number[] | Uint8Array

const byte = (value: number, shift: number): number => Math.floor(value / 2 ** shift) & 0xff
export const u8 = (value: number): number[] => [value & 0xff]
export const u16 = (value: number): number[] => [byte(value, 8), byte(value, 0)]
const u24 = (value: number): number[] => [byte(value, 16), ...u16(value)]
export const u32 = (value: number): number[] => [byte(value, 24), ...u24(value)]
/** Integers up to 2⁵³, far beyond any file size. */
export const u64 = (value: number): number[] => [...u32(Math.floor(value / 2 ** 32)), ...u32(value)]
export const ascii = (text: string): Uint8Array => Buffer.from(text, 'latin1')
export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
export const zeros = (count: number): Uint8Array => new Uint8Array(count)
/** 16.16 fixed point. */
const fixed = (value: number): number[] => u32(value * 65_536)
export const unityMatrix = [...fixed(1), ...zeros(12), ...fixed(1), ...zeros(12), ...u32(0x40000000)]

/** 4.2: size, type, contents. */
export function box(type: string, ...contents: readonly Bytes[]): Uint8Array {
  const size = contents.reduce((sum, part) => sum + part.length, 8)
  const bytes = new Uint8Array(size)
  bytes.set(u32(size))
  bytes.set(ascii(type), 4)
  let at = 8
  for (const part of contents) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** 4.2: a box with version and flags. */
export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...contents: readonly Bytes[]
): Uint8Array {
  return box(type, u8(version), u24(flags), ...contents)
}

/** 32-bit integers, big endian: for tables with a row per frame. */
export function table32(count: number, valueAt: (index: number) => number): Uint8Array {
  const bytes = new Uint8Array(count * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < count; i++) view.setUint32(i * 4, valueAt(i))
  return bytes
}

/** Like `table32` with 64 bits; values up to 2⁵³. */
export function table64(count: number, valueAt: (index: number) => number): Uint8Array {
  return table32(count * 2, (half) => {
    const value = valueAt(half >> 1)
    return half % 2 === 0 ? Math.floor(value / 2 ** 32) : value % 2 ** 32
  })
}

/**
 * ISO/IEC 14496-3, 1.6.2.1: AAC-LC (2), 24 kHz (index 6), one channel, then the extension that explicitly signals no
 * spectral band replication, which a decoder may otherwise assume at this rate.
 */
export const audioSpecificConfig = Uint8Array.of(0x13, 0x08, 0x56, 0xe5, 0x00)

/** 4.3: file type and compatible brands. */
export function ftyp(major: string, version: number, compatible: readonly string[]): Uint8Array {
  return box('ftyp', ascii(major), u32(version), ascii(compatible.join('')))
}

/**
 * 8.2.2: the time scale of the movie and its tracks is the sample rate. Durations of 49 hours and more need version 1.
 */
export function mvhd(duration: number, tracks = 1): Uint8Array {
  const [version, time] = timesAndDuration(duration)
  return fullBox(
    'mvhd',
    version,
    0,
    time(0), // creation time: none, so that the same chapter gives the same file
    time(0), // modification time
    u32(sampleRate), // timescale
    time(duration),
    fixed(1), // preferred rate
    u16(0x0100), // preferred volume
    zeros(10), // reserved
    unityMatrix,
    zeros(24), // pre-defined
    u32(tracks + 1), // next track id
  )
}

/**
 * 8.3: a track. `edits` is its `edts` box, if any; `sampleTables` are the boxes in its `stbl` after the sample
 * description.
 */
export function trak(
  duration: number,
  averageBitRate: number,
  edits: Uint8Array,
  sampleTables: readonly Uint8Array[],
): Uint8Array {
  const stbl = box('stbl', stsd(mp4a(averageBitRate)), ...sampleTables)
  return box(
    'trak',
    tkhd(duration),
    edits,
    box('mdia', mdhd(duration), hdlr('soun', 'SoundHandler'), box('minf', smhd(), dinf(), stbl)),
  )
}

/** 8.3.2. A track of chapter titles is not `enabled`. */
export function tkhd(duration: number, id = 1, enabled = true): Uint8Array {
  const [version, time] = timesAndDuration(duration)
  return fullBox(
    'tkhd',
    version,
    enabled ? 3 : 2, // enabled; in the movie
    time(0), // creation time
    time(0), // modification time
    u32(id),
    u32(0), // reserved
    time(duration),
    zeros(8), // reserved
    u16(0), // layer
    u16(0), // alternate group
    u16(enabled ? 0x0100 : 0), // volume
    u16(0), // reserved
    unityMatrix,
    fixed(0), // width
    fixed(0), // height
  )
}

/**
 * 8.6.6: the track plays from its first sample to its last. Without it some players would drop the priming of a usual
 * AAC file; ours has none.
 */
export function edts(duration: number): Uint8Array {
  const [version, time] = timesAndDuration(duration)
  return box('edts', fullBox('elst', version, 0, u32(1), time(duration), time(0), fixed(1)))
}

/** 8.4.2; `language` is three letters of ISO 639-2/T, five bits each. */
export function mdhd(duration: number, language = 'und'): Uint8Array {
  const [version, time] = timesAndDuration(duration)
  const packed = [...ascii(language)].reduce((bits, letter) => (bits << 5) | (letter - 0x60), 0)
  return fullBox(
    'mdhd',
    version,
    0,
    time(0), // creation time
    time(0), // modification time
    u32(sampleRate), // timescale
    time(duration),
    u16(packed),
    u16(0), // pre-defined
  )
}

/** 8.4.3 */
export function hdlr(type: string, name: string): Uint8Array {
  return fullBox('hdlr', 0, 0, u32(0), ascii(type), zeros(12), ascii(`${name}\0`))
}

/** 8.4.5.3: balance in the middle. */
export function smhd(): Uint8Array {
  return fullBox('smhd', 0, 0, u16(0), u16(0))
}

/** 8.7: the data are in this file. */
export function dinf(): Uint8Array {
  return box('dinf', fullBox('dref', 0, 0, u32(1), fullBox('url ', 0, 1)))
}

/** 8.5.2: one description for all samples. */
export function stsd(entry: Uint8Array): Uint8Array {
  return fullBox('stsd', 0, 0, u32(1), entry)
}

/** 12.2.3 */
export function mp4a(averageBitRate: number): Uint8Array {
  return box(
    'mp4a',
    zeros(6), // reserved
    u16(1), // data reference
    zeros(8), // reserved
    u16(1), // channels
    u16(16), // sample size, by convention
    zeros(4), // pre-defined, reserved
    fixed(sampleRate),
    esds(averageBitRate),
  )
}

/** ISO/IEC 14496-14, 5.6, with the descriptors of 14496-1, 7.2.6. */
function esds(averageBitRate: number): Uint8Array {
  const decoder = descriptor(
    4,
    u8(0x40), // object type: ISO/IEC 14496-3 audio
    u8((5 << 2) | 1), // stream type: audio
    u24(768), // the largest frame of one channel: 6,144 bits
    u32(0), // maximum bit rate: unspecified
    u32(averageBitRate),
    descriptor(5, audioSpecificConfig),
  )
  return fullBox('esds', 0, 0, descriptor(3, u16(0), u8(0), decoder, descriptor(6, u8(2))))
}

function descriptor(tag: number, ...contents: readonly Bytes[]): number[] {
  const body = contents.flatMap((part) => [...part])
  return [tag, 0x80, 0x80, 0x80, body.length, ...body]
}

/** 8.6.1.2: every frame lasts 1,024 samples. */
export function stts(frames: number): Uint8Array {
  return fullBox('stts', 0, 0, frames === 0 ? u32(0) : [...u32(1), ...u32(frames), ...u32(frameSamples)])
}

/** Version and field for times: 32 bits, or 64 where the duration, in samples, needs them. */
function timesAndDuration(duration: number): readonly [number, (value: number) => number[]] {
  return duration > 0xffffffff ? [1, u64] : [0, u32]
}
