import type { ApplicationEvent } from '../event-bus.ts'
import { hasListenerMoved, novelsKeptAhead } from '../../storage/queries/kept-ahead-queries.ts'
import type { GenerationParts } from './generation-requests.ts'
import { moveWindow } from './keep-ahead.ts'

/** Between two looks at all: for what a server that died did not do, and for what is marked as heard. */
const lookEveryMs = 60_000

/**
 * Has what is kept ahead of listeners go along with them. A position that is reported costs one query by key; chapters are
 * read only when somebody is in another one than before. Servers may do the same at the same time: it is done once.
 */
export class AheadKeeper implements AsyncDisposable {
  readonly #parts: GenerationParts
  readonly #subscription: Disposable
  readonly #timer: NodeJS.Timeout
  /** Ids of novels in which somebody listens, and of those that changed otherwise. */
  #heard = new Set<string>()
  #changed = new Set<string>()
  #everything = true
  #working: Promise<void> | undefined
  #stopped = false

  constructor(parts: GenerationParts) {
    this.#parts = parts
    this.#subscription = parts.eventBus.subscribe((event, remote) => this.#receive(event, remote))
    this.#timer = setInterval(() => this.#lookAtAll(), lookEveryMs).unref()
  }

  /** Looks at all novels: what the last run left is done. */
  start(): void {
    this.#lookAtAll()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#subscription[Symbol.dispose]()
    clearInterval(this.#timer)
    await this.#working
  }

  /** What another server is asked for it does itself. */
  #receive(event: ApplicationEvent, remote: boolean): void {
    if (event.kind === 'everything') this.#everything = true
    else if (remote) return
    else if (event.kind === 'listener' && event.about === 'position' && event.novelId !== undefined)
      this.#heard.add(event.novelId)
    else if (event.kind === 'novel') this.#changed.add(event.id)
    else if (event.kind === 'voices') this.#everything = true
    else return
    this.#work()
  }

  #lookAtAll(): void {
    this.#everything = true
    this.#work()
  }

  #work(): void {
    if (this.#stopped) return
    this.#working ??= this.#moveAll().finally(() => {
      this.#working = undefined
      if (this.#everything || this.#changed.size + this.#heard.size > 0) this.#work()
    })
  }

  async #moveAll(): Promise<void> {
    const { db } = this.#parts
    const [everything, changed, heard] = [this.#everything, this.#changed, this.#heard]
    this.#everything = false
    this.#changed = new Set()
    this.#heard = new Set()
    await this.#trying(async () => {
      if (everything) for (const id of await novelsKeptAhead(db)) changed.add(id)
      for (const id of heard) if (!changed.has(id) && (await hasListenerMoved(db, id))) changed.add(id)
    })
    for (const id of changed) await this.#trying(() => moveWindow(this.#parts, id))
  }

  /** What could not be done is tried again at the next look. */
  async #trying(work: () => Promise<unknown>): Promise<void> {
    if (this.#stopped) return
    try {
      await work()
    } catch (err) {
      if (!this.#stopped) this.#parts.log.warn({ err }, 'what is kept ahead of listeners could not go along')
    }
  }
}
