import { buffer } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { makeClip } from '../mastering/clip-encoder.ts'
import { concatenate, toInt16 } from '../samples.ts'
import { AacEncoder, decodeAdts } from './aac.ts'
import { type AudioFormat, audioFormats } from './audio-formats.ts'
import { transcode, type TranscodeOptions } from './transcode.ts'

using encoder = new AacEncoder()
const clips = [1, 2, 3, 4, 5].map((seed) =>
  makeClip(
    { samples: speechLike(0.3 + seed / 3, sampleRate, seed), sampleRate, words: [] },
    { gain: 1, pauseSeconds: 0.25 },
    encoder,
  ),
)
/** The clips' decoded samples. */
const expected = concatenate(clips.map((clip) => decodeAdts(clip.adts)))

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

function whole(format: AudioFormat, options: TranscodeOptions = {}): Promise<Buffer> {
  return buffer(transcode(each(clips), format, options))
}

/** Correlation of `expected` and the samples from `delay` on: 1 is identical, 0 is unrelated. */
function similarity(samples: Float32Array, delay: number): number {
  let [both, first, second] = [0, 0, 0]
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [expected[i]!, samples[i + delay] ?? 0]
    both += x * y
    first += x * x
    second += y * y
  }
  return both / Math.sqrt(first * second)
}

/** Codecs keep hiss least well, and the test's speech has much of it. */
function expectSimilar(samples: Float32Array, delay: number): void {
  expect(similarity(samples, delay)).toBeGreaterThan(0.94)
  for (const off of [-2, -1, 1, 2]) {
    expect(similarity(samples, delay + off)).toBeLessThan(similarity(samples, delay))
  }
}

test('PCM is the clips’ samples in 16 bits, one clip after the other', async () => {
  const bytes = await whole('pcm')
  expect(bytes.equals(Buffer.from(toInt16(expected).buffer))).toBe(true)
})

test.for(['wav', 'flac'] as const)('%s holds exactly the clips’ samples in 16 bits', async (format) => {
  const found = demux(await whole(format))
  expect(found).toMatchObject({ format, codecRate: sampleRate, channels: 1 })
  expect(toInt16(found.samples)).toEqual(toInt16(expected))
})

test('a WAV of unknown length claims the maximum length', async () => {
  const bytes = await whole('wav')
  expect(bytes.readUInt32LE(4)).toBe(0xffffffff)
  expect(bytes.toString('latin1', 36, 40)).toBe('data')
  expect(bytes.readUInt32LE(40)).toBe(0xffffffff)
  expect(bytes).toHaveLength(44 + expected.length * 2)
})

test('Opus decodes to 48 kHz, is exactly as long as the clips and correlates with them', async () => {
  const found = demux(await whole('opus'))
  expect(found).toMatchObject({ format: 'ogg', codecRate: 48_000, channels: 1, timescale: 48_000 })
  expect(found.samples).toHaveLength(expected.length * 2)
  expectSimilar(
    found.samples.filter((_, i) => i % 2 === 0),
    0,
  )
  expect(found.times.every((time, i) => i === 0 || time > found.times[i - 1]!)).toBe(true)
})

test('MP3 is frames of one size and nothing else, and correlates with the clips after LAME’s delay', async () => {
  const bytes = await whole('mp3')
  const found = demux(bytes)
  expect(found).toMatchObject({ format: 'mp3', codecRate: sampleRate, channels: 1 })
  // 64 kb/s, MPEG-2 layer III at 24 kHz: 576 samples in 192 bytes.
  expect(new Set(found.frames.map((frame) => frame.length))).toEqual(new Set([192]))
  expect(bytes).toHaveLength(found.frames.length * 192)
  const delay = 1105
  expect(found.samples.length - expected.length).toBeGreaterThanOrEqual(delay)
  expect(found.samples.length - expected.length).toBeLessThan(delay + 2 * 576)
  expectSimilar(found.samples, delay)
})

test.for(['mp3', 'opus', 'flac'] as const)('%s carries the tags it is given', async (format) => {
  const tags = { title: 'Chapter “One”', artist: 'Lê Lựu', album: '西遊記', track: '3/12' }
  const found = demux(await whole(format, { tags }))
  expect(found.tags).toMatchObject(tags)
  expect(found.samples.length).toBeGreaterThanOrEqual(expected.length)
})

test.for(audioFormats)('the same clips become the same %s', async (format) => {
  expect((await whole(format)).equals(await whole(format))).toBe(true)
})

test.for(audioFormats)('%s of a clip is sent before the next clip is requested', async (format) => {
  const events: string[] = []
  const second = Promise.withResolvers<void>()
  async function* slow() {
    yield clips[4]!
    events.push('asked')
    await second.promise
    yield clips[1]!
  }
  let bytes = 0
  // Bytes of 2 seconds, less what an encoder holds back.
  const enough = { mp3: 14_000, opus: 8_000, flac: 30_000, wav: 85_000, pcm: 85_000 }[format]
  for await (const chunk of transcode(slow(), format)) {
    bytes += chunk.length
    if (bytes < enough || events.includes('expected')) continue
    events.push('expected')
    second.resolve()
  }
  expect(events.toSorted()).toEqual(['asked', 'expected'])
})

test('clips are requested no faster than the stream is read', async () => {
  let asked = 0
  async function* endless() {
    for (;;) {
      asked++
      yield clips[4]!
    }
  }
  for await (const chunk of transcode(endless(), 'wav')) {
    expect(chunk.length).toBeGreaterThan(0)
    // Capacity of the pipe and of the current clip, at 97 kB a clip, while the reader is paused.
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
    break
  }
  expect(asked).toBeLessThan(20)
})

test('an error of the clips is thrown after the audio before it', async () => {
  async function* broken() {
    yield clips[0]!
    throw new Error('no voice any more')
  }
  let bytes = 0
  const listening = async () => {
    for await (const chunk of transcode(broken(), 'wav')) bytes += chunk.length
  }
  await expect(listening()).rejects.toThrow('no voice any more')
  expect(bytes).toBeLessThan(expected.length * 2)
})

test('an invalid clip ends the stream with an error', async () => {
  const damaged = { ...clips[1]!, adts: clips[1]!.adts.subarray(0, 500) }
  const listening = buffer(transcode(each([clips[0]!, damaged, clips[2]!]), 'mp3'))
  await expect(listening).rejects.toThrow(/the transcoder ended \(exit code/)
})

test('an abort ends the stream at once, even if the clips ignore the signal', async () => {
  const abort = new AbortController()
  async function* stuck() {
    yield clips[0]!
    await new Promise(() => undefined)
  }
  const listening = async () => {
    for await (const chunk of transcode(stuck(), 'pcm', { signal: abort.signal })) {
      expect(chunk.length).toBeGreaterThan(0)
      abort.abort(new Error('enough'))
    }
  }
  await expect(listening()).rejects.toThrow('enough')
})

/** Number of live child processes. */
function children(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length
}

test('closing the stream stops the clips and the process', async () => {
  const stopped = Promise.withResolvers<void>()
  async function* endless() {
    try {
      for (;;) yield clips[0]!
    } finally {
      stopped.resolve()
    }
  }
  for await (const chunk of transcode(endless(), 'opus')) {
    expect(chunk.length).toBeGreaterThan(0)
    expect(children()).toBe(1)
    break
  }
  await stopped.promise
  await vi.waitUntil(() => children() === 0)
})

test('no clips give a complete, empty file', async () => {
  const bytes = await buffer(transcode(each([]), 'wav'))
  expect(bytes).toHaveLength(44)
  expect(expected.length % frameSamples).toBe(0)
})
