import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))

test('killed right after it was moved to the trash, and right after it was restored, a novel is where it was told to be', async () => {
  await using folder = await temporaryFolder()
  const start = () => ServerProcess.start({ data: folder.path, program: [program] })
  await using first = await start()
  const { novel } = await first.add(longStory(3, 60), 'story.txt')
  const progressId = await first.generate(novel.id, undefined, { voice: 'odd:hum' })
  await first.until(progressId, ({ segmentsDone }) => segmentsDone > 10)
  const path = `/api/novels/${novel.id}`
  expect((await first.fetch(path, { method: 'DELETE' })).status).toBe(200)
  await first.kill()

  await using second = await start()
  expect((await second.fetch(path)).status).toBe(404)
  expect((await second.fetch(`/api/worker/progress/${progressId}`)).status).toBe(404)
  const { novels } = await second.json<{ novels: { id: string; bytes: number }[] }>('/api/trash')
  expect(novels).toMatchObject([{ id: novel.id }])
  expect(novels[0]!.bytes).toBeGreaterThan(10_000)
  expect(second.handedOut).toEqual([])
  expect((await second.post(`/api/trash/${novel.id}/restore`, {})).status).toBe(200)
  await second.kill()

  await using third = await start()
  const progress = await third.finished(progressId)
  expect(progress).toMatchObject({ status: 'completed', segmentsDone: progress.segmentsTotal })
  const spoken = [first, second, third].flatMap(({ handedOut }) => handedOut)
  // At most what each speaker had in its hands when it was killed.
  expect(spoken.length - new Set(spoken).size).toBeLessThanOrEqual(4)
  expect((await third.fetch(`${path}/source`)).status).toBe(200)
  expect(await third.stop()).toBe(0)
})
