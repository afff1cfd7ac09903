import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import * as fieldContract from '../src/http/contract/field-contract.ts'
import * as generationContract from '../src/http/contract/generation-contract.ts'
import * as novelContract from '../src/http/contract/novel-contract.ts'
import { health as healthAnswer } from '../src/http/contract/health-contract.ts'
import { voice } from '../src/http/contract/voice-contract.ts'
import type { ApplicationEvent } from '../src/jobs/event-bus.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'

// Every route of the API responds as its schema says. Invalid requests: test/api-invalid-requests.test.ts.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const sound = { voice: 'odd:hum' }
const heard = 'voice=odd:hum'
const success = z.literal(true)
const { novel, chapters } = await api.add(longStory(3, 4), 'story.txt')
const book = `/api/novels/${novel.id}`
const nobody = '01990000-0000-7000-8000-000000000000'

async function answer<T>(response: Response, status: number, schema: z.ZodType<T>): Promise<T> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toContain('application/json')
  return schema.parse(await response.json())
}

const get = <T>(path: string, schema: z.ZodType<T>) =>
  api.fetch(path).then((response) => answer(response, 200, schema))

const send = (method: string, path: string, body: unknown) =>
  api.fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

const withChapters = z.object({
  success,
  novel: novelContract.novel,
  chapters: z.array(novelContract.chapterListed),
})

test('a new book is 201 with its chapters, the same file again is 200 with the same novel', async () => {
  const text = new TextEncoder().encode('Chapter 1\n\nA book that nobody has brought before.')
  const first = await answer(await api.upload(text, 'new.txt'), 201, withChapters)
  expect(first.chapters.map(({ number }) => number)).toEqual([1])
  const again = await answer(await api.upload(text, 'renamed.txt'), 200, withChapters)
  expect(again.novel).toEqual(first.novel)
  expect((await api.fetch(`/api/novels/${first.novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(
    200,
  )
})

test('a chapter’s own number is read from its title, in words too', async () => {
  const text = new TextEncoder().encode(
    'Prologue\n\nBefore it all.\n\nChapter One\n\nIt began here.\n\nChapter Two\n\nIt went on.',
  )
  const { novel: worded, chapters: found } = await answer(
    await api.upload(text, 'words.txt'),
    201,
    withChapters,
  )
  expect(found.map(({ title, ownNumber }) => [title, ownNumber])).toEqual([
    ['Prologue', undefined],
    ['Chapter One', 1],
    ['Chapter Two', 2],
  ])
  expect((await api.fetch(`/api/novels/${worded.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
})

test('novels are listed with progress and position, and found by title', async () => {
  const list = z.object({ success, novels: z.array(novelContract.novel) })
  const { novels } = await get('/api/novels', list)
  expect(novels).toHaveLength(1)
  expect((await get('/api/novels?search=STOR', list)).novels.map(({ id }) => id)).toEqual([novel.id])
  expect((await get('/api/novels?search=100%25', list)).novels).toEqual([])
  expect((await get('/api/novels?limit=1&offset=1', list)).novels).toEqual([])
})

test('a novel is read, changed, and read with its changes', async () => {
  const shown = await get(book, withChapters)
  expect(shown.chapters).toEqual(chapters)
  const change = { title: 'The Lamp', author: 'Anna Bell', voice: 'odd:hum', speed: 1.25 }
  const changed = await answer(await send('PATCH', book, change), 200, withChapters)
  expect(changed.novel).toMatchObject(change)
  expect((await get(book, withChapters)).novel).toEqual(changed.novel)
  await answer(await send('PATCH', book, { speed: 1 }), 200, withChapters)
  expect((await send('PATCH', book, { colour: 'green' })).status).toBe(400)
})

test('a chapter has its text, and its segments and skips cover it', async () => {
  const one = z.object({ success, chapter: novelContract.chapter })
  const { chapter } = await get(`${book}/chapters/1`, one)
  expect(chapter.segments).toHaveLength(chapter.segmentsTotal)
  for (const { block, text } of chapter.blocks.map(({ index, text }) => ({ block: index, text }))) {
    const pieces = [
      ...chapter.segments.filter((segment) => segment.block === block),
      ...chapter.skips.filter((skip) => skip.block === block && skip.end > skip.start),
    ].toSorted((a, b) => a.start - b.start)
    expect(pieces.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
  }
  const left = await answer(await send('PATCH', `${book}/chapters/3`, { narrated: false }), 200, one)
  expect(left.chapter.narrated).toBe(false)
})

test('a skipped text is restored, and only its own segments are new', async () => {
  const one = z.object({ success, chapter: novelContract.chapter })
  const added = await api.add(
    Buffer.from(
      '第1章 雪\n雨已经下了三天。\n（本章完）\n\n第2章 火\n没有人来。\nPS：求月票！\n\n第3章 井\n狗睡在桥下。',
    ),
    'tale.txt',
  )
  const path = `/api/novels/${added.novel.id}/chapters/1`
  const { chapter: before } = await get(path, one)
  expect(before.skips).toEqual([expect.objectContaining({ reason: 'end-mark', text: '（本章完）' })])
  const published: ApplicationEvent[] = []
  using _ = here.application.eventBus.subscribe((event) => published.push(event))
  await using stream = await EventStream.open(api)
  // A double click: the first request restores it, the second gets skip.unknown.
  const twice = await Promise.all([0, 0].map((takeIn) => send('PATCH', path, { takeIn })))
  expect(new Set(twice.map(({ status }) => status))).toEqual(new Set([200, 404]))
  const { chapter: after } = await answer(
    twice.find(({ status }) => status === 200)!,
    200,
    one,
  )
  expect(after.skips).toEqual([])
  // A page on another device asks for it again.
  expect(published).toEqual([{ kind: 'novel', id: added.novel.id }])
  await stream.until(({ kind, data }) => kind === 'novel' && data.id === added.novel.id)
  expect(after.blocks.map(({ text }) => text)).toEqual(['第1章 雪', '雨已经下了三天。', '（本章完）'])
  expect(after.segments.map(({ spoken }) => spoken)).toEqual([
    ...before.segments.map(({ spoken }) => spoken),
    expect.stringContaining('本章完'),
  ])
  expect((await get(path, one)).chapter).toEqual(after)
  expect((await send('PATCH', path, { takeIn: 0 })).status).toBe(404)
  expect((await answer(await send('PATCH', path, {}), 200, one)).chapter).toEqual(after)
  await api.fetch(`/api/novels/${added.novel.id}?forever=true`, { method: 'DELETE' })
})

test('a cover is an image, and a novel without one is 404', async () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
  )
  const illustrated = await buildEpub({
    title: 'With a Cover',
    pages: [{ name: 'one.xhtml', body: '<h1>I</h1><p>Once there was a lamp.</p>' }],
    nav: '<ol><li><a href="one.xhtml">I</a></li></ol>',
    manifest: '<item id="cover" href="cover.png" media-type="image/png" properties="cover-image"/>',
    files: { 'OEBPS/cover.png': png },
  })
  const added = await api.add(illustrated, 'cover.epub')
  const cover = await api.fetch(added.novel.cover ?? '/none')
  expect(cover.status).toBe(200)
  expect(cover.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await cover.arrayBuffer())).toEqual(png)
  expect(novel.cover).toBeNull()
  await answer(await api.fetch(`${book}/cover`), 404, fieldContract.failure)
  await api.fetch(`/api/novels/${added.novel.id}?forever=true`, { method: 'DELETE' })
  expect((await api.fetch(`/api/novels/${added.novel.id}/cover`)).status).toBe(404)
})

test('voices are listed, all or by language, and speak a sample', async () => {
  const list = z.object({ success, voices: z.array(voice) })
  const { voices } = await get('/api/voices', list)
  expect(voices).toEqual([expect.objectContaining({ id: 'odd:hum', default: true })])
  expect((await get('/api/voices?language=en-GB', list)).voices).toEqual(voices)
  expect((await get('/api/voices?language=vi', list)).voices).toEqual([])
  const sample = await api.post('/api/voices/odd:hum/sample', { text: 'How do I sound?', speed: 1.5 })
  expect(sample.status).toBe(200)
  expect(sample.headers.get('content-type')).toBe('audio/mp4')
  expect(Buffer.from(await sample.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp')
  expect((await api.fetch('/api/voices/odd:hum/sample', { method: 'POST' })).status).toBe(200)
})

test('a request for one chapter, several or all is 202 with the address of the progress', async () => {
  const shown = z.object({ success, progress: generationContract.progress })
  const { novelId, ...one } = { novelId: novel.id, chapterNumber: 1 }
  for (const [path, body, schema, data] of [
    ['chapter', { ...sound, ...one }, generationContract.acceptedChapter, { chapterNumber: 1 }],
    [
      'batch',
      { ...sound, chapterNumbers: [2, 1] },
      generationContract.acceptedChapters,
      { chapterNumbers: [1, 2] },
    ],
    [
      'all',
      { ...sound, speed: 2, priority: 5 },
      generationContract.acceptedChapters,
      { chapterNumbers: [1, 2] },
    ],
  ] as const) {
    const response = await api.post(`/api/worker/generate/${path}`, { novelId, ...body })
    const location = response.headers.get('location')
    const accepted = await answer<
      z.infer<typeof generationContract.acceptedChapter | typeof generationContract.acceptedChapters>
    >(response, 202, schema)
    expect(location).toBe(`/api/worker/progress/${accepted.progressId}`)
    expect(accepted.data).toMatchObject({ novelId, ...data })
    const { progress } = await get(location ?? '', shown)
    expect(progress).toMatchObject({ id: accepted.progressId, novelId, voice: 'odd:hum' })
    await api.finished(accepted.progressId)
  }
})

test('a generation is paused, resumed, cancelled and retried, and its progress says so', async () => {
  const shown = z.object({ success, progress: generationContract.progress })
  const progressId = await api.generate(novel.id, [1, 2, 3], { ...sound, speed: 0.5 })
  for (const [verb, status] of [
    ['pause', 'paused'],
    ['resume', /pending|running/],
    ['cancel', 'cancelled'],
    ['retry', /pending|running/],
  ] as const) {
    const response = await api.fetch(`/api/worker/progress/${progressId}/${verb}`, { method: 'POST' })
    const { progress } = await answer(response, 200, shown)
    expect(progress.status).toMatch(status)
  }
  await api.finished(progressId)
  const late = await api.post(`/api/worker/progress/${progressId}/pause`, {})
  expect((await answer(late, 409, fieldContract.failure)).code).toBe('generation.over')
})

test('a chapter’s status, its timeline and the queue are served', async () => {
  const progressId = await api.generate(novel.id, [1], sound)
  await api.finished(progressId)
  const status = z.object({ success, progress: generationContract.chapterProgress })
  const { progress } = await get(`/api/worker/status/${novel.id}/1?${heard}`, status)
  expect(progress).toMatchObject({ status: 'completed', percent: 100 })
  const line = z.object({ success, timeline: novelContract.timeline })
  const { timeline } = await get(`${book}/chapters/1/timeline?${heard}`, line)
  expect(timeline).toMatchObject({ voice: 'odd:hum', speed: 1, complete: true })
  expect(timeline.segments).toHaveLength(progress.segmentsTotal)
  const queue = await get('/api/worker/queue', generationContract.queue)
  expect(queue.finished.map(({ id }) => id)).toContain(progressId)
  expect(queue.speakers).toBe(1)
})

test('a position is stored and returned, null at first', async () => {
  const kept = z.object({ success, position: novelContract.storedPosition.nullable() })
  expect((await get(`${book}/position`, kept)).position).toBeNull()
  const position = { chapterNumber: 2, segment: 1, seconds: 12.5 }
  await answer(await send('PUT', `${book}/position`, position), 200, kept)
  expect((await get(`${book}/position`, kept)).position).toMatchObject(position)
  expect((await get(book, withChapters)).novel.position).toMatchObject(position)
  expect((await send('PUT', `${book}/position`, { ...position, chapterNumber: 9 })).status).toBe(404)
})

test('health reports version, database, speakers and disk', async () => {
  const health = await get('/api/health', healthAnswer)
  expect(health).toMatchObject({ database: { ok: true }, speakers: { wanted: 1, alive: 1 } })
})

test.for([
  ['GET', `/api/novels/${nobody}`, 'novel.unknown'],
  ['GET', `${book}/chapters/99`, 'chapter.unknown'],
  ['GET', `${book}/chapters/1/segments/999.m4s?${heard}`, 'segment.unknown'],
  ['GET', `${book}/chapters/1?voice=odd:nobody`, 'voice.unknown'],
  ['POST', '/api/voices/odd:nobody/sample', 'voice.unknown'],
  ['GET', `/api/worker/progress/${nobody}`, 'generation.unknown'],
  ['POST', `/api/worker/progress/${nobody}/pause`, 'generation.unknown'],
  ['GET', '/api/nothing/here', 'request.not-found'],
] as const)('%s %s is 404 with a code and a sentence', async ([method, path, code]) => {
  const failure = await answer(await api.fetch(path, { method }), 404, fieldContract.failure)
  expect(failure.code).toBe(code)
  expect(failure.error).toMatch(/^[A-Z].*\.$/)
})

test.for([
  '/api/novels?limit=501',
  '/api/novels?limit=0',
  '/api/novels?offset=-1',
  '/api/voices?limit=1001',
  '/api/worker/queue?limit=501',
  '/api/novels/not-an-id',
  `${book}/chapters/0`,
  `${book}/chapters/1/audio.m4a?speed=3`,
])('%s exceeds the limit and is refused', async (path) => {
  expect((await answer(await api.fetch(path), 400, fieldContract.failure)).code).toBe('request.invalid')
})
