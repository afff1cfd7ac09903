import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Progress } from '../src/http/contract/generation-contract.ts'
import type { Health } from '../src/http/contract/health-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { openTestStorage } from './program/open-storage.ts'
import { ServerProcess } from './program/server-process.ts'
import { onPostgres } from './program/test-storage.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// What was deleted is found again nowhere.

const sound = { voice: 'odd:hum' }
const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))
const book = (word: string) =>
  new TextEncoder().encode(
    ['One', 'Two'].map((title) => `Chapter ${title}\n\nThe ${word} of chapter ${title}.`).join('\n\n'),
  )

test('a novel that comes after a deleted one inherits nothing of it', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel: dead } = await api.add(book('rain'), 'rain.txt')
  await api.finished(await api.generate(dead.id, undefined, sound))
  const listen = (id: string) => api.fetch(`/api/novels/${id}/chapters/1/audio.m4a?voice=odd:hum`)
  expect((await listen(dead.id)).status).toBe(200)
  expect((await api.fetch(`/api/novels/${dead.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  await waitUntil(
    async () => (await here.application.db.selectFrom('chapters').selectAll().execute()).length === 0,
  )

  const { novel, chapters } = await api.add(book('snow'), 'snow.txt')
  expect(novel).toMatchObject({ segmentsDone: 0, seconds: 0 })
  expect(chapters.map(({ status }) => status)).toEqual(['none', 'none'])
  const status = `/api/worker/status/${novel.id}/1?voice=odd:hum`
  const { progress } = await api.json<{ progress: Progress }>(status)
  expect(progress).toMatchObject({ status: 'none', segmentsDone: 0, percent: 0 })
  expect((await listen(novel.id)).status).toBe(404)
  expect((await listen(dead.id)).status).toBe(404)
})

test('killed while it deletes, the server goes on with nobody asking, and gives the room back', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program] })
  const database = async (server: ServerProcess) => (await server.json<Health>('/api/health')).database
  await using first = await start()
  const { novel } = await first.add(longStory(3, 40), 'story.txt')
  await first.finished(await first.generate(novel.id, undefined, sound))
  const before = await database(first)
  expect((await first.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  await first.kill()
  await using second = await start()
  expect((await second.fetch(`/api/novels/${novel.id}`)).status).toBe(404)
  await waitUntil(async () => (await database(second)).clips === 0)
  // Postgres keeps the room for other clips.
  if (!onPostgres) await waitUntil(async () => (await database(second)).bytes < before.bytes / 5)
  await second.stop()
  const db = await openTestStorage(folder.path)
  for (const table of ['novels', 'chapters', 'segments', 'generations', 'releasedTexts'] as const) {
    expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
  }
  await db.destroy()
})
