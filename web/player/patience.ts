/** Seconds of listening that are waited for after the listener ran out of sound once; each further time twice as many. */
const first = 4
const most = 32
/** After so many milliseconds what is there is heard: it may be all there will be for long. */
const longest = 20_000
/** Speaking that is so much faster than listening stays ahead by itself. */
const ease = 1.2

/**
 * How much has to be there before a listener who ran out of sound hears more. Without it he would hear each sentence as it
 * is spoken, with a silence after each, if speaking is slower than listening.
 */
export class Patience {
  #times = 0
  #since: number | undefined

  /** The listener was hearing something, and there is nothing more. Times are epoch milliseconds. */
  ranOut(now: number): void {
    if (this.#since !== undefined) return
    this.#since = now
    this.#times++
  }

  /** He hears something again. */
  sounds(): void {
    this.#since = undefined
  }

  /** He is somewhere else: there the first sentence is heard as soon as it is spoken. */
  reset(): void {
    this.#since = undefined
    this.#times = 0
  }

  /**
   * In seconds of sound. `rate`: of listening; `speaking`: seconds of sound that are spoken in a second, if that is known.
   */
  wanted(now: number, rate: number, speaking: number | undefined): number {
    if (this.#since === undefined || now - this.#since > longest || (speaking ?? 0) >= rate * ease) return 0
    return Math.min(most, first * 2 ** (this.#times - 1)) * rate
  }
}
