import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { parseBuffer } from 'music-metadata'
import { expect, test } from 'vitest'
import { demux } from '../../test/fixtures/demuxed.ts'
import { speechLike } from '../../test/fixtures/speech-like.ts'
import { AacEncoder, decodeAdts } from '../audio/codec/aac.ts'
import { makeClip } from '../audio/mastering/clip-encoder.ts'
import { concatenate } from '../audio/samples.ts'
import { type TranscodeFormat, transcodeFormats, type TranscodeTags } from '../novel/chapter-transcode.ts'
import { frameSamples, sampleRate } from '../novel/clip.ts'
import type { SectionMark } from '../novel/section-marks.ts'
import { openDataFolder } from './local/data-paths.ts'
import { FolderObjectStore } from './folder/folder-object-store.ts'
import { estimateTranscodeBytes, writeTranscode } from './transcode-files.ts'

using encoder = new AacEncoder()
const clips = [1, 2, 3, 4].map((seed) =>
  makeClip(
    { samples: speechLike(0.3 + seed / 3, sampleRate, seed), sampleRate, words: [] },
    { gain: 1, pauseSeconds: 0.25 },
    encoder,
  ),
)
const original = concatenate(clips.map((clip) => decodeAdts(clip.adts)))
const frames = original.length / frameSamples

const tags: TranscodeTags = {
  title: 'Chương 3: “Mưa”',
  novelTitle: '西遊記',
  author: 'Lê Lựu',
  narrator: 'Heart',
  number: 3,
  of: 12,
  language: 'vi-VN',
  published: '1899',
  series: { name: 'Nights', position: '2' },
}
/** Three marks: over the first two clips, the third and the fourth. */
const marks: readonly SectionMark[] = [
  { title: 'Chương 3: “Mưa”', clips: 2 },
  { title: '话说天下大势，分久必合…', clips: 1 },
  { title: 'The last night', clips: 1 },
].map(({ title, clips: own }, at, all) => {
  const before = all.slice(0, at).reduce((sum, { clips }) => sum + clips, 0)
  const seconds = (count: number) =>
    clips.slice(0, count).reduce((sum, clip) => sum + decodeAdts(clip.adts).length, 0) / sampleRate
  return { title, from: seconds(before), to: seconds(before + own) }
})

/** Larger than an Ogg page and than the maximum length of a process argument. */
const cover = {
  mediaType: 'image/jpeg' as const,
  bytes: Uint8Array.from({ length: 300_000 }, (_, at) => (at * 131) % 256),
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

function target() {
  const folder = openDataFolder(mkdtempSync(join(tmpdir(), 'nightjar-transcode-')))
  return { folder, objects: new FolderObjectStore(folder.root, folder.temporary) }
}

async function transcoded(
  form: TranscodeFormat,
  options: { cover?: typeof cover; marks?: readonly SectionMark[] } = {},
) {
  const { objects, folder } = target()
  const written = await writeTranscode({ objects, folder }, { key: 'k', form, tags, frames }, each(clips), {
    marks,
    ...options,
    signal: new AbortController().signal,
  })
  expect(readdirSync(folder.temporary)).toEqual([])
  const bytes = readFileSync(join(folder.recordings, 'k'))
  expect(written).toEqual({ bytes: bytes.length, crc32: crc32(bytes) })
  return bytes
}

/** Normalised correlation of every `every`th sample with the original: 1 for equal signals. */
function correlation(samples: Float32Array, every: number, shift = 0): number {
  let [both, first, second] = [0, 0, 0]
  for (let i = 0; i < original.length; i++) {
    const [x, y] = [original[i] ?? 0, samples[(i + shift) * every] ?? 0]
    both += x * y
    first += x * x
    second += y * y
  }
  return both / Math.sqrt(first * second)
}

test.for([
  ['mp3', 1],
  ['opus', 2],
] as const)('%s has exactly the length of its clips and is aligned to the sample', async ([form, every]) => {
  const { samples, frames: packets } = demux(await transcoded(form))
  expect(samples).toHaveLength(original.length * every)
  expect(correlation(samples, every)).toBeGreaterThan(0.94)
  for (const shift of [-2, -1, 1, 2]) {
    expect(correlation(samples, every, shift)).toBeLessThan(correlation(samples, every))
  }
  if (form === 'mp3') expect(new Set(packets.map(({ length }) => length))).toEqual(new Set([192]))
})

test.for(transcodeFormats)('an independent parser finds all tags and the cover in %s', async (form) => {
  const { common, format, quality } = await parseBuffer(await transcoded(form, { cover }))
  expect(common).toMatchObject({
    title: tags.title,
    album: tags.novelTitle,
    artist: tags.author,
    albumartist: tags.author,
    composer: [tags.narrator],
    track: { no: 3, of: 12 },
    genre: ['Audiobook'],
    year: 1899,
    language: form === 'mp3' ? 'vie' : 'vi-VN',
  })
  const [picture] = common.picture ?? []
  expect(picture).toMatchObject({ format: 'image/jpeg', type: 'Cover (front)' })
  expect(Buffer.from(picture?.data ?? []).equals(Buffer.from(cover.bytes))).toBe(true)
  expect(quality.warnings).toEqual([])
  expect(format).toMatchObject({ container: form === 'mp3' ? 'MPEG' : 'Ogg', numberOfChannels: 1 })
  if (form === 'mp3')
    expect(format).toMatchObject({
      bitrate: 64_000,
      codecProfile: 'CBR',
      tool: expect.stringMatching(/^LAME 3/),
    })
})

const inMs = (seconds: number) => Math.round(seconds * 1000)

test('an independent parser finds the marks in MP3, in order and in a table of contents', async () => {
  const { format, native, quality } = await parseBuffer(await transcoded('mp3', { cover }))
  expect(
    format.chapters?.map(({ title, start, end = 0 }) => ({ title, from: inMs(start), to: inMs(end) })),
  ).toEqual(marks.map(({ title, from, to }) => ({ title, from: inMs(from), to: inMs(to) })))
  const contents = native['ID3v2.4']?.filter(({ id }) => id === 'CTOC').map(({ value }) => value)
  expect(contents).toEqual([
    {
      label: 'toc',
      flags: { topLevel: true, ordered: true },
      childElementIds: ['mark0', 'mark1', 'mark2'],
      frames: new Map([['TIT2', tags.title]]),
    },
  ])
  expect(quality.warnings).toEqual([])
})

test('more marks than one table of contents can list are split into several tables below a top-level one', async () => {
  const many = Array.from({ length: 600 }, (_, at) => ({
    title: `Verse ${at + 1}`,
    from: at / 1000,
    to: (at + 1) / 1000,
  }))
  const { native, quality } = await parseBuffer(await transcoded('mp3', { marks: many }))
  const values = <T>(frame: string): T[] =>
    (native['ID3v2.4'] ?? []).filter(({ id }) => id === frame).map(({ value }) => value as T)
  type Contents = { label: string; flags: object; childElementIds: string[] }
  const [top, ...tables] = values<Contents>('CTOC')
  expect(top).toMatchObject({ flags: { topLevel: true }, childElementIds: tables.map(({ label }) => label) })
  expect(tables.map(({ childElementIds }) => childElementIds.length)).toEqual([255, 255, 90])
  for (const { flags } of tables) expect(flags).toEqual({ topLevel: false, ordered: true })
  const marked = values<{ label: string; frames: Map<string, string> }>('CHAP')
  expect(tables.flatMap(({ childElementIds }) => childElementIds)).toEqual(marked.map(({ label }) => label))
  expect(marked.map(({ frames: inside }) => inside.get('TIT2'))).toEqual(many.map(({ title }) => title))
  expect(quality.warnings).toEqual([])
})

test('an independent parser finds the marks in Opus as comments, with times to the millisecond', async () => {
  const { native } = await parseBuffer(await transcoded('opus', { cover }))
  const comments = (native.vorbis ?? []).filter(({ id }) => id.startsWith('CHAPTER'))
  const [first, second, third] = marks
  const clock = (seconds = 0) => `00:00:0${(inMs(seconds) / 1000).toFixed(3)}`
  expect(comments.map(({ id, value }) => [id, value])).toEqual([
    ['CHAPTER000', '00:00:00.000'],
    ['CHAPTER000NAME', first?.title],
    ['CHAPTER001', clock(second?.from)],
    ['CHAPTER001NAME', second?.title],
    ['CHAPTER002', clock(third?.from)],
    ['CHAPTER002NAME', third?.title],
  ])
})

test('the lengths and checksums in an MP3’s info frame match its bytes', async () => {
  const bytes = await transcoded('mp3')
  const at = bytes.indexOf('Info', 0, 'latin1') - 13
  const crc = (part: Uint8Array): number => {
    // Bit by bit, unlike the implementation.
    let register = 0
    for (const byte of part) {
      register ^= byte
      for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >> 1) ^ 0xa001 : register >> 1
    }
    return register
  }
  expect(bytes.readUInt32BE(at + 25)).toBe(bytes.length - at)
  expect(bytes.readUInt32BE(at + 21)).toBe((bytes.length - at) / 192 - 1)
  expect(bytes.readUInt16BE(at + 167)).toBe(crc(bytes.subarray(at, at + 167)))
  expect(bytes.readUInt16BE(at + 165)).toBe(crc(bytes.subarray(at + 192)))
})

test.for(transcodeFormats)(
  'the same clips and tags give the same %s, no larger than estimated',
  async (form) => {
    const [one, other] = [await transcoded(form), await transcoded(form)]
    expect(one.equals(other)).toBe(true)
    expect(one.length).toBeLessThanOrEqual(estimateTranscodeBytes(form, frames))
    const covered = await transcoded(form, { cover })
    const estimate = estimateTranscodeBytes(form, frames, cover.bytes.length)
    expect(covered.length).toBeLessThanOrEqual(estimate)
    expect(covered.length).toBeGreaterThan(estimate * 0.95)
  },
)

test('an error of the clips is rethrown, and no file is left', async () => {
  const { objects, folder } = target()
  async function* broken() {
    yield clips[0]!
    throw new Error('clip is missing')
  }
  const { signal } = new AbortController()
  const writing = writeTranscode({ objects, folder }, { key: 'k', form: 'mp3', tags, frames }, broken(), {
    marks,
    signal,
  })
  await expect(writing).rejects.toThrow('clip is missing')
  expect([...readdirSync(folder.temporary), ...readdirSync(folder.recordings)]).toEqual([])
})
