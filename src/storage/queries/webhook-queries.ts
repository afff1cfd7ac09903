import type { Selectable } from 'kysely'
import type { Webhook, WebhookEvent } from '../../novel/webhook.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'

/** A webhook with the key by which what is sent to it is signed. */
export interface StoredWebhook extends Webhook {
  readonly secret: string
}

/** Inserts a webhook unless there are `most`. Returns whether it did. */
export async function insertWebhook(db: Database, webhook: StoredWebhook, most: number): Promise<boolean> {
  await sqlDialect(db).serialize(db, 'webhooks')
  const { count } = await db
    .selectFrom('webhooks')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count >= most) return false
  const { id, url, secret, events, active, links, createdAt } = webhook
  await db
    .insertInto('webhooks')
    .values({
      id,
      url,
      secret,
      events: JSON.stringify(events),
      active: Number(active),
      links,
      createdAt,
      restsUntil: 0,
    })
    .execute()
  return true
}

/** The oldest first. */
export async function listWebhooks(db: Database): Promise<StoredWebhook[]> {
  const rows = await db.selectFrom('webhooks').selectAll().orderBy('createdAt').orderBy('id').execute()
  return rows.map(asWebhook)
}

export async function webhookById(db: Database, id: string): Promise<StoredWebhook | undefined> {
  const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asWebhook(row)
}

/** The active ones that subscribe to a type of events. */
export async function webhooksWanting(db: Database, type: WebhookEvent): Promise<StoredWebhook[]> {
  return (await listWebhooks(db)).filter(({ active, events }) => active && events.includes(type))
}

export interface WebhookChange {
  readonly url?: string
  readonly secret?: string
  readonly events?: readonly WebhookEvent[]
  readonly active?: boolean
  readonly switchedOff?: string | null
  readonly links?: string
  readonly restsUntil?: number
}

/** Returns whether there is such a webhook. */
export async function updateWebhook(
  db: Database,
  id: string,
  { events, active, ...change }: WebhookChange,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('webhooks')
    .set({
      ...change,
      ...(events !== undefined && { events: JSON.stringify(events) }),
      ...(active !== undefined && { active: Number(active) }),
    })
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

function asWebhook(row: Selectable<Tables['webhooks']>): StoredWebhook {
  const { id, url, secret, events, active, switchedOff, links, createdAt } = row
  return {
    id,
    url,
    secret,
    events: parseStoredJson(events) as WebhookEvent[],
    active: active === 1,
    ...(switchedOff !== null && { switchedOff }),
    links,
    createdAt,
  }
}
