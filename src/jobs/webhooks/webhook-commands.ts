import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { say } from '../../novel/saying.ts'
import { trialEvent, type Webhook, type WebhookDelivery, type WebhookEvent } from '../../novel/webhook.ts'
import {
  giveUpDeliveries,
  insertDeliveries,
  listDeliveries,
  sendAgain,
} from '../../storage/queries/webhook-delivery-queries.ts'
import {
  insertWebhook,
  type StoredWebhook,
  updateWebhook,
  webhookById,
} from '../../storage/queries/webhook-queries.ts'
import { removeForNow } from '../../storage/queries/removal-queries.ts'
import type { Application } from '../application.ts'
import { bodyOf } from './webhook-payload.ts'
import { newSecret } from './webhook-request.ts'

export type WebhookParts = Pick<Application, 'db' | 'eventBus' | 'webhooks'>

/** Each may have a few requests under way at the same time. */
const mostWebhooks = 32

interface NewWebhook {
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly links: string
}

/** Adds a webhook, with its secret, which is shown this once. Throws `webhook.too-many`. */
export async function addWebhook(parts: WebhookParts, given: NewWebhook): Promise<StoredWebhook> {
  const { db, eventBus, webhooks } = parts
  const createdAt = new Date().toISOString()
  const webhook = { ...given, id: uuidv7(), active: true, createdAt, secret: newSecret() }
  const ready = given.events.includes('chapter.ready') ? await webhooks.readyNow() : undefined
  const isAdded = await db.transaction().execute(async (commit) => {
    if (ready) await webhooks.beginChapters(commit, ready)
    return await insertWebhook(commit, webhook, mostWebhooks)
  })
  if (!isAdded) throw new Failure('webhook.too-many', { most: mostWebhooks })
  await webhooks.reload()
  eventBus.publish({ kind: 'webhooks' })
  return webhook
}

/** Throws `webhook.unknown`. */
export async function requireWebhook({ db }: Pick<WebhookParts, 'db'>, id: string): Promise<StoredWebhook> {
  const webhook = await webhookById(db, id)
  if (!webhook) throw new Failure('webhook.unknown', { id })
  return webhook
}

/**
 * Changes a webhook. Switched off, it is told of nothing more, and what is still to be sent is given up; switched on, of
 * what comes from then on. Throws `webhook.unknown`.
 */
export async function changeWebhook(
  parts: WebhookParts,
  id: string,
  change: Partial<Pick<Webhook, 'url' | 'events' | 'active' | 'links'>>,
): Promise<StoredWebhook> {
  const { db, eventBus, webhooks } = parts
  const before = await requireWebhook(parts, id)
  const after = { ...before, ...change }
  const ready = wantsChapters(after) && !wantsChapters(before) ? await webhooks.readyNow() : undefined
  await db.transaction().execute(async (commit) => {
    if (ready) await webhooks.beginChapters(commit, ready)
    const isOn = change.active === true || change.url !== undefined
    await updateWebhook(commit, id, {
      ...change,
      ...(change.active !== undefined && { switchedOff: null }),
      ...(isOn && { restsUntil: 0 }),
    })
    if (change.active === false) await giveUpDeliveries(commit, id, say('webhook.off'))
  })
  await webhooks.reload()
  eventBus.publish({ kind: 'webhooks' })
  return await requireWebhook(parts, id)
}

function wantsChapters({ active, events }: Pick<Webhook, 'active' | 'events'>): boolean {
  return active && events.includes('chapter.ready')
}

/** Gives a webhook another secret; the old one signs nothing any more. Throws `webhook.unknown`. */
export async function renewSecret(parts: WebhookParts, id: string): Promise<StoredWebhook> {
  const secret = newSecret()
  if (!(await updateWebhook(parts.db, id, { secret }))) throw new Failure('webhook.unknown', { id })
  return await requireWebhook(parts, id)
}

/** Removes a webhook with its log. Returns the id by which it comes back, for an hour. Throws `webhook.unknown`. */
export async function removeWebhook({ db, eventBus, webhooks }: WebhookParts, id: string): Promise<string> {
  const removal = await removeForNow(db, 'webhook', id)
  if (removal === undefined) throw new Failure('webhook.unknown', { id })
  await webhooks.reload()
  eventBus.publish({ kind: 'webhooks' })
  return removal
}

/** Sends a trial event, also to a webhook that is switched off. Throws `webhook.unknown`. */
export async function tryWebhook(parts: WebhookParts, id: string): Promise<WebhookDelivery> {
  const { db, eventBus } = parts
  const webhook = await requireWebhook(parts, id)
  const deliveryId = uuidv7()
  const eventId = `evt_${deliveryId}`
  const message = 'A trial event of Nightjar: whatever is made is told of in this way.'
  const data = { message, links: { page: `${webhook.links}/settings` } }
  const body = bodyOf(eventId, trialEvent, new Date().toISOString(), data)
  await insertDeliveries(db, [{ id: deliveryId, webhookId: id, eventId, type: trialEvent, body }])
  await updateWebhook(db, id, { restsUntil: 0 })
  eventBus.publish({ kind: 'webhooks' })
  const [latest] = (await listDeliveries(db, id, { limit: 5, offset: 0 })).filter(
    (delivery) => delivery.id === deliveryId,
  )
  if (!latest) throw new Failure('webhook.unknown', { id })
  return latest
}

/** Sends an event again, under the id that it had. Throws `webhook.unknown`, `webhook.no-delivery`. */
export async function resendEvent(
  parts: WebhookParts,
  id: string,
  deliveryId: string,
): Promise<WebhookDelivery> {
  await requireWebhook(parts, id)
  const delivery = await sendAgain(parts.db, id, deliveryId)
  if (!delivery) throw new Failure('webhook.no-delivery', { id: deliveryId })
  await updateWebhook(parts.db, id, { restsUntil: 0 })
  parts.eventBus.publish({ kind: 'webhooks' })
  return delivery
}
