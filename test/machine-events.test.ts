import { expect, test } from 'vitest'
import type { Machines } from '../src/http/contract/speaker-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'

test('whoever listens is told of a machine that joins, rests, wakes and leaves, and the server’s own speakers are counted', async () => {
  await using here = await startApplication({ settings: { NIGHTJAR_SPEAKERS: '2' } })
  const { api, application } = here
  const { segmentScheduler, pool } = application
  await using stream = await EventStream.open(api)
  let heard = 0
  /** Waits for the next event of a machine. */
  const told = async (id: string): Promise<void> => {
    const event = await stream.until(
      (each) => (each.kind as string) === 'machine' && stream.heard.indexOf(each) >= heard,
    )
    expect(event).toMatchObject({ kind: 'machine', data: { id } })
    heard = stream.heard.indexOf(event) + 1
  }
  const { version } = await api.json<{ version: string }>('/api/health')
  const engines = await pool.engines
  const { id } = await segmentScheduler.join({
    name: 'attic',
    slots: 1,
    version,
    engines,
    platform: 'linux-x64',
    cores: 1,
  })
  await told(id)
  await api.post(`/api/machines/${id}/drain`, {})
  await told(id)
  await api.post(`/api/machines/${id}/resume`, {})
  await told(id)
  await segmentScheduler.leave(id)
  await told(id)

  const { novel } = await api.add(longStory(1, 12), 'own.txt')
  await api.finished(await api.generate(novel.id, undefined, { voice: 'odd:hum' }))
  const { servers, machines } = await api.json<Machines>('/api/machines')
  expect(machines).toEqual([])
  expect(servers[0]?.spoken).toBeGreaterThan(10)
  expect(servers).toMatchObject([{ slots: 2, leases: [] }])
})
