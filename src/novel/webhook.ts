/** The types of events that a webhook can subscribe to. */
export const webhookEvents = ['chapter.ready', 'generation.completed', 'generation.failed'] as const

export type WebhookEvent = (typeof webhookEvents)[number]

/** Of a webhook that is only tried out. */
export const trialEvent = 'webhook.test'

/** An address that gets events by POST requests. */
export interface Webhook {
  readonly id: string
  /** May have credentials: `shownAddress` has none. */
  readonly url: string
  readonly events: readonly WebhookEvent[]
  readonly active: boolean
  /** Why it was switched off, if nobody did. */
  readonly switchedOff?: string
  /** This server's address as the one who made the webhook saw it, for the links in the events. */
  readonly links: string
  readonly createdAt: string
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed'

/** An event on its way to one webhook, or what became of it. */
export interface WebhookDelivery {
  readonly id: string
  readonly webhookId: string
  /** The same for each attempt, and for each webhook. */
  readonly eventId: string
  readonly type: WebhookEvent | typeof trialEvent
  /** JSON, byte for byte as it is sent and signed. */
  readonly body: string
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly createdAt: string
  /** Epoch milliseconds of the first attempt, or of the moment when somebody asked for it again. */
  readonly startedAt: number
  /** Epoch milliseconds. */
  readonly nextAt: number
  readonly lastAttemptAt?: string
  readonly responseStatus?: number
  readonly error?: string
  readonly durationMs?: number
}

/** A webhook's address as it may be shown and logged: without name and password. */
export function shownAddress(url: string): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  return shown.href
}

const [firstDelayMs, longestDelayMs] = [10_000, 6 * 3_600_000]
/** So long an event is tried to be delivered. */
const patienceMs = 24 * 3_600_000

/** Milliseconds before the attempt after number `attempt`: ten seconds, then three times as much each time, ± 20 %. */
export function retryDelayMs(attempt: number, random = Math.random): number {
  const delay = Math.min(longestDelayMs, firstDelayMs * 3 ** (attempt - 1))
  return Math.round(delay * (0.8 + 0.4 * random()))
}

/** Whether an event that is on its way since `startedAt` is given up instead of tried again at `nextAt`. */
export function isGivenUp(startedAt: number, nextAt: number): boolean {
  return nextAt - startedAt > patienceMs
}
