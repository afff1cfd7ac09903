import { randomUUID } from 'node:crypto'

export interface LoggedEvent {
  readonly id: string
  readonly text: string
}

/** Some minutes of a busy night: enough for a phone that changed networks. */
const maxEvents = 3000

/**
 * The last events with ids that are never used again, so that a listener who lost the connection gets what was missed.
 */
export class EventLog {
  /** A restarted server counts anew; the run's own name keeps its ids apart from those before. */
  readonly #run = randomUUID().slice(0, 8)
  readonly #events: LoggedEvent[] = []
  #count = 0

  add(kind: string, data: unknown): LoggedEvent {
    const id = `${this.#run}-${++this.#count}`
    const event = { id, text: `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n` }
    this.#events.push(event)
    if (this.#events.length > maxEvents) this.#events.splice(0, maxEvents / 10)
    return event
  }

  /** What came after an id; `undefined` if it is not known any more, or was never. */
  since(id: string | undefined): readonly LoggedEvent[] | undefined {
    const at = this.#events.findLastIndex((event) => event.id === id)
    return at < 0 ? undefined : this.#events.slice(at + 1)
  }
}
