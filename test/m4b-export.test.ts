import { afterAll, expect, test } from 'vitest'
import { demux } from './fixtures/demuxed.ts'
import { randomFrom } from './fixtures/speech-like.ts'
import type { ExportForm } from '../src/http/contract/export-contract.ts'
import { frameSamples } from '../src/novel/clip.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import { changeAudio } from './fixtures/corrupt-clips.ts'
import { jpegCover } from './fixtures/cover.ts'
import { longStory } from './fixtures/long-story.ts'
import { novelInParts } from './fixtures/novel-in-parts.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

// The ready chapters of a novel as one M4B.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const sound = { voice: 'odd:hum' }

const bookOf = (id: string, query = '', init?: RequestInit) =>
  api.fetch(`/api/novels/${id}/book.m4b?voice=odd:hum${query}`, init)
const bytesOf = async (id: string, query = '') => Buffer.from(await (await bookOf(id, query)).bytes())

/** Its clips are one sentence, so it is quickly spoken; larger than all buffers between the server and a stalled client. */
function longAndTheSame(sentences: number, name: string): Uint8Array<ArrayBuffer> {
  const sentence = `${`The ${name} crossed the river, and nobody asked why, `.repeat(4)}that night.`
  return new TextEncoder().encode(`Chapter 1\n\n${`${sentence}\n\n`.repeat(sentences)}`)
}

test('a book grows with its chapters, lists them in its comment, and its ETag changes', async () => {
  const { novel } = await api.add(await novelInParts(), 'lamp.epub')
  const early = await bookOf(novel.id)
  expect(early.status).toBe(409)
  expect(await early.json()).toMatchObject({ success: false, code: 'export.nothing-ready' })

  await api.finished(await api.generate(novel.id, [1, 3], sound))
  const half = await bookOf(novel.id)
  const halfBytes = await half.bytes()
  expect(half.headers.get('content-type')).toBe('audio/mp4')
  expect(half.headers.get('content-disposition')).toContain('"The Lamp.m4b"')
  expect(demux(halfBytes).tags).toMatchObject({
    comment: 'Chapters 1, 3 of 4',
    description: 'Chapters 1, 3 of 4.\n\nNobody saw who had lit it.',
  })
  expect((await bookOf(novel.id)).headers.get('etag')).toBe(half.headers.get('etag'))

  await api.finished(await api.generate(novel.id, undefined, sound))
  const all = await bookOf(novel.id)
  expect(all.headers.get('etag')).not.toBe(half.headers.get('etag'))
  const book = demux(await all.bytes())
  expect(book.tags).toMatchObject({
    title: 'The Lamp',
    artist: 'Anna Bell',
    composer: 'Hum',
    date: '1926',
    description: 'Nobody saw who had lit it.',
    SERIES: 'Lights',
    'SERIES-PART': '2',
    LANGUAGE: 'en',
  })
  expect(book.tags).not.toHaveProperty('comment')
  expect(book.pictures.map((picture) => Buffer.from(picture))).toEqual([jpegCover])
  const frames: Uint8Array[] = []
  for (const number of [1, 2, 3, 4]) {
    const chapter = await api.fetch(`/api/novels/${novel.id}/chapters/${number}/audio.m4a?voice=odd:hum`)
    frames.push(...demux(await chapter.bytes()).frames)
  }
  expect(book.duration).toBe(frames.length * frameSamples)
  expect(Buffer.concat(book.frames).equals(Buffer.concat(frames))).toBe(true)
})

test('HEAD, ranges, If-None-Match and If-Range work as for any file', async () => {
  const { novel } = await api.add(longStory(5, 12), 'ranges.txt')
  await api.finished(await api.generate(novel.id, undefined, sound))
  const whole = await bytesOf(novel.id)
  const head = await bookOf(novel.id, '', { method: 'HEAD' })
  const etag = head.headers.get('etag') ?? ''
  expect(head.headers.get('content-length')).toBe(String(whole.length))
  expect((await head.bytes()).length).toBe(0)
  const random = randomFrom(5)
  for (let at = 0; at < 40; at++) {
    const start = Math.floor(random() * whole.length)
    const end = Math.min(whole.length, start + 1 + Math.floor(random() ** 2 * whole.length))
    const headers = { range: `bytes=${start}-${end - 1}`, 'if-range': etag }
    const response = await bookOf(novel.id, '', { headers })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${whole.length}`)
    expect(Buffer.from(await response.bytes()).equals(whole.subarray(start, end))).toBe(true)
  }
  const asked = async (headers: Record<string, string>) => (await bookOf(novel.id, '', { headers })).status
  expect(await asked({ range: `bytes=${whole.length}-` })).toBe(416)
  expect(await asked({ range: 'bytes=0-9', 'if-range': '"other"' })).toBe(200)
  expect(await asked({ 'if-none-match': etag })).toBe(304)
})

test('the list of exports has the ready chapters, size and address of each format', async () => {
  const { novel } = await api.add(longStory(3, 3), 'forms.txt')
  const formsOf = async () => {
    const path = `/api/novels/${novel.id}/exports?voice=odd:hum`
    return (await api.json<{ exports: ExportForm[] }>(path)).exports
  }
  for (const form of await formsOf()) {
    expect(form).toMatchObject({ ready: false, chaptersReady: 0, chaptersTotal: 3, bytes: null, seconds: 0 })
  }
  await api.finished(await api.generate(novel.id, [1, 2], sound))
  const forms = await formsOf()
  expect(forms.map(({ form }) => form)).toEqual(expect.arrayContaining(['m4b', 'chapters']))
  const m4b = forms.find(({ form }) => form === 'm4b')
  const book = await (await api.fetch(m4b?.address ?? '')).bytes()
  const { duration } = demux(book)
  expect(m4b).toMatchObject({ ready: true, chaptersReady: 2, bytes: book.length, seconds: duration / 24_000 })
  // Nothing is built for the list: the size of an EPUB is unknown until it was fetched.
  const epub = forms.find(({ form }) => form === 'epub')
  expect(epub).toMatchObject({ ready: true, bytes: null })
  const made = await (await api.fetch(epub?.address ?? '')).bytes()
  expect((await formsOf()).find(({ form }) => form === 'epub')).toMatchObject({ bytes: made.length })
  const chapters = forms.find(({ form }) => form === 'chapters')
  expect((await api.fetch(chapters?.address.replace('{number}', '2') ?? '')).status).toBe(200)
})

test('deleting a novel during its download cuts only the download off', async () => {
  // More than the buffers of a connection hold, of which the client has read the first piece.
  const { novel } = await api.add(longAndTheSame(8_000, 'ferryman'), 'deleted.txt')
  const { novel: other } = await api.add(longAndTheSame(50, 'stranger'), 'other.txt')
  for (const { id } of [novel, other]) await api.finished(await api.generate(id, undefined, sound))
  const response = await bookOf(novel.id)
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  let { length } = (await reader.read()).value ?? new Uint8Array(0)
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  await expect(
    (async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        length += value.length
      }
    })(),
  ).rejects.toThrow('terminated')
  expect(length).toBeLessThan(Number(response.headers.get('content-length')))
  expect((await bookOf(novel.id)).status).toBe(404)
  expect((await bookOf(other.id)).status).toBe(200)
  expect(demux(await bytesOf(other.id)).frames.length).toBeGreaterThan(0)
})

test('a corrupt clip cuts the download off and is requeued, and the book is the same afterwards', async () => {
  const { novel } = await api.add(longStory(2, 6), 'rotten.txt')
  await api.finished(await api.generate(novel.id, undefined, sound))
  const whole = await bytesOf(novel.id)
  const [row] = await application.db
    .selectFrom('segments')
    .innerJoin('chapters', 'chapters.id', 'segments.chapterId')
    .select('segments.words')
    .where('chapters.novelId', '=', novel.id)
    .where('chapters.number', '=', 2)
    .where('segments.idx', '=', 3)
    .execute()
  const words = row!.words
  const { recipe } = await application.db
    .selectFrom('clips.clips')
    .select('recipe')
    .where('words', '=', words)
    .executeTakeFirstOrThrow()
  const key = { recipe: bytesToHash(recipe), words: bytesToHash(words) }
  await changeAudio(application.db, application.objects, key, (adts) => adts.set([0x5a, 0x5a], 99))
  await expect((await bookOf(novel.id)).bytes()).rejects.toThrow('terminated')
  await waitUntil(async () => (await bytesOf(novel.id).catch(() => undefined))?.equals(whole) ?? false)
})
