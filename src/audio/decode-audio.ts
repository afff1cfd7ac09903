import { type AudioContainer, detectContainer, isText } from './audio-kind.ts'
import { decodeEncoded } from './decode-audio-encoded.ts'
import { readWav } from './wav.ts'

export interface DecodedAudio {
  /** Mono, full scale ±1; loud passages of lossy formats may go a little beyond, which the limiter sees to. */
  readonly samples: Float32Array
  /** In Hz. */
  readonly sampleRate: number
}

/** No segment takes as long as this to say: what does has run wild. */
const maxSeconds = 600
const minRate = 4_000
const maxRate = 384_000

/**
 * The sound in a file as speech servers send it: WAV, MP3, Ogg, FLAC, ADTS or M4A, told by its first bytes; with
 * `pcmRate`, in Hz, whatever else is no text as 16-bit little-endian PCM. Synchronous: it runs in a speaker. Throws
 * an `Error` that says why, for what is none of these, damaged, without sound or longer than ten minutes.
 */
export function decodeAudio(bytes: Uint8Array, options: { readonly pcmRate?: number } = {}): DecodedAudio {
  const { samples, sampleRate } = decodeByContainer(bytes, detectContainer(bytes), options.pcmRate)
  if (samples.length === 0) throw new Error('There is no sound in it')
  if (sampleRate < minRate || sampleRate > maxRate)
    throw new Error(`Its rate of ${sampleRate} Hz is none of a sound`)
  if (samples.length > maxSeconds * sampleRate) throw new Error(`It is longer than ${maxSeconds} s`)
  if (!samples.every(Number.isFinite)) throw new Error('Some of its samples are not numbers')
  return { samples, sampleRate }
}

function decodeByContainer(bytes: Uint8Array, kind: AudioContainer | undefined, pcmRate: number | undefined): DecodedAudio {
  if (kind === 'wav') return readWav(bytes, maxSeconds)
  if (kind !== undefined) return decodeEncoded(bytes, kind, maxSeconds)
  if (bytes.length === 0) throw new Error('It is empty')
  if (isText(bytes)) throw new Error('It is text, not sound')
  if (pcmRate === undefined) throw new Error('It is in no format that is known')
  return { samples: decodePcm(bytes), sampleRate: pcmRate }
}

function decodePcm(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => view.getInt16(i * 2, true) / 32_768)
}
