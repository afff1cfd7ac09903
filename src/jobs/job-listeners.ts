import type { Logger } from 'pino'
import { longestTimerMs } from './concurrency.ts'
import type { JobName } from './job-queue.ts'

/** Listeners that are called when jobs may have become due, once for all that happens in one turn of the event loop. */
export class JobListeners {
  readonly #log: Pick<Logger, 'error'>
  readonly #listeners = new Map<JobName, Set<{ readonly listener: () => void }>>()
  readonly #announced = new Map<JobName, NodeJS.Immediate>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #onForgotten = new Set<{ readonly listener: () => void }>()
  #stopped = false

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log
  }

  add(name: JobName, listener: () => void): Disposable {
    const entry = { listener }
    const entries = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, entries.add(entry))
    return { [Symbol.dispose]: () => entries.delete(entry) }
  }

  addForgotten(listener: () => void): Disposable {
    const entry = { listener }
    this.#onForgotten.add(entry)
    return { [Symbol.dispose]: () => this.#onForgotten.delete(entry) }
  }

  /** The queue has lost what was sent. */
  forgotten(): void {
    for (const { listener } of this.#onForgotten) this.#call(listener)
  }

  announce(name: JobName): void {
    if (this.#stopped || this.#announced.has(name)) return
    this.#announced.set(
      name,
      setImmediate(() => {
        this.#announced.delete(name)
        for (const { listener } of this.#listeners.get(name) ?? []) this.#call(listener)
      }),
    )
  }

  announceLater(name: JobName, delayMs: number): void {
    this.announceAt(name, performance.now() + delayMs)
  }

  /**
   * `due`: by `performance.now()`. Never before it, though a timer may fire a millisecond early: who came too early would
   * find nothing due, and wait for ever.
   */
  announceAt(name: JobName, due: number): void {
    if (this.#stopped) return
    const restMs = due - performance.now()
    if (restMs <= 0) return this.announce(name)
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.announceAt(name, due)
      },
      Math.min(Math.ceil(restMs), longestTimerMs),
    )
    this.#timers.add(timer)
  }

  announceAll(): void {
    for (const name of this.#listeners.keys()) this.announce(name)
  }

  stop(): void {
    this.#stopped = true
    for (const immediate of this.#announced.values()) clearImmediate(immediate)
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #call(listener: () => void): void {
    try {
      listener()
    } catch (error) {
      this.#log.error({ err: error }, 'a listener of the job queue failed')
    }
  }
}
