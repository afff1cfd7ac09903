import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventBusContract } from '../../../test/contracts/event-bus-contract.ts'
import { PostgresCluster, postgresPrograms } from '../../../test/program/postgres-cluster.ts'
import { maySkip } from '../../../test/program/skip-policy.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import type { Database } from '../../storage/database-tables.ts'
import { openPostgresBesideServer } from '../../storage/postgres/postgres-database.ts'
import { PostgresNotices } from '../../storage/postgres/postgres-notices.ts'
import type { ApplicationEvent } from '../event-bus.ts'
import { DistributedEventBus } from './distributed-event-bus.ts'
import { EventBatch, eventsOf } from './event-batch.ts'

const skipped = maySkip(postgresPrograms() !== undefined)
const cluster = skipped ? undefined : new PostgresCluster()
const url = cluster?.url() ?? ''
let db: Database
beforeAll(() => {
  db = openPostgresBesideServer(url)
})
afterAll(async () => {
  await db.destroy()
  cluster?.[Symbol.dispose]()
})

const logged: unknown[] = []
const log = { error: (details: { err: unknown }) => logged.push(details.err), warn: () => undefined }

async function openBus(serverId: string): Promise<DistributedEventBus> {
  const notices = new PostgresNotices(url, db)
  return DistributedEventBus.open({ notices, serverId, log: log as never })
}

function heard(bus: DistributedEventBus): [event: ApplicationEvent, remote: boolean][] {
  const events: [ApplicationEvent, boolean][] = []
  bus.subscribe((...event) => events.push(event))
  return events
}

describe.skipIf(skipped)('on Postgres', () => {
  eventBusContract('of several servers', async () => {
    logged.length = 0
    const bus = await openBus('here')
    return {
      bus,
      logged,
      delivered: () => Promise.resolve(),
      close: () => bus[Symbol.asyncDispose](),
    }
  })

  test('each of two servers hears the other, and itself once', async () => {
    await using one = await openBus('one')
    await using other = await openBus('other')
    const [here, there] = [heard(one), heard(other)]
    const novel: ApplicationEvent = { kind: 'novel', id: 'a' }
    const playback: ApplicationEvent = { kind: 'playback', novelId: 'a', chapterNumber: 2, segment: 7 }
    one.publish(novel)
    one.publish(playback)
    expect(here).toEqual([
      [novel, false],
      [playback, false],
    ])
    await waitUntil(() => there.length === 2)
    expect(there).toEqual([
      [novel, true],
      [playback, true],
    ])
    other.publish({ kind: 'voices' })
    await waitUntil(() => here.length === 3)
    expect(here.at(-1)).toEqual([{ kind: 'voices' }, true])
    expect(there).toHaveLength(3)
  })

  test('after a restart of Postgres anything may have changed, and both hear each other again', async () => {
    await using one = await openBus('one')
    await using other = await openBus('other')
    const there = heard(other)
    cluster?.stop()
    one.publish({ kind: 'novel', id: 'lost' })
    cluster?.start()
    await waitUntil(() => there.some(([{ kind }, remote]) => kind === 'everything' && remote))
    await waitUntil(() => {
      one.publish({ kind: 'novel', id: 'found' })
      return there.some(([event]) => 'id' in event && event.id === 'found')
    })
  })

  test('a burst is several notices, and one beyond measure means everything', async () => {
    await using one = await openBus('one')
    await using other = await openBus('other')
    const there = heard(other)
    for (let index = 0; index < 2000; index++) one.publish({ kind: 'novel', id: `novel ${index}` })
    one.publish({ kind: 'novel', id: 'novel 0' })
    await waitUntil(() => there.length >= 2000)
    expect(there).toHaveLength(2000)
    expect(there.at(-1)).toEqual([{ kind: 'novel', id: 'novel 0' }, true])
    for (let index = 0; index < 50_000; index++) one.publish({ kind: 'novel', id: `novel ${index}` })
    await waitUntil(() => there.length > 2000)
    expect(there.slice(2000)).toEqual([[{ kind: 'everything' }, true]])
  })
})

test('a batch has each change once, what caches forget first, in texts that a notice may hold', () => {
  const batch = new EventBatch()
  const spoken = (index: number, state: 'speaking' | 'spoken'): ApplicationEvent => ({
    kind: 'segment',
    recipe: 'r'.repeat(64),
    segment: { novelId: 'n', chapterNumber: 1, index, voice: 'espeak:en', speed: 1, state },
  })
  for (let index = 0; index < 100; index++) {
    batch.add(spoken(index, 'speaking'))
    batch.add(spoken(index, 'spoken'))
    batch.add({ kind: 'chapters', ids: [index, index + 1_000_000_000] })
  }
  batch.add({ kind: 'epoch' })
  const texts = batch.take('me', 7900)
  expect(batch.isEmpty).toBe(true)
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(7900)
  const events = texts.flatMap((text) => eventsOf(text).events)
  expect(events[0]).toMatchObject({ kind: 'chapters' })
  expect(events.flatMap((event) => (event.kind === 'chapters' ? event.ids : []))).toHaveLength(200)
  expect(events.filter(({ kind }) => kind === 'segment')).toEqual(
    Array.from({ length: 100 }, (_, index) => spoken(index, 'spoken')),
  )
  expect(events.at(-1)).toEqual({ kind: 'epoch' })
})

test('a text that cannot be understood may mean anything', () => {
  expect(eventsOf('{"from":"newer","events":[{"kind":"moon"}]}').events).toEqual([{ kind: 'everything' }])
  expect(eventsOf('none').events).toEqual([{ kind: 'everything' }])
})
