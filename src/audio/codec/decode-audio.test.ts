import { describe, expect, test } from 'vitest'
import { encodedAudio, type EncodedKind } from '../../../test/fixtures/encoded-audio.ts'
import { randomFrom, speechLike } from '../../../test/fixtures/speech-like.ts'
import { decodeAudio } from './decode-audio.ts'
import { writeWav } from './wav.ts'

const sampleRate = 24_000
const samples = speechLike(2, sampleRate)
const wav = writeWav(samples, sampleRate)
const encoded: readonly EncodedKind[] = ['mp3', 'opus', 'vorbis', 'flac', 'adts', 'm4a']
const files = new Map(encoded.map((kind) => [kind, encodedAudio(kind, samples, sampleRate)] as const))
const fileOf = (kind: EncodedKind): Uint8Array => files.get(kind)!

/** Correlation of two signals, 1 at most, where `other` may begin up to `lags` samples later. */
function similarity(one: Float32Array, other: Float32Array, lags: number): number {
  let best = 0
  for (let lag = 0; lag <= lags; lag++) {
    let [both, first, second] = [0, 0, 0]
    for (let i = 8000; i < 32_000; i++) {
      const [x, y] = [one[i]!, other[i + lag] ?? 0]
      both += x * y
      first += x * x
      second += y * y
    }
    best = Math.max(best, both / Math.sqrt(first * second))
  }
  return best
}

test.each(encoded)('samples encoded as %s are decoded again', (kind) => {
  const found = decodeAudio(fileOf(kind))
  expect(found.sampleRate).toBe(kind === 'opus' ? 48_000 : sampleRate)
  const seconds = found.samples.length / found.sampleRate
  // MP3 and ADTS cannot store the length of the last frame, or it is not read.
  const exact = kind !== 'mp3' && kind !== 'adts'
  expect(seconds).toBeGreaterThanOrEqual(2)
  expect(seconds).toBeLessThanOrEqual(exact ? 2 : 2.1)
  const halved = found.samples.filter((_, i) => i % 2 === 0)
  // ADTS cannot store the length of the encoder's priming.
  const alike = similarity(samples, kind === 'opus' ? halved : found.samples, kind === 'adts' ? 1100 : 2)
  expect(alike).toBeGreaterThan(kind === 'flac' ? 0.9999 : 0.9)
})

test('the channels of any file are averaged', () => {
  const left = writeWav(samples, sampleRate)
  const stereo = Buffer.alloc(44 + (left.length - 44) * 2)
  stereo.set(left.subarray(0, 44))
  stereo.writeUInt16LE(2, 22)
  stereo.writeUInt32LE((left.length - 44) * 2, 40)
  for (let i = 0; i < samples.length; i++) stereo.set(left.subarray(44 + i * 2, 46 + i * 2), 44 + i * 4)
  const found = decodeAudio(stereo)
  expect(found.samples).toHaveLength(samples.length)
  found.samples.forEach((value, i) => expect(Math.abs(value - samples[i]! / 2)).toBeLessThan(1 / 32_768))
})

test('WAV is read whatever its size fields hold', () => {
  const piped = Buffer.from(wav)
  piped.writeUInt32LE(0xffffffff, 4)
  piped.writeUInt32LE(0xffffffff, 40)
  expect(decodeAudio(piped)).toEqual(decodeAudio(wav))
  expect(decodeAudio(wav).samples).toHaveLength(samples.length)
})

test('raw samples are accepted only where their rate is known', () => {
  const raw = wav.subarray(44)
  expect(() => decodeAudio(raw)).toThrow('in no format that is known')
  expect(decodeAudio(raw, { pcmRate: 22_050 })).toEqual({
    samples: decodeAudio(wav).samples,
    sampleRate: 22_050,
  })
  // The last sample is incomplete.
  expect(decodeAudio(raw.subarray(0, 101), { pcmRate: 8000 }).samples).toHaveLength(50)
  // A known container is not read as raw samples.
  expect(decodeAudio(wav, { pcmRate: 8000 })).toEqual(decodeAudio(wav))
  expect(decodeAudio(fileOf('mp3'), { pcmRate: 8000 }).sampleRate).toBe(sampleRate)
})

test.each([
  ['nothing', new Uint8Array(0), 'It is empty'],
  ['an error in JSON', Buffer.from('{"error":{"message":"no"}}'), 'It is text'],
  ['a web page', Buffer.from('<html><title>502 Bad Gateway</title></html>'), 'It is text'],
  ['a WAV without samples', wav.subarray(0, 44), 'no sound'],
  ['a WAV of an impossible rate', writeWav(samples.subarray(0, 100), 1), '1 Hz'],
  ['a WAV with a sample that is no number', withNaN(), 'not numbers'],
])('%s is refused', (_, bytes, reason) => {
  expect(() => decodeAudio(bytes, { pcmRate: sampleRate })).toThrow(reason)
})

function withNaN(): Uint8Array {
  const bytes = Buffer.alloc(48)
  bytes.set(wav.subarray(0, 44))
  bytes.writeUInt16LE(3, 20)
  bytes.writeUInt16LE(32, 34)
  bytes.writeUInt32LE(4, 40)
  bytes.writeFloatLE(NaN, 44)
  return bytes
}

test('more than ten minutes are refused, in every format', () => {
  const silence = new Float32Array(8000 * 601)
  expect(() => decodeAudio(writeWav(silence, 8000))).toThrow('longer than 600 s')
  expect(() => decodeAudio(encodedAudio('flac', silence, 8000))).toThrow('longer than 600 s')
  expect(() => decodeAudio(new Uint8Array(8000 * 2 * 601), { pcmRate: 8000 })).toThrow('longer than 600 s')
})

test('a file that refers to other files opens none of them', () => {
  const list = `#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n`
  expect(() => decodeAudio(Buffer.from(list))).toThrow('It is text')
  // After a tag it is read as MP3, whose demuxer reads frames and nothing else.
  const tagged = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), Buffer.from(list)])
  expect(() => decodeAudio(tagged)).toThrow(Error)
})

describe('damaged files', () => {
  const kinds = ['wav', ...encoded] as const
  const short = speechLike(0.5, sampleRate, 2)
  test.each(kinds)('of kind %s give finite samples or a plain error', (kind) => {
    const file = kind === 'wav' ? writeWav(short, sampleRate) : encodedAudio(kind, short, sampleRate)
    const random = randomFrom(4747)
    for (let round = 0; round < 300; round++) {
      const damaged = damage(file, random, round)
      try {
        const found = decodeAudio(damaged, round % 2 === 0 ? {} : { pcmRate: sampleRate })
        expect(found.samples.every(Number.isFinite)).toBe(true)
        expect(found.samples.length).toBeGreaterThan(0)
      } catch (error) {
        expect((error as Error).constructor).toBe(Error)
      }
    }
  })

  test.each(['flac', 'adts', 'm4a'] as const)('of kind %s that end early are refused', (kind) => {
    const file = fileOf(kind)
    expect(() => decodeAudio(file.subarray(0, Math.floor(file.length * 0.61)))).toThrow(Error)
  })
})

/** Flips some bits, half of them in the header; or truncates; or both. */
function damage(file: Uint8Array, random: () => number, round: number): Uint8Array {
  const damaged = new Uint8Array(file)
  const flips = round % 3 === 1 ? 0 : 1 + Math.floor(random() * 20)
  for (let flip = 0; flip < flips; flip++) {
    const reach = random() < 0.5 ? Math.min(300, file.length) : file.length
    damaged[Math.floor(random() * reach)]! ^= 1 << Math.floor(random() * 8)
  }
  return round % 3 === 0 ? damaged : damaged.subarray(0, Math.floor(random() * file.length))
}
