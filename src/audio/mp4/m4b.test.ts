import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { jpegCover } from '../../../test/fixtures/cover.ts'
import { demux } from '../../../test/fixtures/demuxed.ts'
import { randomFrom, speechLike } from '../../../test/fixtures/speech-like.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { frameSamples, sampleRate } from '../../novel/clip.ts'
import { AacEncoder, decodeAdts } from '../codec/aac.ts'
import { adtsPayload } from '../codec/adts.ts'
import { makeClip } from '../mastering/clip-encoder.ts'
import { type BookFile, type ChapterSizes, extentsBetween, layOutBook, tableRows } from './m4b.ts'
import type { BookTags } from './mp4-tags.ts'

const encoder = new AacEncoder()
afterAll(() => encoder.close())

const tags: BookTags = {
  title: '西遊記',
  author: 'Lê Lựu',
  narrator: 'Heart',
  published: '1926',
  description: 'A monk, a monkey.\nAnd a road.',
  comment: 'Chapters 1–3 of 9',
  language: 'zh-Hant',
  series: { name: 'The Road', position: '2' },
  part: { number: 1, of: 3 },
  cover: { mediaType: 'image/jpeg', bytes: jpegCover },
}

interface Spoken {
  readonly title: string
  readonly sizes: readonly (readonly number[])[]
  readonly payload: Uint8Array
  readonly adts: Uint8Array
}

let seed = 0
const chapters = ['One', 'Zwei — „drei“', '四'].map((title, at): Spoken => {
  const clips = Array.from({ length: 2 + at }, () =>
    makeClip(
      { samples: speechLike(0.3 + (++seed % 4) / 5, sampleRate, seed), sampleRate, words: [] },
      { gain: 1, pauseSeconds: 0.25 },
      encoder,
    ),
  )
  return {
    title,
    sizes: clips.map(({ frameSizes }) => frameSizes),
    payload: Buffer.concat(clips.map((clip) => adtsPayload(clip.adts, clip.frameSizes))),
    adts: Buffer.concat(clips.map(({ adts }) => adts)),
  }
})

function sizesOf(sizes: readonly (readonly number[])[]): ChapterSizes {
  const framesBefore = Uint32Array.from([0, ...sizes.map((_, at) => sizes.slice(0, at + 1).flat().length)])
  const bytesBefore = Float64Array.from([
    0,
    ...sizes.map((_, at) =>
      sizes
        .slice(0, at + 1)
        .flat()
        .reduce((sum, size) => sum + size, 0),
    ),
  ])
  return { frames: Uint16Array.from(sizes.flat()), framesBefore, bytesBefore }
}

function laidOut(spoken: readonly Pick<Spoken, 'title' | 'sizes' | 'payload'>[], bookTags = tags): BookFile {
  const known = spoken.map(({ title, sizes, payload }) => {
    return { title, clips: sizes.length, frames: sizes.flat().length, bytes: payload.length }
  })
  return layOutBook(known, bookTags)
}

function bytesBetween(
  file: BookFile,
  start: number,
  end: number,
  spoken: readonly Spoken[] = chapters,
): Buffer {
  const parts = [...extentsBetween(file, start, end)].map(({ extent, from, to }) => {
    if (extent instanceof Uint8Array) return extent.subarray(from, to)
    const { sizes, payload } = spoken[extent.chapter]!
    if (extent.of === 'frames') return payload.subarray(from, to)
    return tableRows(file, extent.of, extent.chapter, sizesOf(sizes), from, to)
  })
  return Buffer.concat(parts)
}

const file = laidOut(chapters)
const whole = bytesBetween(file, 0, file.size)
const frames = chapters.flatMap(({ sizes }) => sizes).flat().length

/** Content of the boxes at a path of types, from the beginning of the file. */
function boxesAt(bytes: Buffer, [type, ...rest]: readonly string[]): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at) || bytes.length) {
    if (bytes.toString('latin1', at + 4, at + 8) !== type) continue
    const content = bytes.subarray(at + 8, at + bytes.readUInt32BE(at))
    found.push(...(rest.length === 0 ? [content] : boxesAt(content, rest)))
  }
  return found
}
const stbl = ['moov', 'trak', 'mdia', 'minf', 'stbl']

test('FFmpeg reads the book: its exact length, every frame, nothing truncated', () => {
  const found = demux(whole)
  expect(whole).toHaveLength(file.size)
  expect(found).toMatchObject({
    format: expect.stringContaining('m4a'),
    codecRate: 24_000,
    channels: 1,
    timescale: 24_000,
    duration: frames * frameSamples,
    startTime: 0,
  })
  expect(found.times).toEqual(Array.from({ length: frames }, (_, i) => i * frameSamples))
  expect(Buffer.concat(found.frames).equals(Buffer.concat(chapters.map(({ payload }) => payload)))).toBe(true)
  expect(found.samples).toEqual(decodeAdts(Buffer.concat(chapters.map(({ adts }) => adts))))
})

test('a seek lands in the requested frame, in every chapter', () => {
  const wished = [0, 1_023, 1_024, 30_000, 60_000, frames * frameSamples - 1]
  expect(demux(whole, wished).sought).toEqual(wished.map((time) => time - (time % frameSamples)))
})

test('a player shows title, author, narrator, year, series, part and cover', () => {
  const { tags: shown, pictures } = demux(whole)
  expect(shown).toMatchObject({
    title: '西遊記 (part 1 of 3)',
    album: '西遊記',
    artist: 'Lê Lựu',
    album_artist: 'Lê Lựu',
    composer: 'Heart',
    date: '1926',
    genre: 'Audiobook',
    media_type: '2',
    disc: '1/3',
    comment: 'Chapters 1–3 of 9',
    description: tags.description,
    synopsis: tags.description,
    SERIES: 'The Road',
    'SERIES-PART': '2',
    LANGUAGE: 'zh-Hant',
    language: 'zho',
  })
  expect(pictures.map((picture) => Buffer.from(picture))).toEqual([jpegCover])
})

test('FFmpeg reads the book without warnings', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'book.m4b')
  await writeFile(path, whole)
  const there = fileURLToPath(new URL('../../../test/program/demux-process.ts', import.meta.url))
  const { stderr, status } = spawnSync(process.execPath, [there, path], { encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
})

test('a JPEG without an end marker is given one', () => {
  const cut = jpegCover.subarray(0, -2)
  const cover = { mediaType: 'image/jpeg' as const, bytes: cut }
  const mended = laidOut(chapters, { ...tags, cover })
  const { pictures } = demux(bytesBetween(mended, 0, mended.size))
  expect(pictures.map((picture) => Buffer.from(picture))).toEqual([jpegCover])
})

test('the chapters are in a text track that the audio track references', () => {
  const [sound, titles] = boxesAt(whole, ['moov', 'trak'])
  expect(boxesAt(sound!, ['tref', 'chap'])[0]?.readUInt32BE()).toBe(2)
  expect(boxesAt(titles!, ['tkhd'])[0]?.readUInt32BE(12)).toBe(2)
  const table = boxesAt(titles!, ['mdia', 'minf', 'stbl'])[0]!
  const sizes = boxesAt(table, ['stsz'])[0]!
  const times = boxesAt(table, ['stts'])[0]!
  let at = boxesAt(table, ['stco'])[0]!.readUInt32BE(8)
  for (const [index, { title, sizes: clips }] of chapters.entries()) {
    const length = whole.readUInt16BE(at)
    expect(whole.toString('utf8', at + 2, at + 2 + length)).toBe(title)
    expect(times.readUInt32BE(12 + index * 8)).toBe(clips.flat().length * frameSamples)
    at += sizes.readUInt32BE(12 + index * 4)
  }
})

test('the chapters are also in Nero’s list, which counts them in one byte', () => {
  const [list] = boxesAt(whole, ['moov', 'udta', 'chpl'])
  expect(list?.[8]).toBe(3)
  const second = 9 + 8 + 1 + list!.readUInt8(17)
  const seconds = (chapters[0]!.sizes.flat().length * frameSamples) / sampleRate
  expect(Number(list?.readBigUInt64BE(second))).toBe(Math.round(seconds * 1e7))
  const [most] = listOf(255)
  expect(most?.[8]).toBe(255)
  const title = most!.toString('utf8', 18, 18 + most!.readUInt8(17))
  expect(title).toBe(`0 ${'长'.repeat(84)}`)
})

test('a book with more chapters has no Nero list, since players that read it would hide the rest', () => {
  expect(listOf(256)).toEqual([])
})

/** Nero's list of a book with so many chapters. */
function listOf(length: number): Buffer[] {
  const many = Array.from({ length }, (_, at) => ({ ...chapters[0]!, title: `${at} ${'长'.repeat(200)}` }))
  const long = laidOut(many)
  return boxesAt(bytesBetween(long, 0, long.chapterStarts[0]!, many), ['moov', 'udta', 'chpl'])
}

test('any range of bytes is that range of the whole', () => {
  const random = randomFrom(7)
  const check = (start: number, end: number): void =>
    expect(bytesBetween(file, start, end).equals(whole.subarray(start, end))).toBe(true)
  for (let i = 0; i < 500; i++) {
    const start = Math.floor(random() * file.size)
    check(start, start + 1 + Math.floor(random() ** 3 * (file.size - start)))
  }
  for (const edge of file.extentStarts) {
    check(Math.max(0, edge - 1), edge + 1)
    check(edge, edge + 3)
  }
  check(file.size - 1, file.size + 100)
  expect([...extentsBetween(file, 50, 50)]).toEqual([])
  expect([...extentsBetween(file, file.size, file.size + 9)]).toEqual([])
})

test('each clip is a chunk whose offset is the position of its frames', () => {
  const offsets = boxesAt(whole, [...stbl, 'stco'])[0]!
  const chunks = boxesAt(whole, [...stbl, 'stsc'])[0]!
  const clips = chapters.flatMap(({ sizes }) => sizes)
  expect(offsets.readUInt32BE(4)).toBe(clips.length)
  let at = file.chapterStarts[0]!
  for (const [index, sizes] of clips.entries()) {
    expect(offsets.readUInt32BE(8 + index * 4)).toBe(at)
    expect([0, 4].map((field) => chunks.readUInt32BE(8 + index * 12 + field))).toEqual([
      index + 1,
      sizes.length,
    ])
    at += sizes.reduce((sum, size) => sum + size, 0)
  }
  expect(at).toBe(file.size)
})

test('a book of more than 4 GB has 64-bit offsets and sizes and is never in memory', () => {
  const known = Array.from({ length: 200 }, (_, at) => ({
    title: `Chapter ${at + 1}`,
    clips: 400,
    frames: 100_000,
    bytes: 30_000_000,
  }))
  const book = layOutBook(known, { ...tags, language: 'tlh' })
  const held = book.extents.reduce(
    (sum, extent) => sum + (extent instanceof Uint8Array ? extent.length : 0),
    0,
  )
  expect(held).toBeLessThan(50_000)
  expect(book.size).toBeGreaterThan(6_000_000_000)
  const mdat = book.extents.findLast((extent) => extent instanceof Uint8Array) as Buffer
  const at = mdat.indexOf('mdat')
  expect(mdat.readUInt32BE(at - 4)).toBe(1)
  const header = book.extentStarts[book.extents.indexOf(mdat)]! + at - 4
  expect(Number(mdat.readBigUInt64BE(at + 4))).toBe(book.size - header)
  const last = Float64Array.from({ length: 401 }, (_, clip) => clip * 75_000)
  const sizes = { frames: new Uint16Array(0), framesBefore: new Uint32Array(401), bytesBefore: last }
  const rows = Buffer.from(tableRows(book, 'offsets', 199, sizes, 0, 3_200))
  expect(Number(rows.readBigUInt64BE(8 * 399))).toBe(book.size - 75_000)
})
