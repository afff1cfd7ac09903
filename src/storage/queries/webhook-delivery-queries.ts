import { type Selectable, sql } from 'kysely'
import type { WebhookDelivery } from '../../novel/webhook.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { novelState } from '../novel-state.ts'

/** An event for one webhook. `novelId`: whose novel it speaks of, with which it goes. */
export type NewDelivery = Pick<WebhookDelivery, 'id' | 'webhookId' | 'eventId' | 'type' | 'body'> & {
  readonly novelId?: string
}

/** Adds events to the outbox; one that a webhook was given already is left out. */
export async function insertDeliveries(db: Database, deliveries: readonly NewDelivery[]): Promise<void> {
  const now = Date.now()
  const createdAt = new Date(now).toISOString()
  const perStatement = 50
  for (let at = 0; at < deliveries.length; at += perStatement) {
    await db
      .insertInto('webhookDeliveries')
      .values(
        deliveries.slice(at, at + perStatement).map(({ novelId = null, ...delivery }) => ({
          ...delivery,
          novelId,
          status: 'pending' as const,
          attempts: 0,
          createdAt,
          startedAt: now,
          nextAt: now,
          claimedUntil: 0,
        })),
      )
      .onConflict((conflict) => conflict.columns(['webhookId', 'eventId']).doNothing())
      .execute()
  }
}

/** Query: deliveries but those that speak of a novel which is deleted or in the trash. */
const shown = (db: Database) =>
  db
    .selectFrom('webhookDeliveries as delivery')
    .where((row) =>
      row.or([
        row('delivery.novelId', 'is', null),
        row.exists(
          row
            .selectFrom('novels')
            .select('novels.id')
            .whereRef('novels.id', '=', 'delivery.novelId')
            .where('novels.complete', '=', novelState.shelved),
        ),
      ]),
    )

/** When the next event of each webhook is to be sent, epoch milliseconds. */
export async function dueTimes(db: Database): Promise<{ webhookId: string; at: number }[]> {
  return shown(db)
    .innerJoin('webhooks', 'webhooks.id', 'delivery.webhookId')
    .where('status', '=', 'pending')
    .groupBy(['webhookId', 'restsUntil'])
    .select([
      'webhookId',
      sql<number>`min(CASE
        WHEN "claimedUntil" >= "nextAt" AND "claimedUntil" >= "restsUntil" THEN "claimedUntil"
        WHEN "nextAt" >= "restsUntil" THEN "nextAt" ELSE "restsUntil" END)`.as('at'),
    ])
    .execute()
}

/**
 * Takes up to `limit` events of a webhook that are due and that no server is sending, and counts an attempt of each. For
 * `leaseMs` no other server takes them.
 */
export async function claimDeliveries(
  db: Database,
  webhookId: string,
  { limit, now, leaseMs }: { readonly limit: number; readonly now: number; readonly leaseMs: number },
): Promise<WebhookDelivery[]> {
  const due = shown(db)
    .where('webhookId', '=', webhookId)
    .where('status', '=', 'pending')
    .where('nextAt', '<=', now)
    .where('claimedUntil', '<=', now)
    .orderBy('nextAt')
    .orderBy('id')
    .limit(limit)
    .select('id')
    .modifyEnd(sqlDialect(db).unlocked)
  const rows = await db
    .updateTable('webhookDeliveries')
    .set((row) => ({ claimedUntil: now + leaseMs, attempts: row('attempts', '+', 1) }))
    .where('id', 'in', due)
    .returningAll()
    .execute()
  // A statement that writes returns its rows in any order.
  return rows
    .map(asDelivery)
    .toSorted((one, other) => one.nextAt - other.nextAt || (one.id < other.id ? -1 : 1))
}

/** How an attempt ended. */
export interface DeliveryOutcome {
  readonly status: WebhookDelivery['status']
  readonly nextAt: number
  readonly lastAttemptAt: string
  readonly responseStatus: number | undefined
  readonly error: string | undefined
  readonly durationMs: number
}

/** Stores how an attempt ended, unless the claim had lapsed and another server has begun the next one. */
export async function finishAttempt(
  db: Database,
  { id, attempts }: Pick<WebhookDelivery, 'id' | 'attempts'>,
  { responseStatus, error, ...outcome }: DeliveryOutcome,
): Promise<void> {
  await db
    .updateTable('webhookDeliveries')
    .set({
      ...outcome,
      responseStatus: responseStatus ?? null,
      error: error ?? null,
      claimedUntil: 0,
    })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .execute()
}

/** Gives an event back as if it had not been tried. */
export async function releaseDelivery(
  db: Database,
  { id, attempts }: Pick<WebhookDelivery, 'id' | 'attempts'>,
): Promise<void> {
  await db
    .updateTable('webhookDeliveries')
    .set({ attempts: attempts - 1, claimedUntil: 0 })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .execute()
}

/** Where one server has the database for itself, nobody sends anything at its start. */
export async function releaseDeliveries(db: Database): Promise<void> {
  if (sqlDialect(db).shared) return
  await db.updateTable('webhookDeliveries').set({ claimedUntil: 0 }).where('claimedUntil', '>', 0).execute()
}

/** Gives up what is still to be sent to a webhook. */
export async function giveUpDeliveries(db: Database, webhookId: string, error: string): Promise<void> {
  await db
    .updateTable('webhookDeliveries')
    .set({ status: 'failed', error })
    .where('webhookId', '=', webhookId)
    .where('status', '=', 'pending')
    .execute()
}

/** Sends an event once more, whatever became of it. `undefined`: there is none. */
export async function sendAgain(
  db: Database,
  webhookId: string,
  id: string,
): Promise<WebhookDelivery | undefined> {
  const now = Date.now()
  const row = await db
    .updateTable('webhookDeliveries')
    .set({ status: 'pending', attempts: 0, startedAt: now, nextAt: now, claimedUntil: 0 })
    .where('webhookId', '=', webhookId)
    .where('id', 'in', shown(db).where('id', '=', id).select('id'))
    .returningAll()
    .executeTakeFirst()
  return row && asDelivery(row)
}

/** The log of a webhook, the latest first. */
export async function listDeliveries(
  db: Database,
  webhookId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<WebhookDelivery[]> {
  const rows = await shown(db)
    .where('webhookId', '=', webhookId)
    .selectAll('delivery')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(asDelivery)
}

/** Removes from the log of each webhook what is older than `before` (ISO 8601), and all but the last `most`. */
export async function trimDeliveries(db: Database, before: string, most: number): Promise<void> {
  await db
    .deleteFrom('webhookDeliveries')
    .where('status', '!=', 'pending')
    .where('createdAt', '<', before)
    .execute()
  for (const { id } of await db.selectFrom('webhooks').select('id').execute()) {
    const last = await db
      .selectFrom('webhookDeliveries')
      .select('id')
      .where('webhookId', '=', id)
      .orderBy('id', 'desc')
      .offset(most)
      .limit(1)
      .executeTakeFirst()
    if (!last) continue
    await db
      .deleteFrom('webhookDeliveries')
      .where('webhookId', '=', id)
      .where('id', '<=', last.id)
      .where('status', '!=', 'pending')
      .execute()
  }
}

function asDelivery(row: Selectable<Tables['webhookDeliveries']>): WebhookDelivery {
  const { novelId: _, claimedUntil: __, lastAttemptAt, responseStatus, error, durationMs, ...delivery } = row
  return {
    ...delivery,
    ...(lastAttemptAt !== null && { lastAttemptAt }),
    ...(responseStatus !== null && { responseStatus }),
    ...(error !== null && { error }),
    ...(durationMs !== null && { durationMs }),
  }
}
