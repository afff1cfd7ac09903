import { setTimeout as wait } from 'node:timers/promises'

/** Mutual exclusion: runs one task at a time, in order of arrival. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}

/** A timer of Node that is set for longer fires at once. */
export const longestTimerMs = 2 ** 31 - 1

/** Calls a function at a time, which each new one replaces. */
export class Alarm {
  readonly #ring: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(ring: () => void) {
    this.#ring = ring
  }

  /** Epoch milliseconds; `Infinity`: never. */
  set(time: number): void {
    clearTimeout(this.#timer)
    if (time === Infinity) return
    const ms = time - Date.now()
    this.#timer =
      ms > longestTimerMs
        ? setTimeout(() => this.set(time), longestTimerMs)
        : setTimeout(this.#ring, Math.max(0, ms))
  }
}

/** Resolves when `work` is done, after `ms`, or when the signal aborts. Throws what `work` throws till then. */
export async function doneOrLate(work: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
  const done = new AbortController()
  const ends = signal ? AbortSignal.any([signal, done.signal]) : done.signal
  const late = wait(ms, undefined, { signal: ends }).catch(() => undefined)
  try {
    await Promise.race([work, late])
  } finally {
    done.abort()
  }
}

/** Yields to the event loop, so that long work blocks nothing else. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Runs at most `permits` tasks at the same time, in order of arrival. */
export class Semaphore {
  readonly #permits: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(permits: number) {
    this.#permits = permits
    this.#free = permits
  }

  /** Whether no task runs or waits. */
  get idle(): boolean {
    return this.#free === this.#permits
  }

  /** Throws the signal's reason, without running `work`, if it is aborted before a permit is free. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    using _ = await this.enter(signal)
    return await work()
  }

  /** A permit until it is disposed of; waits, and throws, likewise. */
  async enter(signal?: AbortSignal): Promise<Disposable> {
    await this.#acquire(signal)
    return { [Symbol.dispose]: () => this.#leave() }
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free++
  }

  async #acquire(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = (): void => {
      const at = this.#waiting.indexOf(resolve)
      // It got its permit already, in this same turn of the event loop.
      if (at < 0) return
      this.#waiting.splice(at, 1)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', leave, { once: true })
    this.#waiting.push(resolve)
    await promise
    signal?.removeEventListener('abort', leave)
  }
}
