import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Queue } from '../src/http/contract/generation-contract.ts'
import type { Health } from '../src/http/contract/health-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { oddSpeechServer } from './program/fake-speech-server.ts'
import { hums } from './program/speech-desk.ts'
import { startApplication } from './program/in-process-application.ts'

// The disk's trouble is never blamed on a sentence: the work waits, says why, and goes on by itself.

const sound = { voice: 'odd:hum' }

test.each([
  [
    'locked by another program',
    /database is locked/,
    async (data: string) => {
      const other = new DatabaseSync(join(data, 'clips.db'))
      other.exec('BEGIN IMMEDIATE')
      return async () => {
        other.exec('ROLLBACK')
        other.close()
      }
    },
  ],
  [
    'read-only',
    /readonly/,
    async (_: string, { application }: Awaited<ReturnType<typeof startApplication>>) => {
      await sql`PRAGMA query_only = ON`.execute(application.db)
      return async () => void (await sql`PRAGMA query_only = OFF`.execute(application.db))
    },
  ],
] as const)(
  'a database that is %s makes the work wait, and nothing is set aside',
  async (...[, reason, begin]) => {
    await using here = await startApplication()
    const { api, data, application } = here
    const { novel } = await api.add(longStory(1, 40), 'story.txt')
    const progressId = await api.generate(novel.id, undefined, sound)
    await api.until(progressId, ({ segmentsDone }) => segmentsDone > 2)
    const end = await begin(data, here)
    const waiting = await api.until(progressId, (progress) => progress.waiting !== null)
    expect(waiting.waiting).toMatch(reason)
    expect((await api.json<Queue>('/api/worker/queue')).waitingReason).toMatch(reason)
    const unwell = await api.fetch('/api/health')
    const { problems, ...health } = (await unwell.json()) as Health & { code: string }
    expect([unwell.status, health.code]).toEqual([503, 'storage.failing'])
    expect(problems).toContainEqual({ code: 'storage.failing', message: expect.stringMatching(reason) })
    const given: number[] = []
    using _ = application.eventBus.subscribe((event) => {
      if (event.kind === 'segment' && event.segment.state === 'speaking') given.push(event.segment.index)
    })
    // What cannot be kept is not spoken again and again.
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(given.length).toBeLessThanOrEqual(2)
    await end()
    const progress = await api.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', failedSegments: [], waiting: null })
    expect(await application.db.selectFrom('failures').selectAll().execute()).toEqual([])
    expect((await api.fetch('/api/health')).status).toBe(200)
  },
)

test.each(['speechServerUse', 'serverVoices'])(
  'what a speech server needs of a database that cannot be written (%s) is not counted against a sentence',
  async (table) => {
    await using desk = await oddSpeechServer(hums('bella'))
    await using here = await startApplication()
    const { api, data, application } = here
    await api.post('/api/speech-servers', { title: 'Desk', address: desk.address, voices: ['bella'] })
    const { novel } = await api.add(longStory(1, 4), 'story.txt')
    // Only this table's rows need a file that another program holds.
    const path = join(data, 'held.db')
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE held (x); BEGIN IMMEDIATE')
    await sql`ATTACH ${path} AS held`.execute(application.db)
    await sql`
      CREATE TEMP TRIGGER busy BEFORE INSERT ON main.${sql.id(table)} BEGIN INSERT INTO held VALUES (1); END`.execute(
      application.db,
    )
    const progressId = await api.generate(novel.id, undefined, { voice: 'server:desk:bella' })
    const waiting = await api.until(progressId, (progress) => progress.waiting !== null)
    expect(waiting.waiting).toMatch(/database is locked/)
    expect(await application.db.selectFrom('failures').selectAll().execute()).toEqual([])
    other.exec('ROLLBACK')
    other.close()
    const progress = await api.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', failedSegments: [], waiting: null })
  },
)
