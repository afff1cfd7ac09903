import { createHash } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { audiobookshelfBook } from '../src/exports/audiobookshelf/audiobookshelf-book.ts'
import { podcastFingerprint } from '../src/exports/podcast/podcast-feed.ts'
import { requestChapterTranscode } from '../src/exports/transcode-export.ts'
import { chapterBytes } from '../src/playback/chapter-audio.ts'
import { defaultRenditions, findRendition, isComplete } from '../src/playback/renditions.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { insertGeneration } from '../src/storage/queries/generation-queries.ts'
import { insertNovel, novelById } from '../src/storage/queries/novel-queries.ts'
import { singleVoice } from '../src/novel/casting.ts'
import { type Recipe, recipeHash, textHash } from '../src/novel/clip.ts'
import { smallChapter, someClip } from './fixtures/small-novel.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'

// What players, podcast apps, caches and the database know a spoken novel by. These constants were taken from a program
// that knew single voices alone (that of the EPUB with its format's version 3); whatever changes one of them has every listener fetch, or speak, everything again.

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const { db } = application

const novelId = '019a0000-0000-7000-8000-00000000a001'
const progressId = '019a0000-0000-7000-8000-00000000a002'
const createdAt = '2026-01-02T03:04:05.000Z'
const recipe: Recipe = {
  voice: 'odd:hum',
  speed: 1,
  engine: 'odd-0',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
}

await insertNovel(db, {
  id: novelId,
  sha256: `sha-${novelId}`,
  sourceName: 'small.txt',
  head: {
    title: 'A small novel',
    author: 'Nobody',
    language: 'en',
    report: {
      format: 'text',
      evidence: 'whole-text',
      chapters: 3,
      characters: 60,
      skipped: {},
      remarks: [],
    },
  },
  chapters: [
    [
      smallChapter('Chapter 1', ['The lamp was lit.', 'No!', 'Nobody saw who lit it.']),
      smallChapter('Chapter 2', ['No!', 'It rained.']),
      smallChapter('Chapter 3', ['This one waits.']),
    ],
  ],
})
await db.updateTable('novels').set({ createdAt, voice: recipe.voice }).where('id', '=', novelId).execute()
const ids = (await chaptersOf(db, novelId)).map(({ id }) => id)
const asked = {
  novelId,
  voice: recipe.voice,
  speed: 1,
  casting: singleVoice(recipeHash(recipe)),
  priority: 0,
  createdAt,
}
// Paused, so that nothing is spoken: the clips are put by hand.
await insertGeneration(db, { ...asked, id: progressId, desiredState: 'paused' }, [recipe], ids)
const texts = ['The lamp was lit.', 'No!', 'Nobody saw who lit it.', 'It rained.']
const keys = texts.map((text) => ({ recipe: recipeHash(recipe), words: textHash(text, 'paragraph') }))
await application.counts.put(keys.map((key, at) => ({ key, clip: someClip(5 + at) })))
await application.dispatcher.refresh()

test('the recipe and the clips have the keys that they had', () => {
  expect(keys[0]).toEqual({
    recipe: '9133a0f544d5b9e597650f139d57bfbb',
    words: '3467639c6ba91a8792b28ccc579e8b7c',
  })
})

test('the ETags of a chapter, an audiobook and an EPUB are what they were', async () => {
  const etags: Record<string, string | null> = {}
  for (const path of ['chapters/1/audio.m4a', 'chapters/2/audio.m4a', 'book.m4b', 'book.epub']) {
    const response = await api.fetch(`/api/novels/${novelId}/${path}`)
    expect(response.status).toBe(200)
    await response.arrayBuffer()
    etags[path] = response.headers.get('etag')
  }
  expect(etags).toEqual({
    'book.epub': '"697c9571fc6f516d0b2cc1e9bbd8ac33"',
    'book.m4b': '"d29e377dcc2bfe2a14f2d6fd00a89a9f"',
    'chapters/1/audio.m4a': '"b50a7ed148df15039b6daf4db9a93859"',
    'chapters/2/audio.m4a': '"c0b6c8c40d1803f906108a2b06ff511e"',
  })
})

test('the bytes of a chapter are what they were', async () => {
  const bytes = await (await api.fetch(`/api/novels/${novelId}/chapters/1/audio.m4a`)).arrayBuffer()
  expect(createHash('sha256').update(new Uint8Array(bytes)).digest('hex')).toBe(
    '550568754ad1d38d0fdf36678f7b8d78fa98630da561acdb55345e0c7540b54f',
  )
})

test('a transcode has the key that it had', async () => {
  // Only its key is asked for: these bytes are no sound.
  await application.transcoder.stop()
  const rendition = await findRendition(application, novelId, 1)
  expect((await requestChapterTranscode(application, rendition, 'mp3')).id).toBe(
    '28bb26c373e9d912b8af5c85295d9047',
  )
})

test('an episode has its GUID, a feed and a book folder their fingerprints', async () => {
  const novel = (await novelById(db, novelId))!
  const renditions = await defaultRenditions(application, novel)
  const episodes = renditions
    .filter(isComplete)
    .map((rendition) => ({ ...rendition, bytes: chapterBytes(application, rendition) }))
  const feed = {
    novel,
    episodes,
    chapterCount: 3,
    address: 'http://box/f',
    page: 'http://box',
    hasCover: false,
    edited: false,
  }
  expect(podcastFingerprint(feed)).toBe('bb1c8bf4308559e895dc18b14f2733ddcdca3eb671f8f2147b26deff01bad25c')
  expect((await audiobookshelfBook(application, novel)).fingerprint).toBe(
    '8eec6d5c74aab9dab014e32d3185586acac4809d2ece03044b4c74ced1503cbf',
  )
  const made = await api.post(`/api/novels/${novelId}/feed`, {})
  const { feed: told } = (await made.json()) as { feed: { address: string } }
  const rss = await (await api.fetch(told.address)).text()
  expect(rss.match(/<guid[^>]*>[^<]*/g)).toEqual(
    [1, 2].map((number) => `<guid isPermaLink="false">${novelId}/${number}/9133a0f544d5b9e597650f139d57bfbb`),
  )
})

test('listeners of the event stream are told what they were told', async () => {
  const raw = await api.fetch('/api/worker/events')
  await using stream = await EventStream.open(api)
  const generation = await stream.until(({ kind }) => kind === 'generation')
  const view = {
    id: progressId,
    novelId,
    novelTitle: 'A small novel',
    voice: 'odd:hum',
    speed: 1,
    priority: 0,
    status: 'paused',
    segmentsTotal: 6,
    segmentsDone: 5,
    percent: 83.3,
    secondsDone: (32 * 1024) / 24_000,
    etaSeconds: null,
    realTimeFactor: null,
    waiting: null,
    ahead: null,
    createdAt,
    startedAt: null,
    completedAt: null,
    errorMessage: null,
  }
  expect(generation.data).toEqual({ ...view, changed: [] })
  const segment = {
    novelId,
    chapterNumber: 1,
    index: 2,
    voice: recipe.voice,
    speed: 1,
    state: 'spoken' as const,
    seconds: 3,
  }
  application.eventBus.publish({ kind: 'segment', segment, recipe: recipeHash(recipe) })
  application.eventBus.publish({ kind: 'progress', id: progressId })
  const chapter = { number: 1, status: 'completed', segmentsDone: 3, segmentsTotal: 3 }
  // A scheduler that has just looked at the generation has the whole of it told instead, with what changed.
  const progress = await stream.until(
    ({ kind, data }) => kind === 'progress' || (kind === 'generation' && data.changed.length > 0),
  )
  expect(progress.data).toEqual({ ...view, changed: [chapter] })
  // The very bytes: nothing is told that was not.
  let text = ''
  for await (const bytes of raw.body ?? []) {
    text += Buffer.from(bytes).toString()
    if (text.includes('event: segment')) break
  }
  expect(text).toContain(`event: segment\ndata: ${JSON.stringify(segment)}\n\n`)
})
