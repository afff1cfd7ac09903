import type { Logger } from 'pino'
import type { ApplicationEvent, EventBus } from '../event-bus.ts'

interface Subscription {
  readonly listener: (event: ApplicationEvent) => void
}

/** The event bus of a single process: publishes synchronously. */
export class InProcessEventBus implements EventBus {
  readonly #log: Pick<Logger, 'error'>
  readonly #subscriptions = new Set<Subscription>()
  /** Events published by listeners, to be delivered after the current one. */
  readonly #pending: ApplicationEvent[] = []
  #delivering = false

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log
  }

  publish(event: ApplicationEvent): void {
    this.#pending.push(event)
    if (this.#delivering) return
    this.#delivering = true
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) this.#deliver(next)
    this.#delivering = false
  }

  subscribe(listener: (event: ApplicationEvent) => void): Disposable {
    const subscription = { listener }
    this.#subscriptions.add(subscription)
    return { [Symbol.dispose]: () => this.#subscriptions.delete(subscription) }
  }

  #deliver(event: ApplicationEvent): void {
    // A listener may subscribe others, which get the events that follow.
    const current = [...this.#subscriptions]
    for (const subscription of current) {
      // Disposed of by a listener before it.
      if (!this.#subscriptions.has(subscription)) continue
      try {
        subscription.listener(event)
      } catch (error) {
        this.#log.error({ err: error, kind: event.kind }, 'a listener failed on an event')
      }
    }
  }
}
