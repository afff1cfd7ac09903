import { toInt16 } from './samples.ts'

/** 16-bit PCM WAV of mono samples; what is beyond ±1 is clipped. */
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

/** Reads a WAV of 16-bit integers or 32-bit floats. Throws an `Error` for any other. */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const tag = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1')
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('This is not a WAV file')
  let format: { readonly kind: string; readonly channels: number; readonly sampleRate: number } | undefined
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (tag(at) === 'fmt ' && body + 16 <= bytes.length) {
      const code = view.getUint16(body, true)
      // 0xfffe: extensible, the code itself stands further behind.
      const encoding = code === 0xfffe && size >= 26 ? view.getUint16(body + 24, true) : code
      format = {
        kind: `${encoding}/${view.getUint16(body + 14, true)}`,
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
      }
    } else if (tag(at) === 'data') {
      if (!format) throw new Error('This WAV file has no format before its data')
      // A program that writes into a pipe does not know the size and claims 4 GB.
      const data = new DataView(view.buffer, view.byteOffset + body, Math.min(size, bytes.length - body))
      return { samples: mixed(data, format.kind, format.channels), sampleRate: format.sampleRate }
    }
    at = body + size + (size & 1)
  }
  throw new Error('This WAV file has no data')
}

function mixed(data: DataView, kind: string, channels: number): Float32Array {
  const width = kind === '1/16' ? 2 : 4
  const at =
    kind === '1/16'
      ? (i: number): number => data.getInt16(i * 2, true) / 32768
      : (i: number): number => data.getFloat32(i * 4, true)
  if (kind !== '1/16' && kind !== '3/32') throw new Error(`WAV of kind ${kind} is not read`)
  if (channels < 1) throw new Error('This WAV file has no channels')
  const samples = new Float32Array(Math.floor(data.byteLength / width / channels))
  for (let i = 0; i < samples.length; i++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) sum += at(i * channels + channel)
    samples[i] = sum / channels
  }
  return samples
}
