/** What was spoken within this time counts. */
const windowMs = 120_000

/** How many seconds of speech come per second of wall clock, over the last two minutes. */
export class SpeechRate {
  #clips: { readonly seconds: number; readonly at: number }[] = []

  /** `at`: epoch milliseconds, not before the last. */
  add(seconds: number, at: number): void {
    this.#clips.push({ seconds, at })
    this.#forget(at)
  }

  /** 0 where nothing was spoken lately. */
  at(now: number): number {
    this.#forget(now)
    const [first] = this.#clips
    if (!first || now <= first.at) return 0
    // The first clip was spoken before it came: it marks where the time begins.
    const seconds = this.#clips.slice(1).reduce((sum, clip) => sum + clip.seconds, 0)
    return Math.round((seconds / ((now - first.at) / 1000)) * 100) / 100
  }

  #forget(now: number): void {
    this.#clips = this.#clips.filter(({ at }) => at > now - windowMs)
  }
}
