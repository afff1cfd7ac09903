import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

const sound = { voice: 'espeak:en-us' }

test('SIGTERM ends the server in time while it speaks, and the next start goes on', async () => {
  await using folder = await temporaryFolder()
  await using first = await ServerProcess.start({ data: folder.path })
  const { novel } = await first.add(longStory(2, 12), 'story.txt')
  const progressId = await first.generate(novel.id, undefined, sound)
  const before = await first.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  // After five seconds it would end by itself, with 1.
  expect(await first.stop()).toBe(0)
  await using second = await ServerProcess.start({ data: folder.path })
  const after = await second.progress(progressId)
  expect(after.segmentsDone).toBeGreaterThanOrEqual(before.segmentsDone)
  expect(after.failedSegments).toEqual([])
  expect((await second.finished(progressId)).status).toBe('completed')
  const spoken = [...first.handedOut, ...second.handedOut]
  expect(spoken.length - new Set(spoken).size).toBeLessThanOrEqual(2)
})

test('what is paused stays paused over a restart, and goes on when it is resumed', async () => {
  await using folder = await temporaryFolder()
  await using first = await ServerProcess.start({ data: folder.path })
  const { novel } = await first.add(longStory(1, 40), 'story.txt')
  const progressId = await first.generate(novel.id, undefined, sound)
  await first.until(progressId, ({ segmentsDone }) => segmentsDone > 0)
  await first.post(`/api/worker/progress/${progressId}/pause`, {})
  await first.kill()
  await using second = await ServerProcess.start({ data: folder.path })
  expect((await second.progress(progressId)).status).toBe('paused')
  expect(second.handedOut).toEqual([])
  await second.post(`/api/worker/progress/${progressId}/resume`, {})
  expect((await second.finished(progressId)).status).toBe('completed')
})

test.skipIf(process.platform === 'win32')(
  'whoever starts Nightjar has the server itself to signal, and no process before it',
  async () => {
    await using folder = await temporaryFolder()
    await using server = await ServerProcess.start({ data: folder.path, speakers: 1 })
    const { pid } = JSON.parse(await readFile(join(folder.path, 'server.json'), 'utf8')) as { pid: number }
    expect(pid).toBe(server.pid)
  },
)

test('what a server, its speakers and its reader have compiled is there for the next, even if they are killed', async () => {
  await using folder = await temporaryFolder()
  await using compiled = await temporaryFolder()
  const files = async () =>
    (await readdir(compiled.path, { recursive: true, withFileTypes: true })).filter((file) => file.isFile())
  const settings = { NODE_COMPILE_CACHE: compiled.path }
  await using server = await ServerProcess.start({ data: folder.path, speakers: 1, settings })
  await waitUntil(async () => (await files()).length > 100)
  const before = (await files()).length
  await server.add(longStory(1, 5), 'story.txt')
  await server.kill()
  expect((await files()).length).toBeGreaterThan(before)
})
