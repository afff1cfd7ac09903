import type { Logger } from 'pino'
import type { ApplicationEvent, EventBus, EventListener } from '../event-bus.ts'
import { EventSubscriptions } from '../event-subscriptions.ts'

/** The event bus of a single process: publishes synchronously. */
export class InProcessEventBus implements EventBus {
  readonly #subscriptions: EventSubscriptions

  constructor(log: Pick<Logger, 'error'>) {
    this.#subscriptions = new EventSubscriptions(log)
  }

  publish(event: ApplicationEvent): void {
    this.#subscriptions.deliver(event, false)
  }

  subscribe(listener: EventListener): Disposable {
    return this.#subscriptions.add(listener)
  }
}
