import { expect, test } from 'vitest'
import { demux } from './demuxed.ts'
import { speechLike } from './speech-like.ts'
import { readWav, writeWav } from './wav.ts'

const samples = speechLike(0.3, 24_000)

/** A WAV of any kind, with a chunk of no interest before the data. */
function wavOf(
  format: number,
  channels: number,
  bits: number,
  data: Uint8Array,
  claimed = data.length,
): Buffer {
  const head = Buffer.alloc(12 + 8 + 16 + 8 + 4 + 8)
  head.write('RIFF', 0)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(format, 20)
  head.writeUInt16LE(channels, 22)
  head.writeUInt32LE(22_050, 24)
  head.writeUInt16LE(bits, 34)
  head.write('LIST', 36)
  head.writeUInt32LE(3, 40) // odd: a byte of padding follows
  head.write('data', 48)
  head.writeUInt32LE(claimed, 52)
  return Buffer.concat([head, data])
}

test('samples come back to within half a step of 16 bits', () => {
  const { samples: read, sampleRate } = readWav(writeWav(samples, 24_000))
  expect(sampleRate).toBe(24_000)
  expect(read).toHaveLength(samples.length)
  read.forEach((value, i) => expect(Math.abs(value - samples[i]!)).toBeLessThanOrEqual(0.5 / 32_768))
})

test('FFmpeg reads what is written', () => {
  const wav = writeWav(samples, 22_050)
  const found = demux(wav)
  expect(Buffer.concat(found.frames).equals(wav.subarray(44))).toBe(true)
  expect(found).toMatchObject({ format: 'wav', codecRate: 22_050, channels: 1, duration: samples.length })
})

test('what is too loud is clipped, not wrapped around', () => {
  const { samples: read } = readWav(writeWav(Float32Array.of(1.5, -1.5, 1, -1), 8_000))
  expect([...read]).toEqual([32_767 / 32_768, -1, 32_767 / 32_768, -1])
})

test('floats are read, and channels are averaged', () => {
  const stereo = Float32Array.of(0.5, 0.25, -1, 0)
  const wav = readWav(wavOf(3, 2, 32, new Uint8Array(stereo.buffer)))
  expect(wav).toEqual({ samples: Float32Array.of(0.375, -0.5), sampleRate: 22_050 })
})

test('a program that wrote into a pipe may claim any size', () => {
  const data = new Uint8Array(Int16Array.of(16_384, -16_384).buffer)
  expect([...readWav(wavOf(1, 1, 16, data, 0xffffffff)).samples]).toEqual([0.5, -0.5])
})

test('anything else is refused', () => {
  expect(() => readWav(new Uint8Array(100))).toThrow('not a WAV')
  expect(() => readWav(new Uint8Array(0))).toThrow('not a WAV')
  expect(() => readWav(wavOf(1, 1, 24, new Uint8Array(6)))).toThrow('kind 1/24')
  expect(() => readWav(writeWav(samples, 24_000).subarray(0, 30))).toThrow('no data')
})
