import type { Logger } from 'pino'
import type { Notices } from '../../storage/notices.ts'
import type { ApplicationEvent, EventBus, EventListener } from '../event-bus.ts'
import { EventSubscriptions } from '../event-subscriptions.ts'
import { EventBatch, eventsOf } from './event-batch.ts'

/** Sending each event by itself would double the work of the database for a clip, and delay the commits of others. */
const sendIntervalMs = 250

export interface DistributedEventBusParts {
  readonly notices: Notices
  /** Tells servers apart. */
  readonly serverId: string
  readonly log: Logger
}

/**
 * The event bus of several servers: its own listeners hear an event at once, those of the others after a quarter of a
 * second. If events may have been lost, as with a connection, hearers get `everything`.
 */
export class DistributedEventBus implements EventBus, AsyncDisposable {
  readonly #parts: DistributedEventBusParts
  readonly #subscriptions: EventSubscriptions
  readonly #batch = new EventBatch()
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()

  private constructor(parts: DistributedEventBusParts) {
    this.#parts = parts
    this.#subscriptions = new EventSubscriptions(parts.log)
  }

  /** Throws the database's errors if it cannot listen. */
  static async open(parts: DistributedEventBusParts): Promise<DistributedEventBus> {
    const bus = new DistributedEventBus(parts)
    await parts.notices.listen({
      onNotice: (text) => bus.#receive(text),
      onMissed: () => bus.#subscriptions.deliver({ kind: 'everything' }, true),
    })
    return bus
  }

  publish(event: ApplicationEvent): void {
    this.#subscriptions.deliver(event, false)
    this.#batch.add(event)
    this.#timer ??= setTimeout(() => void this.#send(), sendIntervalMs).unref()
  }

  subscribe(listener: EventListener): Disposable {
    return this.#subscriptions.add(listener)
  }

  /** Sends what was published, and hears no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#send()
    clearTimeout(this.#timer)
    await this.#parts.notices[Symbol.asyncDispose]()
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sending = this.#sending.then(() => this.#sendBatch())
    return this.#sending
  }

  async #sendBatch(): Promise<void> {
    const { notices, serverId, log } = this.#parts
    if (this.#batch.isEmpty) return
    const texts = this.#batch.take(serverId, notices.maxBytes)
    try {
      await notices.send(texts)
    } catch (err) {
      log.warn({ err }, 'other servers could not be told what has changed, and will read everything again')
      this.#batch.clear()
      this.#batch.add({ kind: 'everything' })
      this.#timer ??= setTimeout(() => void this.#send(), 4 * sendIntervalMs).unref()
    }
  }

  #receive(text: string): void {
    const { from, events } = eventsOf(text)
    if (from === this.#parts.serverId) return
    for (const event of events) this.#subscriptions.deliver(event, true)
  }
}
