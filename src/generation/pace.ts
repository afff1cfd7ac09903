/** How fast the studio speaks, judged by the last two minutes of it. */
export class Throughput {
  readonly #spoken: { readonly at: number; readonly seconds: number }[] = []
  #since: number | undefined

  /** A segment of so many seconds was finished at `at` (epoch milliseconds). */
  record(seconds: number, at: number): void {
    const last = this.#spoken.at(-1)
    // After a rest the old figures say nothing about what comes.
    if (last && at - last.at > idleResetMs) this.#spoken.length = 0
    if (this.#spoken.length === 0) this.#since = at
    this.#spoken.push({ at, seconds })
    while (this.#spoken.length > 1 && at - (this.#spoken[0]?.at ?? at) > windowMs) {
      this.#since = this.#spoken.shift()?.at
    }
  }

  /** Seconds of speech, and segments, per second of wall clock; `undefined` until there is something to judge by. */
  rate(at: number): { readonly realTimeFactor: number; readonly segmentsPerSecond: number } | undefined {
    const last = this.#spoken.at(-1)
    if (!last || this.#since === undefined || at - last.at > idleResetMs) return undefined
    const wall = (last.at - this.#since) / 1000
    const counted = this.#spoken.slice(1)
    if (counted.length < 3 || wall <= 0) return undefined
    const seconds = counted.reduce((sum, spoken) => sum + spoken.seconds, 0)
    return { realTimeFactor: seconds / wall, segmentsPerSecond: counted.length / wall }
  }
}

const windowMs = 120_000
const idleResetMs = 60_000
