import { expect, test } from 'vitest'
import { encodedAudio } from '../../../test/fixtures/encoded-audio.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { detectContainer, isText } from './audio-kind.ts'
import { writeWav } from './wav.ts'

const samples = speechLike(0.3, 24_000)
const mp3 = encodedAudio('mp3', samples, 24_000)
const adts = encodedAudio('adts', samples, 24_000)

test('each container is detected by its first bytes', () => {
  expect(detectContainer(writeWav(samples, 24_000))).toBe('wav')
  expect(detectContainer(mp3)).toBe('mp3')
  expect(detectContainer(encodedAudio('opus', samples, 24_000))).toBe('ogg')
  expect(detectContainer(encodedAudio('vorbis', samples, 24_000))).toBe('ogg')
  expect(detectContainer(encodedAudio('flac', samples, 24_000))).toBe('flac')
  expect(detectContainer(adts)).toBe('adts')
  expect(detectContainer(encodedAudio('m4a', samples, 24_000))).toBe('m4a')
})

test('MP3 and ADTS frames are detected with and without a tag before them', () => {
  const tagBytes = 10 + mp3[9]! + (mp3[8]! << 7)
  const [tag, frames] = [mp3.subarray(0, tagBytes), mp3.subarray(tagBytes)]
  expect(Buffer.from(tag.subarray(0, 3)).toString()).toBe('ID3')
  expect(detectContainer(frames)).toBe('mp3')
  expect(detectContainer(Buffer.concat([tag, adts]))).toBe('adts')
  for (const rate of [16_000, 22_050, 44_100, 48_000]) {
    const file = encodedAudio('mp3', speechLike(0.3, rate), rate)
    expect(detectContainer(file.subarray(10 + file[9]!))).toBe('mp3')
  }
})

test('raw samples are no container, even where they contain a sync word', () => {
  expect(detectContainer(new Uint8Array(Int16Array.of(-1, 0, 1, -1, 0, 0, 0, 0).buffer))).toBeUndefined()
  expect(detectContainer(new Uint8Array(Int16Array.of(-3585, -3000, -1200, 5, 0, 0).buffer))).toBeUndefined()
  expect(detectContainer(new Uint8Array(Int16Array.of(-1025, -28_000, 5, 6, 7, 8).buffer))).toBeUndefined()
  // A complete frame header without a second frame at its end.
  for (const head of [adts.subarray(0, 7), mp3.subarray(10 + mp3[9]!, 14 + mp3[9]!)]) {
    expect(detectContainer(Buffer.concat([head, new Uint8Array(10_000)]))).toBeUndefined()
  }
  expect(detectContainer(new Uint8Array(1000))).toBeUndefined()
  expect(detectContainer(new Uint8Array(0))).toBeUndefined()
})

test('text is distinguished from audio', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text)
  expect(isText(bytes('{"error": "no"}'))).toBe(true)
  expect(isText(bytes('<!DOCTYPE html>\n<title>502</title>'))).toBe(true)
  expect(isText(bytes('không có giọng đọc '.repeat(100)))).toBe(true)
  for (let cut = 505; cut < 520; cut++) expect(isText(bytes('語'.repeat(200)).subarray(0, cut))).toBe(true)
  expect(isText(new Uint8Array(0))).toBe(false)
  expect(isText(mp3)).toBe(false)
  expect(isText(new Uint8Array(Int16Array.of(100, 120, 90, 200, 3000).buffer))).toBe(false)
  expect(isText(Uint8Array.of(0x41, 0xff, 0x42))).toBe(false)
})
