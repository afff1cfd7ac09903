import type { DeliveryStatus, WebhookDelivery } from '../novel/webhook.ts'

/** Webhooks and their deliveries; part of `Tables`. */
export interface WebhookTables {
  webhooks: {
    id: string
    url: string
    /** `whsec_` and the key, base64: what is sent is signed with it, so a hash would not do. */
    secret: string
    /** JSON: WebhookEvent[]. */
    events: string
    active: number
    switchedOff: string | null
    links: string
    createdAt: string
    /** Epoch milliseconds before which its server wants no request (`Retry-After`). */
    restsUntil: number
  }
  /** The outbox, and for 30 days the log of what was sent. */
  webhookDeliveries: {
    id: string
    webhookId: string
    /** NULL: a trial. */
    novelId: string | null
    eventId: string
    type: WebhookDelivery['type']
    body: string
    status: DeliveryStatus
    attempts: number
    createdAt: string
    startedAt: number
    /** Epoch milliseconds, as `claimedUntil`: until then one server is sending it. */
    nextAt: number
    claimedUntil: number
    lastAttemptAt: string | null
    responseStatus: number | null
    error: string | null
    durationMs: number | null
  }
  /** What was removed within the last hour and can be brought back: see `removal-queries.ts`. */
  removals: {
    id: string
    kind: string
    /** Value of the column that names it. */
    subject: string
    /** JSON: its rows, table by table. */
    content: string
    removedAt: string
  }
  /** Chapters that are known to be whole in a casting, so that each has one event. */
  readyChapters: {
    chapterId: number
    casting: Uint8Array
  }
}
