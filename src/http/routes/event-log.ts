import { randomUUID } from 'node:crypto'
import { type Caller, eyesOf, listenerOf } from '../../accounts/callers.ts'
import { sees } from '../../storage/queries/kept-novel-queries.ts'

export interface LoggedEvent {
  readonly id: string
  readonly text: string
  readonly kind: string
  /** Of which listener it is; left out: of nobody's in particular. */
  readonly listener?: string | undefined
  /** Of which novel it is, which its keeper alone may see. */
  readonly novelId?: string | undefined
}

/** Of the house: addresses of servers, machines. */
const houseKinds = new Set(['install', 'speech-server', 'machine'])

/**
 * What is of a listener is told to that one, what is of a novel to who sees it, and what is of the house to who takes care
 * of it. `kept`: by novel, who keeps it to themselves.
 */
export function isFor(
  { kind, listener, novelId }: LoggedEvent,
  caller: Caller,
  kept: ReadonlyMap<string, string>,
): boolean {
  if (novelId !== undefined && !sees(eyesOf({ caller }), kept.get(novelId))) return false
  if (listener !== undefined) return caller.kind === 'open' || listenerOf({ caller }) === listener
  return !houseKinds.has(kind) || caller.kind !== 'person' || caller.person.role !== 'listener'
}

/** A few minutes of events under load: enough for a phone that changes networks. */
const maxEvents = 3000

/** The last 3,000 events, so that a client that reconnects with `Last-Event-ID` gets what it missed. */
export class EventLog {
  /** Distinguishes the ids of this server run, whose count starts anew, from those of earlier runs. */
  readonly #run = randomUUID().slice(0, 8)
  readonly #events: LoggedEvent[] = []
  #count = 0

  add(
    kind: string,
    data: unknown,
    { listener, novelId }: Pick<LoggedEvent, 'listener' | 'novelId'> = {},
  ): LoggedEvent {
    const id = `${this.#run}-${++this.#count}`
    const event = {
      id,
      kind,
      listener,
      novelId,
      text: `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`,
    }
    this.#events.push(event)
    if (this.#events.length > maxEvents) this.#events.splice(0, maxEvents / 10)
    return event
  }

  /** Later calls of `since` know none of the events so far. */
  clear(): void {
    this.#events.length = 0
  }

  /** The events after an id; `undefined` if the id is unknown or was evicted. */
  since(id: string | undefined): readonly LoggedEvent[] | undefined {
    const at = this.#events.findLastIndex((event) => event.id === id)
    return at < 0 ? undefined : this.#events.slice(at + 1)
  }
}
