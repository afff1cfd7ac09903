import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { storageSettings } from './program/test-storage.ts'
import { waitUntil } from './program/wait-until.ts'

// Two servers on one Postgres (npm run test:many): what is deleted, restored and exported at one of them.

const sound = { voice: 'odd:hum' }

async function twoServers(more: Readonly<Record<string, string>> = {}) {
  await using opening = new AsyncDisposableStack()
  const folder = opening.use(await temporaryFolder()).path
  const objects = { NIGHTJAR_OBJECTS: join(folder, 'objects') }
  const settings = { ...objects, ...storageSettings(folder), NIGHTJAR_SPEAKERS: '1', ...more }
  const one = opening.use(await startApplication({ settings }))
  const two = opening.use(await startApplication({ settings }))
  const opened = opening.move()
  return { one: one.api, two: two.api, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const idsAt = async (api: Api, path: string): Promise<readonly string[]> =>
  (await api.json<{ novels: { id: string }[] }>(path)).novels.map(({ id }) => id)

test('a novel that is deleted at one server is gone at the other, restored there it goes on, and deleted for good it leaves nothing', async () => {
  await using servers = await twoServers()
  const { one, two } = servers
  const { novel } = await one.add(longStory(2, 25), 'story.txt')
  const progressId = await two.generate(novel.id, undefined, sound)
  await one.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  expect((await one.fetch(`/api/novels/${novel.id}`, { method: 'DELETE' })).ok).toBe(true)
  await waitUntil(async () => (await idsAt(two, '/api/novels')).length === 0)
  expect(await idsAt(two, '/api/trash')).toEqual([novel.id])
  await waitUntil(async () => (await two.fetch(`/api/worker/progress/${progressId}`)).status === 404)

  expect((await two.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(200)
  await waitUntil(async () => (await idsAt(one, '/api/novels')).includes(novel.id))
  expect(await one.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
  expect(await idsAt(one, '/api/trash')).toEqual([])

  const forever = await two.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  expect(forever.ok).toBe(true)
  for (const api of [one, two]) {
    await waitUntil(async () => (await idsAt(api, '/api/novels')).length === 0)
    expect(await idsAt(api, '/api/trash')).toEqual([])
  }
  const clips = async (api: Api) =>
    (await api.json<{ database: { clips: number } }>('/api/health')).database.clips
  await waitUntil(async () => (await clips(one)) === 0 && (await clips(two)) === 0)
})

test('two servers that export to the same audiobookshelf write each book once, and nothing beside it', async () => {
  await using root = await temporaryFolder()
  await using servers = await twoServers({ NIGHTJAR_AUDIOBOOKSHELF: root.path })
  const { one, two } = servers
  const { novel } = await one.add(longStory(2, 6), 'story.txt')
  expect(await one.finished(await two.generate(novel.id, undefined, sound))).toMatchObject({
    status: 'completed',
  })
  for (const api of [one, two]) {
    await waitUntil(
      async () =>
        (await api.json<{ state: string }>(`/api/novels/${novel.id}/audiobookshelf`)).state === 'written',
    )
  }
  const files = await readdir(root.path, { recursive: true })
  expect(files.filter((name) => name.endsWith('.m4a'))).toHaveLength(2)
  expect(await readdir(root.path)).toHaveLength(1)
})
