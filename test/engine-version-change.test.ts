import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { masteringVersion } from '../src/audio/mastering-settings.ts'
import type { Database } from '../src/storage/database-tables.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { insertGeneration } from '../src/storage/queries/generation-queries.ts'
import { updateServer } from '../src/storage/queries/speech-server-queries.ts'
import { singleVoice } from '../src/novel/casting.ts'
import { recipeHash } from '../src/novel/clip.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { hangs, oddSpeechServer } from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { hums } from './program/speech-desk.ts'

// What one engine speaks is never kept under the key of another.

const speaker = new URL('./program/upgraded-speech-worker.ts', import.meta.url)
const sound = { voice: 'odd:hum' }

/** As long as it is held, speech workers of this process that start have the newer engine. */
function newerEngine(): Disposable {
  const file = join(tmpdir(), `nightjar-newer-${process.pid}`)
  writeFileSync(file, '')
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
}

/** How many clips there are by the engine of their recipe. */
async function clipsByEngine(db: Database): Promise<Record<string, number>> {
  const { rows } = await sql<{ engine: string; clips: number }>`
    SELECT engine, count(*) AS clips FROM clips.clips JOIN recipes ON hash = recipe GROUP BY engine`.execute(
    db,
  )
  return Object.fromEntries(rows.map(({ engine, clips }) => [engine, clips]))
}

test('a newer engine at a start speaks nothing under the old key: what waits, is retried or lost a clip is renewed', async () => {
  await using data = await temporaryFolder()
  const { waits, cancelled, whole, before } = await (async () => {
    await using first = await startApplication({
      workerModule: speaker,
      data: data.path,
      settings: { NIGHTJAR_SPEAKERS: '1' },
    })
    const { api, application } = first
    const { novel } = await api.add(longStory(3, 20), 'story.txt')
    const whole = await api.generate(novel.id, [1], sound)
    await api.finished(whole)
    const cancelled = await api.generate(novel.id, [2], sound)
    await api.post(`/api/worker/generation/${cancelled}/cancel`, {})
    const waits = await api.generate(novel.id, [3], sound)
    await api.until(waits, ({ segmentsDone }) => segmentsDone > 0)
    await application.dispatcher.stop()
    await sql`DELETE FROM clips.clips WHERE id = (SELECT min(id) FROM clips.clips)`.execute(application.db)
    return { waits, cancelled, whole, before: await clipsByEngine(application.db) }
  })()
  using _ = newerEngine()
  await using second = await startApplication({ workerModule: speaker, data: data.path })
  const { api, application } = second
  await api.post(`/api/worker/generation/${cancelled}/retry`, {})
  let segments = 0
  for (const id of [waits, cancelled, whole]) {
    const progress = await api.finished(id)
    expect(progress).toMatchObject({ status: 'completed', failedSegments: [] })
    segments += progress.segmentsTotal
  }
  const clips = await clipsByEngine(application.db)
  expect(clips['odd-1']).toBe(before['odd-1'])
  expect(clips['odd-2']).toBeGreaterThan(segments / 2)
})

test('a worker that is of another program than the one that runs is not used', async () => {
  await using here = await startApplication({ workerModule: speaker, settings: { NIGHTJAR_SPEAKERS: '1' } })
  const { api, application } = here
  const { novel } = await api.add(longStory(1, 4), 'story.txt')
  using newer = newerEngine()
  process.kill(application.pool.pids[0]!, 'SIGKILL')
  await waitUntil(() => application.pool.state.state === 'failing')
  expect(application.pool.state.reason).toMatch(/start Nightjar again/)
  const progressId = await api.generate(novel.id, undefined, sound)
  expect(await clipsByEngine(application.db)).toEqual({})
  newer[Symbol.dispose]()
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
  expect(Object.keys(await clipsByEngine(application.db))).toEqual(['odd-1'])
})

const speaks = hums('bella')

async function addServer(api: Api, address: string): Promise<void> {
  const response = await api.post('/api/speech-servers', { title: 'Desk', address, voices: ['bella'] })
  expect(response.status).toBe(201)
}

test('a speech server with another model speaks nothing under the old key, however early it is asked', async () => {
  await using desk = await oddSpeechServer(hangs)
  await using here = await startApplication()
  const { api, application } = here
  await addServer(api, desk.address)
  const { novel } = await api.add(longStory(1, 6), 'story.txt')
  const progressId = await api.generate(novel.id, undefined, { voice: 'server:desk:bella' })
  await waitUntil(() => desk.heard.length > 0)
  desk.answer(speaks)
  await updateServer(application.db, 'desk', (known) => ({
    ...known,
    server: { ...known.server, model: 'other' },
  }))
  // Nobody has renewed what waits yet.
  await application.voices.reload()
  application.serverBackends.forget('desk')
  await api.finished(progressId)
  const engines = Object.keys(await clipsByEngine(application.db))
  expect(engines).toEqual([application.voices.engineOf('server:desk:bella')])
})

test('what a speech server had spoken before recipes named all of it is not paid for again', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using data = await temporaryFolder()
  const voice = 'server:desk:bella'
  const recipe = {
    voice,
    speed: 1,
    engine: 'speech-server tts-1',
    studio: masteringVersion,
    pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
  }
  const id = uuidv7()
  {
    await using first = await startApplication({ data: data.path, work: false })
    const { api, application } = first
    await addServer(api, desk.address)
    const { novel } = await api.add(longStory(1, 6), 'story.txt')
    const chapterIds = (await chaptersOf(application.db, novel.id)).map((chapter) => chapter.id)
    const generation = {
      id,
      novelId: novel.id,
      voice,
      speed: 1,
      casting: singleVoice(recipeHash(recipe)),
      priority: 0,
      desiredState: 'run',
      createdAt: new Date().toISOString(),
    } as const
    await insertGeneration(application.db, generation, [recipe], chapterIds)
  }
  await using second = await startApplication({ data: data.path })
  await second.api.finished(id)
  expect(Object.keys(await clipsByEngine(second.application.db))).toEqual([recipe.engine])
})
