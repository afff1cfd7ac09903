import { say } from '../../novel/saying.ts'
import type { Logger } from 'pino'
import { isGivenUp, retryDelayMs, shownAddress, type WebhookDelivery } from '../../novel/webhook.ts'
import type { Database } from '../../storage/database-tables.ts'
import { connectionErrorMessage } from '../../storage/download/http-request.ts'
import {
  claimDeliveries,
  type DeliveryOutcome,
  dueTimes,
  finishAttempt,
  giveUpDeliveries,
  releaseDeliveries,
  releaseDelivery,
  trimDeliveries,
} from '../../storage/queries/webhook-delivery-queries.ts'
import { type StoredWebhook, updateWebhook, webhookById } from '../../storage/queries/webhook-queries.ts'
import type { EventBus } from '../event-bus.ts'
import { postEvent, retryAfterMs, type WebhookAnswer } from './webhook-request.ts'

export interface WebhookSenderParts {
  readonly db: Database
  readonly eventBus: EventBus
  readonly log: Logger
  readonly version: string
  /** Milliseconds before the attempt after number `attempt`. */
  readonly delayMs?: ((attempt: number) => number) | undefined
  /** Milliseconds that a request may take. */
  readonly timeoutMs?: number | undefined
}

const defaultTimeoutMs = 15_000
/** Longer than a request takes; afterwards the server that had claimed the event counts as dead. */
const leaseMs = 25_000
/** Requests at the same time to one address. Each has its own, so that one that hangs holds up no other. */
const perWebhook = 2
/** The server that wrote an event may have died before it published that. */
const lookMs = 30_000
const trimMs = 3_600_000
const keptMs = 30 * 24 * 3_600_000
const keptDeliveries = 1000
const [gone, tooMany, unavailable] = [410, 429, 503]

/**
 * Sends what the outbox holds, at least once: an event is claimed before it is sent, and is due again if its server dies.
 * Of several servers one sends it at a time. Close it by disposing of it.
 */
export class WebhookSender implements AsyncDisposable {
  readonly #parts: WebhookSenderParts
  readonly #subscription: Disposable
  readonly #stopping = new AbortController()
  /** By id of a webhook, the requests under way. */
  readonly #sending = new Map<string, Set<Promise<void>>>()
  #timer: NodeJS.Timeout | undefined
  #round: Promise<void> | undefined
  #again = false
  #trimmedAt = -Infinity

  constructor(parts: WebhookSenderParts) {
    this.#parts = parts
    this.#subscription = parts.eventBus.subscribe(({ kind }) => kind === 'webhooks' && this.wake())
  }

  async start(): Promise<void> {
    await releaseDeliveries(this.#parts.db)
    this.wake()
  }

  /** Looks now for what is due. */
  wake(): void {
    if (this.#stopping.signal.aborted) return
    this.#again = true
    this.#round ??= this.#look().finally(() => {
      this.#round = undefined
      if (this.#again) this.wake()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]()
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#round
    await Promise.all([...this.#sending.values()].flatMap((requests) => [...requests]))
  }

  async #look(): Promise<void> {
    this.#again = false
    clearTimeout(this.#timer)
    let next = Date.now() + lookMs
    try {
      await this.#trim()
      for (const { webhookId, at } of await dueTimes(this.#parts.db)) {
        if (this.#stopping.signal.aborted) return
        const free = perWebhook - (this.#sending.get(webhookId)?.size ?? 0)
        // One that ends looks again.
        if (free <= 0) continue
        if (at > Date.now()) next = Math.min(next, at)
        else await this.#claim(webhookId, free)
      }
    } catch (err) {
      if (!this.#stopping.signal.aborted) this.#parts.log.warn({ err }, 'webhooks could not be looked after')
    }
    if (this.#stopping.signal.aborted) return
    this.#timer = setTimeout(() => this.wake(), Math.max(0, next - Date.now())).unref()
  }

  async #claim(webhookId: string, limit: number): Promise<void> {
    const { db } = this.#parts
    const webhook = await webhookById(db, webhookId)
    if (!webhook) return
    for (const delivery of await claimDeliveries(db, webhookId, { limit, now: Date.now(), leaseMs })) {
      const requests = this.#sending.get(webhookId) ?? new Set()
      this.#sending.set(webhookId, requests)
      const sent = this.#send(webhook, delivery)
        .catch((err: unknown) =>
          this.#parts.log.warn({ err, webhookId }, 'what became of an event could not be stored'),
        )
        .finally(() => {
          requests.delete(sent)
          this.wake()
        })
      requests.add(sent)
    }
  }

  async #send(webhook: StoredWebhook, delivery: WebhookDelivery): Promise<void> {
    const { db, version, timeoutMs = defaultTimeoutMs } = this.#parts
    const begun = Date.now()
    const timeout = AbortSignal.timeout(timeoutMs)
    const event = { id: delivery.eventId, timestamp: Math.floor(begun / 1000), body: delivery.body }
    const answer = await postEvent(webhook.url, event, {
      secret: webhook.secret,
      userAgent: `Nightjar/${version}`,
      signal: AbortSignal.any([timeout, this.#stopping.signal]),
    }).catch((error: unknown) => ({ error }))
    if ('error' in answer && this.#stopping.signal.aborted) return releaseDelivery(db, delivery)
    const error =
      'status' in answer
        ? answerError(answer)
        : timeout.aborted
          ? say('webhook.slow', { seconds: timeoutMs / 1000 })
          : say('webhook.unreached', { reason: connectionErrorMessage(answer.error) })
    const now = Date.now()
    const ended = {
      lastAttemptAt: new Date(begun).toISOString(),
      responseStatus: 'status' in answer ? answer.status : undefined,
      error,
      durationMs: now - begun,
    }
    await this.#finish(webhook, delivery, answer, ended)
  }

  async #finish(
    webhook: StoredWebhook,
    delivery: WebhookDelivery,
    answer: WebhookAnswer | { readonly error: unknown },
    ended: Omit<DeliveryOutcome, 'status' | 'nextAt'>,
  ): Promise<void> {
    const { db, eventBus, log, delayMs = retryDelayMs } = this.#parts
    const now = Date.now()
    const { error } = ended
    if (error === undefined)
      return finishAttempt(db, delivery, { ...ended, status: 'delivered', nextAt: now })
    const details = { webhook: webhook.id, event: delivery.eventId, attempt: delivery.attempts, error }
    log.info({ ...details, host: new URL(shownAddress(webhook.url)).host }, 'an event was not delivered')
    const status = 'status' in answer ? answer.status : undefined
    if (status === gone) {
      await finishAttempt(db, delivery, { ...ended, status: 'failed', nextAt: now })
      await updateWebhook(db, webhook.id, { active: false, switchedOff: error })
      await giveUpDeliveries(db, webhook.id, say('webhook.off'))
      eventBus.publish({ kind: 'webhooks' })
      return
    }
    const asked =
      'status' in answer && (status === tooMany || status === unavailable)
        ? retryAfterMs(answer.headers, now)
        : 0
    const nextAt = now + Math.max(delayMs(delivery.attempts), asked)
    const isOver = isGivenUp(delivery.startedAt, nextAt)
    await finishAttempt(db, delivery, { ...ended, status: isOver ? 'failed' : 'pending', nextAt })
    if (asked > 0) await updateWebhook(db, webhook.id, { restsUntil: now + asked })
  }

  async #trim(): Promise<void> {
    const now = Date.now()
    if (now - this.#trimmedAt < trimMs) return
    this.#trimmedAt = now
    await trimDeliveries(this.#parts.db, new Date(now - keptMs).toISOString(), keptDeliveries)
  }
}

/** Why an answer does not count as a delivery; `undefined` if it does. */
function answerError({ status }: WebhookAnswer): string | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === gone) return say('webhook.gone')
  if (status >= 300 && status < 400) return say('webhook.redirects', { status })
  return say('webhook.refused', { status })
}
