import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import type { Database } from '../database-tables.ts'
import {
  claimDeliveries,
  dueTimes,
  finishAttempt,
  insertDeliveries,
  listDeliveries,
  trimDeliveries,
} from './webhook-delivery-queries.ts'
import { insertWebhook } from './webhook-queries.ts'
import { novelState } from '../novel-state.ts'

const outcome = {
  responseStatus: 200,
  error: undefined,
  durationMs: 3,
  lastAttemptAt: new Date().toISOString(),
}

async function insertHook(db: Database, id: string): Promise<void> {
  const hook = { url: 'http://home/', secret: 'whsec_', events: [], active: true, links: '', createdAt: '' }
  await db.transaction().execute((commit) => insertWebhook(commit, { ...hook, id }, 9))
}

function delivery(webhookId: string, id: string, eventId = id) {
  return { id, webhookId, eventId, type: 'chapter.ready' as const, body: '{}' }
}

test('an event is taken once, by one of those who ask at the same time, until its claim lapses', async () => {
  const db = await emptyDatabase()
  await insertHook(db, 'one')
  await insertDeliveries(db, [delivery('one', 'a'), delivery('one', 'b'), delivery('one', 'c', 'a')])
  const now = Date.now() + 1
  const taken = await Promise.all(
    [1, 1, 1].map((limit) => claimDeliveries(db, 'one', { limit, now, leaseMs: 1000 })),
  )
  expect(new Set(taken.flat().map(({ id }) => id))).toEqual(new Set(['a', 'b']))
  expect(taken.flat()).toHaveLength(2)
  const lapsed = await claimDeliveries(db, 'one', { limit: 9, now: now + 1000, leaseMs: 1000 })
  expect(lapsed.map(({ id, attempts }) => [id, attempts])).toEqual([
    ['a', 2],
    ['b', 2],
  ])
  // What the first has to say of it comes too late.
  await finishAttempt(db, { id: 'a', attempts: 1 }, { ...outcome, status: 'failed', nextAt: now })
  await finishAttempt(db, { id: 'b', attempts: 2 }, { ...outcome, status: 'delivered', nextAt: now })
  const log = await listDeliveries(db, 'one', { limit: 9, offset: 0 })
  expect(log.map(({ status }) => status)).toEqual(['delivered', 'pending'])
  await db.destroy()
})

test('the log keeps the last events of each webhook, and those that are still to be sent', async () => {
  const db = await emptyDatabase()
  for (const hook of ['one', 'two']) {
    await insertHook(db, hook)
    await insertDeliveries(
      db,
      [1, 2, 3, 4].map((at) => delivery(hook, `${hook}${at}`)),
    )
  }
  const done = db.updateTable('webhookDeliveries').set({ status: 'delivered' })
  await done.where('id', '!=', 'two1').execute()
  await trimDeliveries(db, '2000', 2)
  const kept = async () => {
    const rows = await db.selectFrom('webhookDeliveries').select('id').orderBy('id').execute()
    return rows.map(({ id }) => id)
  }
  expect(await kept()).toEqual(['one3', 'one4', 'two1', 'two3', 'two4'])
  await trimDeliveries(db, '3000', 2)
  expect(await kept()).toEqual(['two1'])
  await db.destroy()
})

test('what speaks of a novel that is hidden is neither sent nor shown, and goes with it', async () => {
  const db = await emptyDatabase()
  await insertHook(db, 'one')
  const novelId = await insertSmallNovel(db, [['It rained.']])
  await insertDeliveries(db, [{ ...delivery('one', 'a'), novelId }])
  const seen = async () => [
    (await dueTimes(db)).length,
    (await claimDeliveries(db, 'one', { limit: 9, now: Date.now() + 1, leaseMs: 0 })).length,
    (await listDeliveries(db, 'one', { limit: 9, offset: 0 })).length,
  ]
  expect(await seen()).toEqual([1, 1, 1])
  await db.updateTable('novels').set({ complete: novelState.hidden }).execute()
  expect(await seen()).toEqual([0, 0, 0])
  await db.deleteFrom('novels').execute()
  expect(await db.selectFrom('webhookDeliveries').selectAll().execute()).toEqual([])
  await db.destroy()
})
