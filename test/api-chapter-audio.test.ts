import { afterAll, beforeAll, expect, test } from 'vitest'
import { demux } from './fixtures/demuxed.ts'
import { decodeFrames } from '../src/audio/codec/aac.ts'
import { peakOf } from '../src/audio/samples.ts'
import { frameSamples, sampleRate } from '../src/novel/clip.ts'
import type { Timeline } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

// Audio by byte ranges, as players request it (RFC 9110, 13 and 14).

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const sound = { voice: 'odd:hum' }
const { novel } = await api.add(longStory(2, 5), 'story.txt')
const address = `/api/novels/${novel.id}/chapters/1/audio.m4a?voice=odd:hum`

let whole: Uint8Array
let etag: string

beforeAll(async () => {
  await api.finished(await api.generate(novel.id, [1], sound))
  const response = await api.fetch(address)
  expect(response.status).toBe(200)
  whole = await response.bytes()
  etag = response.headers.get('etag') ?? ''
})

const ask = (headers: Record<string, string>, method = 'GET') => api.fetch(address, { method, headers })

test('a complete chapter has its length, type, Accept-Ranges and ETag', async () => {
  const { headers } = await ask({})
  expect(headers.get('content-length')).toBe(String(whole.length))
  expect(headers.get('content-type')).toBe('audio/mp4')
  expect(headers.get('accept-ranges')).toBe('bytes')
  expect(etag).toMatch(/^"[0-9a-f]+"$/)
})

test('HEAD has the headers of GET and no body', async () => {
  const response = await ask({}, 'HEAD')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-length')).toBe(String(whole.length))
  expect(response.headers.get('etag')).toBe(etag)
  expect((await response.bytes()).length).toBe(0)
})

test('any range has the same bytes as in the complete file, whatever clips it spans', async () => {
  const { length } = whole
  const some = Array.from({ length: 20 }, (_, at) => Math.floor((length * at) / 20))
  for (const [range, start, end] of [
    ['0-0', 0, 1],
    ['0-', 0, length],
    [`${length - 1}-`, length - 1, length],
    ['-5', length - 5, length],
    [`-${length + 5}`, 0, length],
    [`5-${length + 100}`, 5, length],
    ...some.map((start) => [`${start}-${start + 4999}`, start, Math.min(length, start + 5000)] as const),
  ] as const) {
    const response = await ask({ range: `bytes=${range}` })
    expect(response.status).toBe(206)
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${length}`)
    expect(response.headers.get('content-length')).toBe(String(end - start))
    expect(Buffer.from(await response.bytes()).equals(whole.subarray(start, end))).toBe(true)
  }
})

test('a range beyond the end is 416 with the size; an invalid Range header is ignored', async () => {
  for (const range of [`bytes=${whole.length}-`, 'bytes=-0']) {
    const response = await ask({ range })
    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe(`bytes */${whole.length}`)
  }
  for (const range of ['bytes=5-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=a-b', 'bytes=-']) {
    expect((await ask({ range })).status).toBe(200)
  }
})

test('If-None-Match with the current ETag is 304', async () => {
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await ask({ 'if-none-match': known })
    expect(response.status).toBe(304)
    expect(response.headers.get('etag')).toBe(etag)
    expect((await response.bytes()).length).toBe(0)
  }
  expect((await ask({ 'if-none-match': '"other"' })).status).toBe(200)
})

test('If-Range gives the range if the ETag matches, else the whole file', async () => {
  expect((await ask({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
  for (const stale of ['"other"', `W/${etag}`, 'Tue, 24 Nov 2026 00:00:00 GMT']) {
    expect((await ask({ range: 'bytes=0-9', 'if-range': stale })).status).toBe(200)
  }
})

test('two requests give the same bytes, and a new title changes the ETag', async () => {
  expect(Buffer.from(await (await ask({})).bytes()).equals(whole)).toBe(true)
  const { novel: other } = await api.add(longStory(2, 5).slice(0, -1), 'other.txt')
  await api.finished(await api.generate(other.id, [1], sound))
  const path = `/api/novels/${other.id}/chapters/1/audio.m4a?voice=odd:hum`
  const before = (await api.fetch(path)).headers.get('etag')
  await api.fetch(`/api/novels/${other.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"Another Title"}',
  })
  const after = await api.fetch(path)
  expect(after.headers.get('etag')).not.toBe(before)
  expect(Object.values(demux(await after.bytes()).tags)).toContain('Another Title')
})

test('a chapter that was never requested is 404, one that is in progress is 409 with its progress', async () => {
  const path = address.replace('chapters/1', 'chapters/2')
  const none = await api.fetch(path)
  expect(none.status).toBe(404)
  expect(await none.json()).toMatchObject({ success: false, code: 'audio.none' })
  using _ = here.application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken') stop.resolve()
  })
  const stop = Promise.withResolvers<void>()
  const progressId = await api.generate(novel.id, [2], sound)
  await stop.promise
  await api.post(`/api/worker/progress/${progressId}/pause`, {})
  const unfinished = await api.fetch(path)
  const { segmentsDone, segmentsTotal } = await api.progress(progressId)
  if (segmentsDone < segmentsTotal) {
    expect(unfinished.status).toBe(409)
    expect(await unfinished.json()).toMatchObject({
      code: 'audio.unfinished',
      progress: { segmentsTotal },
    })
  }
  await api.post(`/api/worker/progress/${progressId}/resume`, {})
  await api.finished(progressId)
})

test('init.mp4 and the concatenated segments have the chapter’s frames and decode times', async () => {
  const chapter = `/api/novels/${novel.id}/chapters/1`
  const { timeline } = await api.json<{ timeline: Timeline }>(`${chapter}/timeline?voice=odd:hum`)
  const parts: Uint8Array[] = []
  const init = await api.fetch(`${chapter}/init.mp4?voice=odd:hum`)
  expect(init.headers.get('content-type')).toBe('audio/mp4')
  parts.push(await init.bytes())
  for (const { index } of timeline.segments) {
    const response = await api.fetch(`${chapter}/segments/${index}.m4s?voice=odd:hum`)
    expect(response.status).toBe(200)
    parts.push(await response.bytes())
  }
  const live = demux(Buffer.concat(parts))
  const file = demux(whole)
  expect(live.frames.map((frame) => Buffer.from(frame).toString('base64'))).toEqual(
    file.frames.map((frame) => Buffer.from(frame).toString('base64')),
  )
  expect(live.times).toEqual(file.times)
  expect(file.duration).toBe(Math.round(timeline.seconds * 24_000))
  expect(file.frames).toHaveLength(file.duration / frameSamples)
})

test('the timeline tells of the pause after each segment, and all of it but a quarter of a second is silent frames', async () => {
  const chapter = `/api/novels/${novel.id}/chapters/1`
  const { timeline } = await api.json<{ timeline: Timeline }>(`${chapter}/timeline?voice=odd:hum`)
  const pauses = timeline.segments.map(({ pause }) => pause)
  expect(pauses.slice(1, -1)).toEqual(pauses.slice(1, -1).map(() => 0.6))
  expect([pauses[0], pauses.at(-1)]).toEqual([1.2, 1.2])
  const init = await (await api.fetch(`${chapter}/init.mp4?voice=odd:hum`)).bytes()
  for (const { index, pause = 0 } of timeline.segments) {
    const fragment = await (await api.fetch(`${chapter}/segments/${index}.m4s?voice=odd:hum`)).bytes()
    const samples = decodeFrames(demux(Buffer.concat([init, fragment])).frames)
    const cut = Math.floor(((pause - 0.25) * sampleRate) / frameSamples) * frameSamples
    // And a frame before them, so that the decoder joins silence to silence.
    expect(peakOf(samples.subarray(samples.length - cut - frameSamples))).toBeLessThan(1e-4)
    expect(peakOf(samples)).toBeGreaterThan(0.05)
  }
})

test('a segment that is not spoken yet is 409', async () => {
  const other = await api.fetch(`/api/novels/${novel.id}/chapters/1/segments/0.m4s?voice=odd:hum&speed=0.7`)
  expect(other.status).toBe(409)
  expect(await other.json()).toMatchObject({ code: 'segment.unspoken' })
})
