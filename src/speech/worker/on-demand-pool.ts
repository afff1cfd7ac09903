/** After so long without work it is closed. */
const idleMs = 60_000

interface Stoppable {
  stop(): Promise<void>
}

/** Something that takes memory and is seldom needed: opened by the first use, closed a minute after the last. */
export class OnDemandPool<Pool extends Stoppable> {
  readonly #open: () => Pool
  #pool: Pool | undefined
  #uses = 0
  #idle: NodeJS.Timeout | undefined

  constructor(open: () => Pool) {
    this.#open = open
  }

  async use<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
    clearTimeout(this.#idle)
    this.#uses++
    try {
      return await work((this.#pool ??= this.#open()))
    } finally {
      if (--this.#uses === 0 && this.#pool) this.#idle = setTimeout(() => void this.stop(), idleMs).unref()
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle)
    const pool = this.#pool
    this.#pool = undefined
    await pool?.stop()
  }
}
