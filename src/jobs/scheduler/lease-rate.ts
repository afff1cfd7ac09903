const periodMs = 500

/** How many segments are leased, of late. */
export class LeaseRate {
  /** A millisecond. */
  #rate = 0
  #count = 0
  #since = 0

  /** Epoch milliseconds. */
  record(now: number): void {
    this.#update(now)
    this.#count++
  }

  /** The number that will be wanted within `ms`, if it goes on like this; rounded down, so none where there are few. */
  within(ms: number, now: number): number {
    this.#update(now)
    return Math.floor(this.#rate * ms)
  }

  #update(now: number): void {
    const elapsed = now - this.#since
    if (elapsed < periodMs) return
    this.#rate = this.#count / elapsed
    this.#count = 0
    this.#since = now
  }
}
