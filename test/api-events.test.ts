import { expect, test } from 'vitest'
import type { ChapterListed } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'

const sound = { voice: 'odd:hum' }

test('a client receives the events of an accepted generation, its segments, its progress, and its completion', async () => {
  await using here = await startApplication()
  await using stream = await EventStream.open(here.api)
  expect(stream.response.headers.get('content-type')).toContain('text/event-stream')
  expect(stream.response.headers.get('cache-control')).toBe('no-store')
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no')
  expect(stream.response.headers.get('x-content-type-options')).toBe('nosniff')
  const { novel } = await here.api.add(longStory(2, 6), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  const end = await stream.until(
    ({ kind, data }) => kind === 'generation' && data.id === progressId && data.status === 'completed',
  )
  expect(end.data).toMatchObject({ percent: 100, novelTitle: novel.title })
  expect(stream.retry).toBeGreaterThan(0)
  const { segmentsTotal } = await here.api.progress(progressId)
  const states = stream.heard.flatMap(({ kind, data }) => (kind === 'segment' ? [data.state] : []))
  expect(states.filter((state) => state === 'speaking')).toHaveLength(segmentsTotal)
  expect(states.filter((state) => state === 'spoken')).toHaveLength(segmentsTotal)
  expect(new Set(stream.heard.map(({ id }) => id)).size).toBe(stream.heard.length)
  // A client that applies the changed chapters need not fetch them.
  const kept = new Map<number, object>()
  for (const { kind, data } of stream.heard) {
    if (kind !== 'progress' && kind !== 'generation') continue
    for (const chapter of data.changed) kept.set(chapter.number, chapter)
  }
  const { chapters } = await here.api.json<{ chapters: ChapterListed[] }>(`/api/novels/${novel.id}`)
  expect([...kept.values()]).toEqual(
    chapters.map(({ number, status, segmentsDone, segmentsTotal }) => {
      return { number, status, segmentsDone, segmentsTotal }
    }),
  )
})

test('a client that reconnects receives the missed events once and in order, and nothing else', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(longStory(2, 12), 'story.txt')
  await using constant = await EventStream.open(here.api)
  const heard: string[] = []
  let last: string | undefined
  const progressId = await here.api.generate(novel.id, undefined, sound)
  const isEnd = (event: EventStream['heard'][number]) =>
    event.kind === 'generation' && event.data.id === progressId && event.data.status === 'completed'
  {
    await using first = await EventStream.open(here.api)
    await first.until(({ kind, data }) => kind === 'segment' && data.state === 'spoken')
    heard.push(...first.heard.map(({ id }) => id))
    last = first.heard.at(-1)?.id
  }
  await here.api.until(progressId, ({ percent }) => percent > 50)
  await using second = await EventStream.open(here.api, last)
  await second.until(isEnd)
  await constant.until(isEnd)
  heard.push(...second.heard.map(({ id }) => id))
  const all = constant.heard.map(({ id }) => id)
  const from = all.indexOf(last ?? '')
  expect(from).toBeGreaterThanOrEqual(0)
  const missed = heard.slice(heard.indexOf(last ?? '') + 1)
  expect(missed.slice(0, all.length - from - 1)).toEqual(all.slice(from + 1))
})

test('a client with an evicted id, or one of another server run, receives the current state', async () => {
  // So it cannot be completed before it is paused.
  await using here = await startApplication({ work: false })
  const { novel } = await here.api.add(longStory(1, 6), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await here.api.post(`/api/worker/progress/${progressId}/pause`, {})
  for (const id of [undefined, 'another-1', 'x'.repeat(50)]) {
    await using stream = await EventStream.open(here.api, id)
    const { data } = await stream.until(({ kind }) => kind === 'generation')
    expect(data).toMatchObject({ id: progressId, status: 'paused' })
  }
})

test('the stream ends when the server stops and does not delay it', async () => {
  const here = await startApplication()
  const stream = await EventStream.open(here.api)
  await here[Symbol.asyncDispose]()
  await stream.ended
})
