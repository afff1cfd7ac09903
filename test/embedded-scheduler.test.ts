import { sql } from 'kysely'
import { afterEach, expect, test, vi } from 'vitest'
import { type SchedulerWorld, segmentSchedulerContract } from './contracts/segment-scheduler-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { insertSmallNovel, someClip } from './fixtures/small-novel.ts'
import { faultyEngine } from './program/faulty-engine.ts'
import { startApplication } from './program/in-process-application.ts'
import { version } from '../src/main.ts'
import { EmbeddedScheduler } from '../src/jobs/speakers/embedded-scheduler.ts'
import { onPostgres } from './program/test-storage.ts'

const { name, version: engineVersion, voices } = faultyEngine
const introduction = {
  name: 'box',
  slots: 2,
  version,
  engines: [{ name, version: engineVersion, voices }],
  platform: 'linux-x64',
  cores: 2,
}
afterEach(() => vi.restoreAllMocks())

const never = new AbortController().signal

async function open(leaseMs?: number) {
  const here = await startApplication({
    settings: { NIGHTJAR_SPEAKERS: '0' },
    unready: true,
    ...(leaseMs !== undefined && { leaseMs }),
  })
  const { application, api } = here
  const scheduler = application.segmentScheduler
  let skipped = 0
  const now = Date.now.bind(Date)
  const world: SchedulerWorld = {
    scheduler,
    introduction,
    async request(sentences) {
      // The start is over when the voices of the machine that joined are known.
      await expect.poll(() => application.voices.all.length).toBeGreaterThan(0)
      const novelId = await insertSmallNovel(application.db, [sentences])
      const progressId = await api.generate(novelId, undefined, { voice: 'odd:hum' })
      return {
        novelId,
        async progress() {
          const { segmentsDone: done, status } = await api.progress(progressId)
          return { done, status }
        },
      }
    },
    async elapse(ms) {
      skipped += ms
      vi.spyOn(Date, 'now').mockImplementation(() => now() + skipped)
      if (scheduler instanceof EmbeddedScheduler) scheduler.check(Date.now())
    },
    [Symbol.asyncDispose]: () => here[Symbol.asyncDispose](),
  }
  return { ...world, ...here }
}

segmentSchedulerContract('over the pool of one server', () => open())

// The disk is made full by a pragma of SQLite.
test.skipIf(onPostgres)(
  'on a full disk a clip is refused for now, kept, and stored once when it is sent again',
  async () => {
    // A second is the time in which a clip has to be written.
    await using here = await open(500)
    const { scheduler, application } = here
    // Neither a lease lapses nor a machine falls silent until the time of day goes on.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now())
    const { id } = await scheduler.join(introduction)
    const novel = await here.request(['There is no room for this.'])
    const { lease } = await scheduler.lease(id, 0, { waitMs: 120_000, signal: never })
    const { rows } = await sql<{ page_count: number }>`PRAGMA clips.page_count`.execute(application.db)
    await sql`PRAGMA clips.max_page_count = ${sql.raw(String(rows[0]?.page_count))}`.execute(application.db)
    await expect(scheduler.complete(lease!.id, someClip(2000), 1)).rejects.toMatchObject({
      code: 'storage.full',
    })
    expect((await novel.progress()).done).toBe(0)
    const again = await scheduler.join(introduction)
    // Another machine is not given what only waits to be written.
    expect(await scheduler.lease(again.id, 0, { waitMs: 100, signal: never })).toEqual({ state: 'active' })
    vi.restoreAllMocks()
    await sql`PRAGMA clips.max_page_count = 1000000`.execute(application.db)
    const resent = () =>
      scheduler.complete(lease!.id, someClip(2000), 1).catch(({ code }: { code: string }) => code)
    await expect.poll(resent).toBe('stored')
    expect(await novel.progress()).toEqual({ done: 1, status: 'completed' })
  },
)

test('a clip that comes while its server stops is stored all the same', async () => {
  await using here = await open()
  const { scheduler, application } = here
  const { id } = await scheduler.join(introduction)
  await here.request(['The server stops over this.'])
  const { lease } = await scheduler.lease(id, 0, { waitMs: 120_000, signal: never })
  scheduler.close()
  expect(await scheduler.complete(lease!.id, someClip(3), 1)).toBe('stored')
  expect(await application.db.selectFrom('clips.clips').select('words').execute()).toHaveLength(1)
})

test('a server without workers says what it waits for, and speaks samples on the machine that joins', async () => {
  await using here = await open()
  const { api, scheduler } = here
  const empty = await api.fetch('/api/health')
  expect(empty.status).toBe(503)
  expect(await empty.json()).toMatchObject({
    code: 'speech.no-machine',
    speakers: { wanted: 0, alive: 0, state: 'empty' },
  })
  const { novel } = await api.add(longStory(1, 2), 'story.txt')
  expect(novel.voice).toBeNull()
  const refused = await api.post('/api/worker/generate/all', { novelId: novel.id })
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({
    code: 'speech.no-machine',
    error: expect.stringContaining('nightjar speak'),
  })
  const { id } = await scheduler.join(introduction)
  expect(await api.json('/api/health')).toMatchObject({ success: true, speakers: { wanted: 2, alive: 2 } })
  await expect.poll(async () => (await api.json<{ voices: unknown[] }>('/api/voices')).voices).toHaveLength(1)
  const sample = api.post('/api/voices/odd:hum/sample', { text: 'Hear me.' })
  const { lease } = await scheduler.lease(id, 1, { waitMs: 120_000, signal: never })
  expect(lease?.task.text).toBe('Hear me.')
  expect(lease?.segment).toBeUndefined()
  expect(await scheduler.complete(lease!.id, someClip(20), 1)).toBe('stored')
  expect((await sample).status).toBe(200)
  await scheduler.leave(id)
  const silent = await api.post('/api/voices/odd:hum/sample', { text: 'Hear me again.' })
  expect(await silent.json()).toMatchObject({
    code: 'voice.silent',
    error: expect.stringContaining('No speaker machine is connected'),
  })
  // What waits says why.
  await here.request(['Nobody is there to speak this.'])
  expect(await api.json('/api/worker/queue')).toMatchObject({
    waitingReason: expect.stringContaining('nightjar speak'),
  })
})
