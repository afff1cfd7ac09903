import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { AddedNovel, Api } from './program/api-client.ts'
import { longStory } from './fixtures/long-story.ts'
import { PostgresCluster, postgresPrograms } from './program/postgres-cluster.ts'
import { ServerProcess } from './program/server-process.ts'
import { maySkip } from './program/skip-policy.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// The database may be a Postgres. Its whole proof is `npm run test:many`: the tests of SQLite, run on it.

const skipped = maySkip(postgresPrograms() !== undefined)
const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))
const sound = { voice: 'odd:hum' }

async function audioOf(api: Api, { novel, chapters }: AddedNovel): Promise<Buffer[]> {
  const files: Buffer[] = []
  for (const { number } of chapters) {
    const response = await api.fetch(`/api/novels/${novel.id}/chapters/${number}/audio.m4a?voice=odd:hum`)
    expect(response.status).toBe(200)
    files.push(Buffer.from(await response.bytes()))
  }
  return files
}

test.skipIf(skipped)(
  'server and Postgres die in the middle of a book, whose clips are objects: all goes on by itself, and every chapter is the same as on SQLite',
  async () => {
    const story = longStory(3, 60)
    await using onSqlite = await temporaryFolder()
    const plain = { data: onSqlite.path, program: [program], settings: { NIGHTJAR_DATABASE: '' } }
    await using embedded = await ServerProcess.start(plain)
    const wanted = await embedded.add(story, 'story.txt')
    await embedded.finished(await embedded.generate(wanted.novel.id, undefined, sound))

    using cluster = new PostgresCluster({ durable: true })
    await using folder = await temporaryFolder()
    await using shared = await temporaryFolder()
    const settings = { NIGHTJAR_DATABASE: cluster.url(), NIGHTJAR_OBJECTS: shared.path }
    const start = () => ServerProcess.start({ data: folder.path, program: [program], settings })
    const first = await start()
    const added = await first.add(story, 'story.txt')
    const progressId = await first.generate(added.novel.id, undefined, sound)
    await first.until(progressId, ({ segmentsDone }) => segmentsDone > 10)
    await first.kill()

    await using second = await start()
    await second.until(progressId, ({ segmentsDone }) => segmentsDone > 30)
    cluster.stop()
    const refused = await second.fetch('/api/novels')
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ code: 'storage.failing' })
    const health = await second.fetch('/api/health')
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ code: 'storage.failing', database: { ok: false } })
    cluster.start()
    const progress = await second.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', percent: 100, failedSegments: [] })
    const wantedAudio = await audioOf(embedded, wanted)
    expect(await audioOf(second, added)).toEqual(wantedAudio)
    const filesIn = (part: string): number => {
      const folder = join(shared.path, part)
      if (!existsSync(folder)) return 0
      const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
      return entries.filter((entry) => entry.isFile()).length
    }
    // Each chapter becomes one object as soon as it is complete.
    const groups = join('packs', 'groups')
    await waitUntil(() => filesIn('packs') - filesIn(groups) === 3)
    expect(await audioOf(second, added)).toEqual(wantedAudio)
    // One object for each clip or for several, and what was under way when the server was killed.
    const { database } = await second.json<{ database: { clips: number } }>('/api/health')
    const objects = filesIn('clips') + filesIn(groups)
    expect(objects).toBeGreaterThan(0)
    expect(objects - database.clips).toBeLessThanOrEqual(2)
    expect(await second.stop()).toBe(0)
  },
)
