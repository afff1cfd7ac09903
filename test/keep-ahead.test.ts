import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { KeptAheadView } from '../src/http/contract/ahead-contract.ts'
import type { Plan } from '../src/http/contract/plan-contract.ts'
import { chaptersByGeneration } from '../src/storage/queries/chapter-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { WebhookReceiver } from './program/webhook-receiver.ts'

const sound = { voice: 'odd:hum' }
const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))

let here: Awaited<ReturnType<typeof startApplication>>
beforeAll(async () => {
  here = await startApplication()
})
afterAll(() => here[Symbol.asyncDispose]())

/** A novel, and what is asked of it. */
class Novel {
  readonly #api: Api
  readonly id: string

  constructor(api: Api, id: string) {
    this.#api = api
    this.id = id
  }

  static async add(api: Api, story: Uint8Array<ArrayBuffer>): Promise<Novel> {
    return new Novel(api, (await api.add(story, 'story.txt')).novel.id)
  }

  ask(method: string, path: string, body?: object): Promise<Response> {
    return this.#api.fetch(`/api/novels/${this.id}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
  }

  async keep(body: object): Promise<KeptAheadView> {
    const response = await this.ask('PUT', '/ahead', body)
    if (response.status !== 200) throw new Error(await response.text())
    return ((await response.json()) as { ahead: KeptAheadView }).ahead
  }

  async ahead(): Promise<KeptAheadView | null> {
    return ((await (await this.ask('GET', '/ahead')).json()) as { ahead: KeptAheadView | null }).ahead
  }

  async listenAt(chapterNumber: number): Promise<void> {
    const response = await this.ask('PUT', '/position', { chapterNumber, segment: 0, seconds: 0 })
    expect(response.status).toBe(200)
  }

  /** Numbers of the chapters of which everything is spoken. */
  async spoken(): Promise<number[]> {
    const { chapters } = (await (await this.ask('GET', '')).json()) as {
      chapters: { number: number; segmentsDone: number; segmentsTotal: number }[]
    }
    return chapters
      .filter(({ segmentsDone, segmentsTotal }) => segmentsDone === segmentsTotal)
      .map(({ number }) => number)
  }

  /** Waits until these chapters are what is kept ahead, and all of them are spoken. */
  async ready(from: number, to: number): Promise<KeptAheadView> {
    let now: KeptAheadView | null = null
    await waitUntil(async () => {
      now = await this.ahead()
      if (now?.from !== from || now.to !== to) return false
      return now.progress.status === 'completed' && now.progress.completedAt !== null
    })
    return now!
  }
}

test('so many chapters are kept ahead of the listener, who goes on, jumps, goes back, and comes to the end', async () => {
  const { api, application } = here
  await using receiver = await WebhookReceiver.start()
  await api.post('/api/webhooks', { url: receiver.url() })
  const novel = await Novel.add(api, longStory(30, 4))
  const planned = await novel.ask('POST', '/plan', { ahead: 3, ...sound })
  expect(((await planned.json()) as { plan: Plan }).plan).toMatchObject({
    chapters: 3,
    segments: { total: 15 },
  })
  expect(await novel.ahead()).toBeNull()

  const first = await novel.keep({ chapters: 3, ...sound })
  expect(first).toMatchObject({ chapters: 3, from: 1, to: 3, toEnd: false, voice: 'odd:hum', speed: null })
  const { id } = first.progress
  expect((await novel.ready(1, 3)).progress.ahead).toEqual({ chapters: 3, planned: 3, ready: 3 })
  expect(await novel.spoken()).toEqual([1, 2, 3])
  // Asked again, of whomever: the same one generation.
  expect((await novel.keep({ ...sound })).progress.id).toBe(id)

  await novel.listenAt(2)
  expect((await novel.ready(2, 5)).progress).toMatchObject({ id, segmentsTotal: 20 })
  expect(await novel.spoken()).toEqual([1, 2, 3, 4, 5])
  await novel.listenAt(20)
  await novel.ready(20, 23)
  expect(await novel.spoken()).toEqual([1, 2, 3, 4, 5, 20, 21, 22, 23])
  await novel.listenAt(1)
  await novel.ready(1, 4)
  await novel.listenAt(29)
  expect((await novel.ready(29, 30)).toEnd).toBe(true)
  expect(await novel.spoken()).toEqual([1, 2, 3, 4, 5, 20, 21, 22, 23, 29, 30])
  // It is one request, which other requests for the same chapters are not.
  const other = await api.generate(novel.id, [29, 30], sound)
  expect(other).not.toBe(id)
  expect(await api.finished(other)).toMatchObject({ status: 'completed', ahead: null })
  // Of each chapter once, of the generation never: it is not done before it is stopped.
  const told = (await receiver.until(12)).map(({ event }) => event)
  expect(told.filter(({ type }) => type === 'chapter.ready').length).toBe(11)
  expect(told.filter(({ type }) => type === 'generation.completed').length).toBe(1)

  expect((await novel.ask('DELETE', '/ahead')).status).toBe(200)
  expect(await novel.ahead()).toBeNull()
  await novel.listenAt(10)
  await application.dispatcher.dispatch()
  expect(application.activeGenerations.all()).toEqual([])
  expect((await novel.ask('DELETE', '/ahead')).status).toBe(200)
})

test('what was planned behind a jump and is not spoken yet is withdrawn; paused it goes along and speaks nothing', async () => {
  const { api, application } = here
  // Texts of its own, of which nothing is spoken.
  const story = new TextDecoder()
    .decode(longStory(31, 4))
    .replaceAll('On day', 'In night')
    .replaceAll(/^Chapter.*$/gm, '$&: Nights')
  const novel = await Novel.add(api, new TextEncoder().encode(story))
  const kept = await novel.keep({ chapters: 4, paused: true, ...sound })
  expect(kept.progress).toMatchObject({ status: 'paused', segmentsDone: 0 })
  const { id } = kept.progress
  const numbers = async () => (await chaptersByGeneration(application.db, id)).map(({ number }) => number)
  expect(await numbers()).toEqual([1, 2, 3, 4])
  await novel.listenAt(11)
  await waitUntil(async () => (await numbers())[0] === 11)
  expect(await numbers()).toEqual([11, 12, 13, 14, 15])
  expect((await novel.ahead())?.progress).toMatchObject({
    status: 'paused',
    segmentsDone: 0,
    segmentsTotal: 25,
  })
  await api.post(`/api/worker/progress/${id}/resume`, {})
  await novel.ready(11, 15)
  expect(await novel.spoken()).toEqual([11, 12, 13, 14, 15])
  // Cancelled in the queue it is stopped, too.
  await novel.keep({ chapters: 6, paused: true, ...sound })
  expect((await api.post(`/api/worker/progress/${id}/cancel`, {})).status).toBe(200)
  expect(await novel.ahead()).toBeNull()
  await novel.listenAt(12)
  const again = await novel.keep(sound)
  expect(again.progress.id).not.toBe(id)
  expect(again.chapters).toBe(20)
})

test('it follows the novel: its voice, its chapters as they are edited, and rests in the trash', async () => {
  const { api, application } = here
  const novel = await Novel.add(api, longStory(12, 4))
  expect((await novel.ask('PATCH', '', { voice: 'odd:hum' })).status).toBe(200)
  await novel.keep({ chapters: 2 })
  await novel.listenAt(3)
  expect((await novel.ready(3, 5)).progress).toMatchObject({ voice: 'odd:hum', speed: 1 })
  // Chapter 4 is left out, so another one comes in; chapter 3 is two now.
  await novel.ask('POST', '/edits', { kind: 'narrate', chapterNumbers: [4], narrated: false })
  await novel.ready(3, 6)
  const before = await novel.ahead()
  expect((await novel.ask('POST', '/edits', { kind: 'split', chapterNumber: 3, block: 2 })).status).toBe(200)
  const id = before!.progress.id
  await waitUntil(async () => {
    const chapters = await chaptersByGeneration(application.db, id)
    return chapters.map(({ number }) => number).join() === '3,4,6'
  })
  expect((await novel.ready(3, 6)).progress.id).toBe(id)
  // Faster: another generation in the place of that.
  expect((await novel.ask('PATCH', '', { speed: 1.5 })).status).toBe(200)
  await waitUntil(async () => (await novel.ahead())?.progress.speed === 1.5)
  const faster = await novel.ready(3, 6)
  expect(faster.progress.id).not.toBe(id)

  expect((await novel.ask('DELETE', '')).status).toBe(200)
  expect((await novel.ask('GET', '/ahead')).status).toBe(404)
  expect((await novel.ask('PUT', '/ahead', {})).status).toBe(404)
  expect((await api.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(200)
  expect(await novel.ready(3, 6)).toMatchObject({ chapters: 2, progress: { id: faster.progress.id } })

  for (const [body, status] of [
    [{ chapters: 0 }, 400],
    [{ chapters: 501 }, 400],
    [{ voice: 'odd:nobody' }, 404],
  ] as const)
    expect((await novel.ask('PUT', '/ahead', body)).status).toBe(status)
  const both = await novel.ask('POST', '/plan', { ahead: 3, chapterNumbers: [1] })
  expect(both.status).toBe(422)
})

test('servers that are killed at any moment leave nothing behind: it goes along, once, when one is there again', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program], speakers: 1 })
  let novelId = ''
  for (let round = 0; round < 3; round++) {
    await using server = await start()
    const novel = novelId === '' ? await Novel.add(server, longStory(40, 6)) : new Novel(server, novelId)
    if (novelId === '') await novel.keep({ chapters: 2, ...sound })
    novelId = novel.id
    // The position is stored; the window may have gone along, or not.
    await novel.listenAt(5 + 10 * round)
    await server.kill()
  }
  await using server = await start()
  const novel = new Novel(server, novelId)
  expect(await novel.ready(25, 27)).toMatchObject({ progress: { segmentsTotal: 21 } })
  const spoken = await novel.spoken()
  expect(spoken).toEqual(expect.arrayContaining([25, 26, 27]))
  const { running, waiting, finished } =
    await server.json<Record<'running' | 'waiting' | 'finished', unknown[]>>('/api/worker/queue')
  expect([running.length, waiting.length, finished.length]).toEqual([0, 0, 1])
})
