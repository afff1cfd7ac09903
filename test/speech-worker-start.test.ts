import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import type { Health } from '../src/http/contract/health-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { startFault } from './program/worker-start-fault.ts'

const speaker = new URL('./program/hanging-speech-worker.ts', import.meta.url)

const speakersOf = async (api: Api) => (await api.json<Health>('/api/health')).speakers

test('no part of a start has a time limit: a busy machine takes as long as it needs', async () => {
  const channel = 'fastify.initialization'
  const limits: unknown[] = []
  const onBuilt = (built: unknown): void => {
    limits.push((built as { fastify: FastifyInstance }).fastify.initialConfig.pluginTimeout)
  }
  subscribe(channel, onBuilt)
  await using _ = await startApplication({ workerModule: speaker, unready: true })
  unsubscribe(channel, onBuilt)
  expect(limits).toEqual([0])
})

test('a worker that hangs while it starts is replaced, and the server listens meanwhile', async () => {
  const fault = await startFault('hangs')
  await using here = await startApplication({ workerModule: speaker, startTimeout: 11_000, unready: true })
  expect(await speakersOf(here.api)).toMatchObject({ alive: 0, state: 'starting', reason: null })
  const hung = here.application.pool.pids
  await waitUntil(() => here.application.pool.pids.every((pid) => !hung.includes(pid)))
  await fault[Symbol.asyncDispose]()
  // A request that needs the voices is held until they are known, however long that takes.
  const { novel } = await here.api.add(longStory(1, 3), 'story.txt')
  expect(await here.api.finished(await here.api.generate(novel.id))).toMatchObject({ status: 'completed' })
  expect(await speakersOf(here.api)).toMatchObject({ state: 'ready', reason: null })
})

test('with workers that fail, what is spoken is heard, health says why, and work goes on when they are mended', async () => {
  await using data = await temporaryFolder()
  const sound = { voice: 'odd:hum' }
  const { novelId, progressId } = await (async () => {
    await using first = await startApplication({ workerModule: speaker, data: data.path })
    const { novel } = await first.api.add(longStory(2, 4), 'story.txt')
    await first.api.finished(await first.api.generate(novel.id, [1], sound))
    await first.application.pool.stop()
    return { novelId: novel.id, progressId: await first.api.generate(novel.id, [2], sound) }
  })()
  const fault = await startFault('ends')
  await using second = await startApplication({ workerModule: speaker, data: data.path, unready: true })
  const { api } = second
  const audio = await api.fetch(`/api/novels/${novelId}/chapters/1/audio.m4a`)
  expect(audio.status).toBe(200)
  expect((await api.json<{ voices: { id: string }[] }>('/api/voices')).voices).toMatchObject([
    { id: 'odd:hum' },
  ])
  await waitUntil(async () => (await speakersOf(api)).state === 'failing')
  expect((await speakersOf(api)).reason).toMatch(/exit code 3/)
  const unhealthy = await api.fetch('/api/health')
  expect(unhealthy.status).toBe(503)
  expect(await unhealthy.json()).toMatchObject({
    success: false,
    code: 'speech.no-worker',
    error: expect.stringContaining('exit code 3'),
  })
  expect((await api.progress(progressId)).waiting).toMatch(/No speaker can be started .*exit code 3/)
  await fault[Symbol.asyncDispose]()
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
})

test('a box that has never spoken, and whose workers fail, answers without voices', async () => {
  await using _ = await startFault('ends')
  await using here = await startApplication({ workerModule: speaker, unready: true })
  expect(await here.api.json('/api/voices')).toMatchObject({ voices: [] })
  const { novel } = await here.api.add(longStory(1, 2), 'story.txt')
  const refused = await here.api.post('/api/worker/generate/all', { novelId: novel.id })
  expect(await refused.json()).toMatchObject({ code: 'speech.no-worker' })
})
