/** Lets one after the other do what must not be interleaved, in the order they asked. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}

/** Lets everything else that waits run first, so that long work holds nobody up. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Lets only so many run at the same time, in the order they asked. */
export class Semaphore {
  readonly #permits: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(permits: number) {
    this.#permits = permits
    this.#free = permits
  }

  /** Whether nobody runs and nobody waits. */
  get idle(): boolean {
    return this.#free === this.#permits
  }

  /** Throws the signal's reason, without running `work`, if it is aborted before there is a place. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#acquire(signal)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
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
      // It has its place already, in this same turn of the loop.
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
