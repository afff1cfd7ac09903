import type { Logger } from 'pino'
import type { ApplicationEvent, EventListener } from './event-bus.ts'

interface Subscription {
  readonly listener: EventListener
}

/** The listeners of this process: what every event bus delivers to. */
export class EventSubscriptions {
  readonly #log: Pick<Logger, 'error'>
  readonly #subscriptions = new Set<Subscription>()
  /** Events published by listeners, to be delivered after the current one. */
  readonly #pending: (readonly [event: ApplicationEvent, remote: boolean])[] = []
  #delivering = false

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log
  }

  add(listener: EventListener): Disposable {
    const subscription = { listener }
    this.#subscriptions.add(subscription)
    return { [Symbol.dispose]: () => this.#subscriptions.delete(subscription) }
  }

  /** Calls the listeners at once, or after the current event. */
  deliver(event: ApplicationEvent, remote: boolean): void {
    this.#pending.push([event, remote])
    if (this.#delivering) return
    this.#delivering = true
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) this.#callAll(...next)
    this.#delivering = false
  }

  #callAll(event: ApplicationEvent, remote: boolean): void {
    // A listener may subscribe others, which get the events that follow.
    const current = [...this.#subscriptions]
    for (const subscription of current) {
      // Disposed of by a listener before it.
      if (!this.#subscriptions.has(subscription)) continue
      try {
        subscription.listener(event, remote)
      } catch (error) {
        this.#log.error({ err: error, kind: event.kind }, 'a listener failed on an event')
      }
    }
  }
}
