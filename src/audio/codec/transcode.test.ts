import { buffer } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { decodeAdts, AacEncoder } from './aac.ts'
import { makeClip } from '../mastering/clip-encoder.ts'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { concatenate, toInt16 } from '../samples.ts'
import { type AudioFormat, audioFormats } from './audio-formats.ts'
import { speechLike } from '../../../test/fixtures/speech-like.ts'
import { transcode, type TranscodeOptions } from './transcode.ts'

using encoder = new AacEncoder()
const clips = [1, 2, 3, 4, 5].map((seed) =>
  makeClip(
    { samples: speechLike(0.3 + seed / 3, sampleRate, seed), sampleRate, words: [] },
    { gain: 1, pauseSeconds: 0.25 },
    encoder,
  ),
)
/** What a listener of the clips hears. */
const heard = concatenate(clips.map((clip) => decodeAdts(clip.adts)))

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

function whole(format: AudioFormat, options: TranscodeOptions = {}): Promise<Buffer> {
  return buffer(transcode(each(clips), format, options))
}

/** How alike `heard` and the samples from `delay` on are: 1 is the same, 0 has nothing to do with it. */
function likeness(samples: Float32Array, delay: number): number {
  let [both, first, second] = [0, 0, 0]
  for (let i = 0; i < heard.length; i++) {
    const [x, y] = [heard[i]!, samples[i + delay] ?? 0]
    both += x * y
    first += x * x
    second += y * y
  }
  return both / Math.sqrt(first * second)
}

/** Hiss, of which the test's speech has much, is what codecs keep least of. */
function expectHeard(samples: Float32Array, delay: number): void {
  expect(likeness(samples, delay)).toBeGreaterThan(0.94)
  for (const off of [-2, -1, 1, 2]) {
    expect(likeness(samples, delay + off)).toBeLessThan(likeness(samples, delay))
  }
}

test('PCM is the clips’ samples in 16 bits, one clip after the other', async () => {
  const bytes = await whole('pcm')
  expect(bytes.equals(Buffer.from(toInt16(heard).buffer))).toBe(true)
})

test.for(['wav', 'flac'] as const)('%s holds the very samples of the clips in 16 bits', async (format) => {
  const found = demux(await whole(format))
  expect(found).toMatchObject({ format, codecRate: sampleRate, channels: 1 })
  expect(toInt16(found.samples)).toEqual(toInt16(heard))
})

test('a WAV whose end nobody knows yet claims the longest length there is', async () => {
  const bytes = await whole('wav')
  expect(bytes.readUInt32LE(4)).toBe(0xffffffff)
  expect(bytes.toString('latin1', 36, 40)).toBe('data')
  expect(bytes.readUInt32LE(40)).toBe(0xffffffff)
  expect(bytes).toHaveLength(44 + heard.length * 2)
})

test('Opus decodes to 48 kHz, to the sample as long as the clips, and sounds like them', async () => {
  const found = demux(await whole('opus'))
  expect(found).toMatchObject({ format: 'ogg', codecRate: 48_000, channels: 1, timescale: 48_000 })
  expect(found.samples).toHaveLength(heard.length * 2)
  expectHeard(
    found.samples.filter((_, i) => i % 2 === 0),
    0,
  )
  expect(found.times.every((time, i) => i === 0 || time > found.times[i - 1]!)).toBe(true)
})

test('MP3 is frames of one size and nothing else, and sounds like the clips after LAME’s delay', async () => {
  const bytes = await whole('mp3')
  const found = demux(bytes)
  expect(found).toMatchObject({ format: 'mp3', codecRate: sampleRate, channels: 1 })
  // 64 kb/s, MPEG-2 layer III at 24 kHz: 576 samples in 192 bytes.
  expect(new Set(found.frames.map((frame) => frame.length))).toEqual(new Set([192]))
  expect(bytes).toHaveLength(found.frames.length * 192)
  const delay = 1105
  expect(found.samples.length - heard.length).toBeGreaterThanOrEqual(delay)
  expect(found.samples.length - heard.length).toBeLessThan(delay + 2 * 576)
  expectHeard(found.samples, delay)
})

test.for(['mp3', 'opus', 'flac'] as const)('%s carries the tags it is given', async (format) => {
  const tags = { title: 'Chapter “One”', artist: 'Lê Lựu', album: '西遊記', track: '3/12' }
  const found = demux(await whole(format, { tags }))
  expect(found.tags).toMatchObject(tags)
  expect(found.samples.length).toBeGreaterThanOrEqual(heard.length)
})

test.for(audioFormats)('the same clips become the same %s', async (format) => {
  expect((await whole(format)).equals(await whole(format))).toBe(true)
})

test.for(audioFormats)('%s of a clip leaves before the next clip is asked for', async (format) => {
  const events: string[] = []
  const second = Promise.withResolvers<void>()
  async function* slow() {
    yield clips[4]!
    events.push('asked')
    await second.promise
    yield clips[1]!
  }
  let bytes = 0
  // Of 2 seconds, all but what an encoder holds back.
  const enough = { mp3: 14_000, opus: 8_000, flac: 30_000, wav: 85_000, pcm: 85_000 }[format]
  for await (const chunk of transcode(slow(), format)) {
    bytes += chunk.length
    if (bytes < enough || events.includes('heard')) continue
    events.push('heard')
    second.resolve()
  }
  expect(events.toSorted()).toEqual(['asked', 'heard'])
})

test('clips are asked for no faster than the stream is read', async () => {
  let asked = 0
  async function* endless() {
    for (;;) {
      asked++
      yield clips[4]!
    }
  }
  for await (const chunk of transcode(endless(), 'wav')) {
    expect(chunk.length).toBeGreaterThan(0)
    // What the pipe and the clip in hand hold, at 97 kB a clip, while nobody reads on.
    await new Promise((resolve) => {
      setTimeout(resolve, 500)
    })
    break
  }
  expect(asked).toBeLessThan(20)
})

test('what the clips throw is thrown, after what was before it', async () => {
  async function* broken() {
    yield clips[0]!
    throw new Error('no voice any more')
  }
  let bytes = 0
  const listening = async () => {
    for await (const chunk of transcode(broken(), 'wav')) bytes += chunk.length
  }
  await expect(listening()).rejects.toThrow('no voice any more')
  expect(bytes).toBeLessThan(heard.length * 2)
})

test('a clip that is none ends the stream with an error', async () => {
  const damaged = { ...clips[1]!, adts: clips[1]!.adts.subarray(0, 500) }
  const listening = buffer(transcode(each([clips[0]!, damaged, clips[2]!]), 'mp3'))
  await expect(listening).rejects.toThrow(/the transcoder ended \(exit code/)
})

test('an abort ends the stream at once, though the clips know nothing of it', async () => {
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

/** Processes that this one has started and that are alive. */
function children(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'ProcessWrap').length
}

test('who stops listening stops the clips and the process', async () => {
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

test('even no clips at all are a whole file, of no length', async () => {
  const bytes = await buffer(transcode(each([]), 'wav'))
  expect(bytes).toHaveLength(44)
  expect(heard.length % frameSamples).toBe(0)
})
