/** Milliseconds over which is measured how fast sentences come. */
const window = 60_000
/** So many milliseconds have to be watched before anything is said of it. */
const least = 4000

/** How fast the chapter in the player is being spoken, from the sentences that come. */
export class SpeakingPace {
  #since = 0
  #spoken: { readonly at: number; readonly seconds: number }[] = []

  reset(now: number): void {
    this.#since = now
    this.#spoken = []
  }

  spoken(now: number, seconds: number): void {
    this.#spoken.push({ at: now, seconds })
  }

  /** Seconds of sound that are spoken in a second; `undefined` before that is known. */
  at(now: number): number | undefined {
    const from = Math.max(this.#since, now - window)
    if (now - from < least) return undefined
    this.#spoken = this.#spoken.filter(({ at }) => at > from)
    const seconds = this.#spoken.reduce((sum, each) => sum + each.seconds, 0)
    return seconds / ((now - from) / 1000)
  }
}

export interface Course {
  /** Seconds of sound between the play head and the end of what can be heard. */
  readonly ready: number
  /** Seconds of sound of the chapter that are still to be spoken, about. */
  readonly unspoken: number
  /** Seconds of sound spoken in a second. */
  readonly speaking: number | undefined
  readonly rate: number
}

/**
 * When the listener comes to the end of what is spoken: never, since the chapter is ready before or speaking is as fast as
 * listening; `unknown`; or in so many seconds.
 */
export function catchUp({ ready, unspoken, speaking, rate }: Course): 'never' | 'unknown' | number {
  if (unspoken <= 0) return 'never'
  if (speaking === undefined) return 'unknown'
  if (speaking >= rate) return 'never'
  const seconds = ready / (rate - speaking)
  return speaking > 0 && unspoken / speaking < seconds ? 'never' : seconds
}
