import { afterAll, expect, test, vi } from 'vitest'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { randomFrom, speechLike } from '../../../test/fixtures/speech-like.ts'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { AacEncoder, decodeAdts } from '../codec/aac.ts'
import { adtsPayload } from '../codec/adts.ts'
import { makeClip } from '../mastering/clip-encoder.ts'
import { type ChapterFile, chapterFileSize, layOutChapter, partsOf } from './chapter-mp4.ts'
import { titleSamples } from './mp4-chapters.ts'

const encoder = new AacEncoder()
afterAll(() => encoder.close())

const tags = {
  title: 'Chapter “One”',
  novelTitle: '西遊記',
  author: 'Lê Lựu',
  narrator: 'Heart',
  published: '1926',
}
const clips = [1, 2, 3, 4, 5].map((seed) =>
  makeClip(
    { samples: speechLike(0.4 + seed / 4, sampleRate, seed), sampleRate, words: [] },
    { gain: 1, pauseSeconds: 0.25 },
    encoder,
  ),
)
const payloads = clips.map((clip) => adtsPayload(clip.adts, clip.frameSizes))
const frames = clips.reduce((sum, clip) => sum + clip.frameSizes.length, 0)
const file = layOutChapter(
  clips.map((clip) => clip.frameSizes),
  { ...tags, number: 3, of: 12 },
)
const whole = bytesBetween(file, 0, file.size)

function bytesBetween(chapter: ChapterFile, start: number, end: number): Buffer {
  const parts = [...partsOf(chapter, start, end)]
  return Buffer.concat(
    parts.map((part) =>
      (part.clip === undefined ? chapter.header : payloads[part.clip]!).subarray(part.start, part.end),
    ),
  )
}

/** Content of the first box at a path of types, from the beginning of the file. */
function boxAt(bytes: Buffer, path: readonly string[]): Buffer {
  let content = bytes
  for (const type of path) {
    let at = 0
    while (content.toString('latin1', at + 4, at + 8) !== type) {
      at += content.readUInt32BE(at)
      if (at >= content.length) throw new Error(`There is no ${type}`)
    }
    content = content.subarray(at + 8, at + content.readUInt32BE(at))
  }
  return content
}
const stbl = ['moov', 'trak', 'mdia', 'minf', 'stbl']

test('FFmpeg reads the chapter: its exact length, every frame, nothing truncated', () => {
  const found = demux(whole)
  expect(found).toMatchObject({
    format: expect.stringContaining('m4a'),
    codecRate: 24_000,
    channels: 1,
    timescale: 24_000,
    duration: frames * frameSamples,
    startTime: 0,
  })
  expect(found.times).toEqual(Array.from({ length: frames }, (_, i) => i * frameSamples))
  expect(Buffer.concat(found.frames).equals(Buffer.concat(payloads))).toBe(true)
  expect(found.samples).toEqual(decodeAdts(Buffer.concat(clips.map((clip) => clip.adts))))
})

test('a seek lands in the requested frame', () => {
  const wished = [0, 1, 1_023, 1_024, 50_000, frames * frameSamples - 1]
  const { sought } = demux(whole, wished)
  expect(sought).toEqual(wished.map((time) => time - (time % frameSamples)))
})

test('a player shows title, novel, author, narrator, year and number', () => {
  expect(demux(whole).tags).toMatchObject({
    title: 'Chapter “One”',
    album: '西遊記',
    artist: 'Lê Lựu',
    album_artist: 'Lê Lựu',
    composer: 'Heart',
    date: '1926',
    track: '3/12',
    genre: 'Audiobook',
    media_type: '2',
  })
})

test('the cover is stored unchanged', () => {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const { header } = layOutChapter([[9]], { ...tags, cover: { mediaType: 'image/png', bytes } })
  expect(
    boxAt(Buffer.from(header), ['moov', 'udta']).includes(
      Buffer.concat([Buffer.from([0, 0, 0, 14, 0, 0, 0, 0]), bytes]),
    ),
  ).toBe(true)
})

test('any range of bytes is that range of the whole', () => {
  const random = randomFrom(4)
  const check = (start: number, end: number): void =>
    expect(bytesBetween(file, start, end).equals(whole.subarray(start, end))).toBe(true)
  for (let i = 0; i < 500; i++) {
    const start = Math.floor(random() * file.size)
    check(start, start + 1 + Math.floor(random() ** 3 * (file.size - start)))
  }
  for (const edge of file.clipStarts) {
    check(edge - 1, edge + 1)
    check(edge, edge + 1)
    check(edge - 1, edge)
  }
  check(0, file.header.length)
  check(file.size - 1, file.size + 100)
})

test('an empty range and one beyond the end are empty', () => {
  expect([...partsOf(file, 50, 50)]).toEqual([])
  expect([...partsOf(file, file.size, file.size + 9)]).toEqual([])
})

test('only the clips that overlap a range are requested', () => {
  const start = file.clipStarts[2]!
  expect([...partsOf(file, start + 5, start + 9)]).toEqual([{ clip: 2, start: 5, end: 9 }])
})

test('the same chapter gives the same header', () => {
  const again = layOutChapter(
    clips.map((clip) => Uint16Array.from(clip.frameSizes)),
    { ...tags, number: 3, of: 12 },
  )
  expect(again).toEqual(file)
})

test('the file’s size matches its boxes, moov before mdat', () => {
  let at = 0
  const types: string[] = []
  while (at < whole.length) {
    types.push(whole.toString('latin1', at + 4, at + 8))
    at += whole.readUInt32BE(at)
  }
  expect(types).toEqual(['ftyp', 'moov', 'mdat'])
  expect(at).toBe(whole.length)
})

test('a chapter of more than 4 GB has 64-bit offsets, sizes and times', () => {
  const sizes = new Uint16Array(5_000).fill(8_000)
  const many = Array.from({ length: 140 }, () => sizes)
  const chapter = layOutChapter(many, tags)
  const payload = 140 * 5_000 * 8_000
  expect(chapter.size).toBe(chapter.header.length + payload)
  const header = Buffer.from(chapter.header)
  const mdat = header.subarray(-16)
  expect([mdat.readUInt32BE(0), mdat.toString('latin1', 4, 8)]).toEqual([1, 'mdat'])
  expect(Number(mdat.readBigUInt64BE(8))).toBe(payload + 16)
  const co64 = boxAt(header, [...stbl, 'co64'])
  expect(co64.readUInt32BE(4)).toBe(140)
  for (const clip of [0, 1, 107, 139]) {
    const offset = Number(co64.readBigUInt64BE(8 + clip * 8))
    expect(offset).toBe(chapter.header.length + clip * 40_000_000)
    expect([...partsOf(chapter, offset, offset + 3)]).toEqual([{ clip, start: 0, end: 3 }])
  }
  expect(boxAt(header, [...stbl, 'stsc']).readUInt32BE(4)).toBe(140)
  expect(chapterFileSize({ clips: 140, frames: 700_000, bytes: payload }, tags)).toBe(chapter.size)
  expect(boxAt(header, [...stbl, 'stsz']).readUInt32BE(8)).toBe(700_000)
})

test('below 4 GB offsets have 32 bits; beyond 49 hours times have 64', () => {
  expect(boxAt(whole, [...stbl, 'stco']).readUInt32BE(8)).toBe(file.header.length)
  const long = layOutChapter([new Uint16Array(4_200_000).fill(300)], tags)
  const mdhd = boxAt(Buffer.from(long.header), ['moov', 'trak', 'mdia', 'mdhd'])
  expect(mdhd[0]).toBe(1)
  expect(Number(mdhd.readBigUInt64BE(24))).toBe(4_200_000 * 1_024)
  const elst = boxAt(Buffer.from(long.header), ['moov', 'trak', 'edts', 'elst'])
  expect(Number(elst.readBigUInt64BE(8))).toBe(4_200_000 * 1_024)
  expect(Number(elst.readBigUInt64BE(16))).toBe(0)
})

test('the file size is computed without laying the chapter out', () => {
  const random = randomFrom(11)
  for (let round = 0; round < 200; round++) {
    const sizes = Array.from({ length: Math.floor(random() * 6) }, () =>
      Array.from({ length: Math.floor(random() * 30) }, () => Math.floor(random() * 700)),
    )
    const chapterTags = {
      title: 'é'.repeat(Math.floor(random() * 50)),
      novelTitle: 'The Road',
      author: random() < 0.5 ? '' : 'Anna Bell',
      ...(random() < 0.5 && { narrator: 'Heart' }),
      ...(random() < 0.5 && { number: 7 }),
    }
    const flat = sizes.flat()
    const known = {
      clips: sizes.length,
      frames: flat.length,
      bytes: flat.reduce((sum, size) => sum + size, 0),
    }
    expect(chapterFileSize(known, chapterTags)).toBe(layOutChapter(sizes, chapterTags).size)
  }
  const long = [new Uint16Array(4_200_000).fill(300)]
  const known = { clips: 1, frames: 4_200_000, bytes: 1_260_000_000 }
  expect(chapterFileSize(known, tags)).toBe(layOutChapter(long, tags).size)
})

test('sizes and titles of 2,000 chapters are found without making boxes for each', () => {
  const titles = Array.from({ length: 2000 }, (_, at) => `Chapter ${at + 1}`)
  const spy = vi.spyOn(Buffer, 'from')
  const boxesOf = (work: () => unknown): number => {
    spy.mockClear()
    work()
    return spy.mock.calls.length
  }
  const known = { clips: 1, frames: 2, bytes: 300 }
  const sizes = () =>
    titles.map((title, at) => chapterFileSize(known, { title, novelTitle: 'A', author: 'B', number: at + 1 }))
  expect(boxesOf(sizes)).toBeLessThan(100)
  // A title is bytes of its own.
  const samples = () => titleSamples(titles.map((title) => ({ title, frames: 1 })))
  expect(boxesOf(samples)).toBeLessThan(2 * titles.length)
  spy.mockRestore()
})
