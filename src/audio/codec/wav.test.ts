import { expect, test } from 'vitest'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { missingFromWav, readWav, writeWav } from './wav.ts'

const samples = speechLike(0.3, 24_000)

/** A WAV of any format, with an unrelated chunk before the data. */
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

test('FFmpeg reads the written file', () => {
  const wav = writeWav(samples, 22_050)
  const found = demux(wav)
  expect(Buffer.concat(found.frames).equals(wav.subarray(44))).toBe(true)
  expect(found).toMatchObject({ format: 'wav', codecRate: 22_050, channels: 1, duration: samples.length })
})

test('samples beyond full scale are clipped, not wrapped around', () => {
  const { samples: read } = readWav(writeWav(Float32Array.of(1.5, -1.5, 1, -1), 8_000))
  expect([...read]).toEqual([32_767 / 32_768, -1, 32_767 / 32_768, -1])
})

test('floats are read, and channels are averaged', () => {
  const stereo = Float32Array.of(0.5, 0.25, -1, 0)
  const wav = readWav(wavOf(3, 2, 32, new Uint8Array(stereo.buffer)))
  expect(wav).toEqual({ samples: Float32Array.of(0.375, -0.5), sampleRate: 22_050 })
})

test.each([
  ['8-bit integers', 1, 8, [0xc0, 0x00]],
  ['16-bit integers', 1, 16, [0x00, 0x40, 0x00, 0x80]],
  ['24-bit integers', 1, 24, [0x00, 0x00, 0x40, 0x00, 0x00, 0x80]],
  ['32-bit integers', 1, 32, [0, 0, 0, 0x40, 0, 0, 0, 0x80]],
  ['32-bit floats', 3, 32, [...new Uint8Array(Float32Array.of(0.5, -1).buffer)]],
  ['64-bit floats', 3, 64, [...new Uint8Array(Float64Array.of(0.5, -1).buffer)]],
])('%s are read', (_, format, bits, data) => {
  expect([...readWav(wavOf(format, 1, bits, Uint8Array.from(data))).samples]).toEqual([0.5, -1])
})

test('the extensible format is read', () => {
  const plain = wavOf(1, 1, 24, Uint8Array.of(0, 0, 0x40))
  const format = Buffer.alloc(8 + 40)
  plain.copy(format, 0, 12, 36)
  format.writeUInt32LE(40, 4)
  format.writeUInt16LE(0xfffe, 8)
  format.writeUInt16LE(1, 8 + 24)
  const wav = Buffer.concat([plain.subarray(0, 12), format, plain.subarray(36)])
  expect([...readWav(wav).samples]).toEqual([0.5])
})

const halves = new Uint8Array(Int16Array.of(16_384, -16_384).buffer)

test.each([0xffffffff, 0x7fffffff, 0x7ffff000, 0])('a placeholder size of %d bytes is ignored', (claimed) => {
  const wav = wavOf(1, 1, 16, halves, claimed)
  expect([...readWav(wav).samples]).toEqual([0.5, -0.5])
  expect(missingFromWav(wav)).toBe(0)
})

test('a size that covers only the first part does not hide the rest', () => {
  const wav = wavOf(1, 1, 16, new Uint8Array(samples.buffer), 480)
  expect(readWav(wav).samples).toHaveLength(samples.length * 2)
  expect(missingFromWav(wav)).toBe(0)
})

test('chunks after the data are not audio, with padding or without', () => {
  const list = Buffer.from('LIST\x04\0\0\0INFO', 'latin1')
  for (const padding of [[], [0]]) {
    const wav = Buffer.concat([wavOf(1, 1, 8, Uint8Array.of(0xc0, 0, 0x80)), Uint8Array.from(padding), list])
    expect([...readWav(wav).samples]).toEqual([0.5, -1, 0])
  }
})

test('concatenated files are read as one', () => {
  const one = writeWav(Float32Array.of(0.5), 8000)
  const two = writeWav(Float32Array.of(-0.5, 0.25), 8000)
  const joined = Buffer.concat([one, two])
  expect([...readWav(joined).samples]).toEqual([0.5, -0.5, 0.25])
  expect(missingFromWav(joined)).toBe(0)
  expect(() => readWav(Buffer.concat([one, writeWav(samples, 24_000)]))).toThrow('changes its format')
})

test('the missing bytes of a truncated file are reported', () => {
  const wav = writeWav(samples, 24_000)
  expect(missingFromWav(wav)).toBe(0)
  expect(missingFromWav(wav.subarray(0, wav.length - 1000))).toBe(1000)
  // The second of two concatenated files.
  expect(missingFromWav(Buffer.concat([wav, wav.subarray(0, 2000)]))).toBe(wav.length - 2000)
  // The size of the whole file in the data chunk's size field.
  expect(missingFromWav(wavOf(1, 1, 16, halves, halves.length + 36))).toBe(0)
  expect(() => missingFromWav(wav.subarray(0, 44))).toThrow('no sound')
  expect(() => missingFromWav(wav.subarray(0, 30))).toThrow('no data')
})

test('a file that is too long is refused before it is decoded', () => {
  expect(() => readWav(writeWav(samples, 24_000), 0.2)).toThrow('longer than 0.2 s')
  expect(readWav(writeWav(samples, 24_000), 0.4).samples).toHaveLength(samples.length)
})

test('anything else is refused', () => {
  expect(() => readWav(new Uint8Array(100))).toThrow('not a WAV')
  expect(() => readWav(new Uint8Array(0))).toThrow('not a WAV')
  expect(() => readWav(wavOf(2, 1, 4, new Uint8Array(6)))).toThrow('kind 2/4')
  expect(() => readWav(wavOf(1, 0, 16, new Uint8Array(6)))).toThrow('no channels')
  expect(() => readWav(writeWav(samples, 24_000).subarray(0, 30))).toThrow('no data')
  const chunks = Buffer.concat([writeWav(samples, 8000).subarray(0, 12), Buffer.alloc(8 * 20_000)])
  expect(() => readWav(chunks)).toThrow('more chunks')
})
