/** Lets only so many run at the same time, in the order they asked. */
export class Semaphore {
  readonly #places: number
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(places: number) {
    this.#places = places
    this.#free = places
  }

  /** Whether nobody runs and nobody waits. */
  get idle(): boolean {
    return this.#free === this.#places
  }

  /** Throws the signal's reason, without running `work`, if it is aborted before there is a place. */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#place(signal)
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }

  async #place(signal: AbortSignal | undefined): Promise<void> {
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
