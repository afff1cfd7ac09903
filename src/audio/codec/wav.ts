import { toInt16 } from '../samples.ts'

/** Writes mono samples as 16-bit PCM WAV; values beyond ±1 are clipped. */
export function writeWav(samples: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const tag = (at: number, text: string): void => bytes.set(Buffer.from(text, 'latin1'), at)
  tag(0, 'RIFF')
  view.setUint32(4, 36 + samples.length * 2, true)
  tag(8, 'WAVEfmt ')
  view.setUint32(16, 16, true) // bytes of the format
  view.setUint16(20, 1, true) // PCM
  view.setUint16(22, 1, true) // channels
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true) // bytes per second
  view.setUint16(32, 2, true) // bytes of a sample in all channels
  view.setUint16(34, 16, true) // bits per sample
  tag(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  toInt16(samples).forEach((value, i) => view.setInt16(44 + i * 2, value, true))
  return bytes
}

export interface Wav {
  /** Mono: several channels are averaged. */
  readonly samples: Float32Array
  readonly sampleRate: number
}

/**
 * Reads a WAV of 8 to 32-bit integers or 32 and 64-bit floats. Its size fields are used only where they are plausible.
 * Throws an `Error` for any other format, and for one longer than `maxSeconds`.
 */
export function readWav(bytes: Uint8Array, maxSeconds = Infinity): Wav {
  const { format, data } = partsOf(bytes)
  const { channels, sampleRate, encoding, bits } = format
  const kind = kinds[`${encoding}/${bits}`]
  if (!kind) throw new Error(`WAV of kind ${encoding}/${bits} is not read`)
  if (channels < 1) throw new Error('This WAV file has no channels')
  const frameBytes = kind.bytes * channels
  const lengths = data.map((part) => Math.floor(part.byteLength / frameBytes))
  const length = lengths.reduce((sum, frames) => sum + frames, 0)
  if (length > maxSeconds * sampleRate) throw new Error(`This WAV file is longer than ${maxSeconds} s`)
  const samples = new Float32Array(length)
  let at = 0
  data.forEach((part, index) => {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength)
    for (let frame = 0; frame < lengths[index]!; frame++) {
      let sum = 0
      for (let channel = 0; channel < channels; channel++) {
        sum += kind.read(view, frame * frameBytes + channel * kind.bytes)
      }
      samples[at++] = sum / channels
    }
  })
  return { samples, sampleRate }
}

/**
 * Bytes of audio that the header declares and the file lacks, because it was truncated; 0 for placeholder sizes of
 * programs that write into a pipe. Throws an `Error` if there is no audio at all.
 */
export function missingFromWav(bytes: Uint8Array): number {
  const { data, missing } = partsOf(bytes)
  if (data.every((part) => part.length === 0)) throw new Error('This WAV file has no sound')
  return missing
}

/** Half a gigabyte of speech is hours: a larger size is a placeholder, most often 0xffffffff or 0x7fffffff. */
const placeholder = 0x2000_0000
/** Some writers put the size of the whole file in the data chunk's size field. */
const headBytes = 64
const maxChunks = 10_000

interface Format {
  /** 1: integers, 3: floats. */
  readonly encoding: number
  readonly bits: number
  readonly channels: number
  readonly sampleRate: number
}

interface Parts {
  readonly format: Format
  /** Not copied. Several, where a server concatenated the files of its sentences. */
  readonly data: readonly Uint8Array[]
  /** In bytes. */
  readonly missing: number
}

interface Kind {
  readonly bytes: number
  readonly read: (view: DataView, at: number) => number
}

/** By encoding and bits. 24-bit samples are read as the upper part of 32 bits. */
const kinds: Readonly<Record<string, Kind>> = {
  '1/8': { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  '1/16': { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32_768 },
  '1/24': {
    bytes: 3,
    read: (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608,
  },
  '1/32': { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2_147_483_648 },
  '3/32': { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  '3/64': { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
}

function partsOf(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1')
  const isWav = (at: number): boolean => tag(at) === 'RIFF' && tag(at + 8) === 'WAVE'
  if (!isWav(0)) throw new Error('This is not a WAV file')
  /** Whether a chunk may begin at `at`: an identifier of four printable characters and a size that fits. */
  const isChunk = (at: number): boolean =>
    at + 8 <= bytes.length &&
    /^[\w ]{4}$/.test(tag(at)) &&
    (at + 8 + view.getUint32(at + 4, true) <= bytes.length || isWav(at) || tag(at) === 'data')
  let format: Format | undefined
  const data: Uint8Array[] = []
  let missing = 0
  let chunks = 0
  for (let at = 12; at + 8 <= bytes.length;) {
    if (++chunks > maxChunks) throw new Error('This WAV file has more chunks than any real one')
    const name = tag(at)
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    const end = body + size
    // An odd chunk is followed by a byte of padding, which some writers forget.
    let next = end + (size & 1)
    if (isWav(at)) next = body + 4
    else if (name === 'fmt ' && body + 16 <= bytes.length) {
      const found = formatAt(view, body, Math.min(size, bytes.length - body))
      if (format && JSON.stringify(format) !== JSON.stringify(found)) {
        throw new Error('This WAV file changes its format midway')
      }
      format = found
    } else if (name === 'data') {
      if (!format) throw new Error('This WAV file has no format before its data')
      if (size < placeholder && end > bytes.length + headBytes) missing += end - bytes.length
      if (isChunk(end)) next = end
      // Too small a size covers a stream's first part, written before its length was known.
      const plausible = size > 0 && end <= bytes.length && (next + 8 > bytes.length || isChunk(next))
      if (!plausible) next = bytes.length
      data.push(bytes.subarray(body, plausible ? end : bytes.length))
    }
    at = next
  }
  if (!format || data.length === 0) throw new Error('This WAV file has no data')
  return { format, data, missing }
}

/** `size`: bytes of the chunk that are there, 16 at least. */
function formatAt(view: DataView, at: number, size: number): Format {
  const code = view.getUint16(at, true)
  return {
    // 0xfffe: extensible format, whose actual code is further on.
    encoding: code === 0xfffe && size >= 26 ? view.getUint16(at + 24, true) : code,
    bits: view.getUint16(at + 14, true),
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
  }
}
