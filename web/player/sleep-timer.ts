/** When it falls silent: after so many minutes of listening, or at the end of this chapter or of the next. */
export type SleepWish = number | 'chapter' | 'next-chapter'

/** Seconds over which the sound fades, and by which it is taken back for who was still awake. */
export const fadeSeconds = 10
/** Seconds within which a key, or a shake, goes on. */
const grace = 30

export interface SleepState {
  readonly wish: SleepWish | undefined
  /** Seconds of listening that are left; unknown while nobody knows how long the chapter is. */
  readonly left: number | undefined
  /** It has just fallen silent, and goes on for who is still awake. */
  readonly dozing: boolean
}

/** What the player knows at a tick. */
export interface Listening {
  readonly playing: boolean
  /** Seconds of listening that are left of the chapter, at its speed; `Infinity` while unknown. */
  readonly leftInChapter: number
}

/**
 * The sleep timer. Minutes are those of listening: while it is paused, or waits for speech, no time passes. Over the last
 * ten seconds the sound fades, then it stops. Told of the time by `tick`; all times in epoch milliseconds.
 */
export class SleepTimer {
  #wish: SleepWish | undefined
  #millisecondsLeft = 0
  #chaptersLeft = 0
  #at = 0
  #leftInChapter = Infinity
  #stoppedAt: number | undefined

  set(wish: SleepWish | undefined, now: number): void {
    this.#wish = wish
    this.#stoppedAt = undefined
    this.#at = now
    this.#begin()
  }

  get state(): SleepState {
    return { wish: this.#wish, left: this.#left, dozing: this.#stoppedAt !== undefined }
  }

  /** 0–1, by which the volume is multiplied. */
  get fade(): number {
    const left = this.#left
    return left === undefined || this.#stoppedAt !== undefined ? 1 : Math.min(1, left / fadeSeconds)
  }

  get fading(): boolean {
    return this.#stoppedAt === undefined && this.fade < 1
  }

  /** Whether it shall stop now. */
  tick(now: number, { playing, leftInChapter }: Listening): boolean {
    const passed = now - this.#at
    this.#at = now
    this.#leftInChapter = leftInChapter
    if (this.#stoppedAt !== undefined && (now - this.#stoppedAt > grace * 1000 || playing)) this.#over()
    if (this.#wish === undefined || this.#stoppedAt !== undefined || !playing) return false
    if (typeof this.#wish === 'number') this.#millisecondsLeft -= passed
    const left = this.#left
    // A chapter's end is met a little before it, or the next chapter would begin.
    if (left === undefined || left > (typeof this.#wish === 'number' ? 0 : 0.3)) return false
    this.#stoppedAt = now
    return true
  }

  /** A chapter ended and the next one begins. */
  nextChapter(): void {
    this.#leftInChapter = Infinity
    if (this.#chaptersLeft > 0) this.#chaptersLeft--
  }

  /**
   * Somebody is awake: the time begins anew, or a chapter is added. `resume`: it had fallen silent and shall go on, taken back by the fade;
   * `stay`: it was fading, and sounds as before.
   */
  awake(now: number): 'resume' | 'stay' | undefined {
    const dozing = this.#stoppedAt !== undefined && now - this.#stoppedAt <= grace * 1000
    if (!dozing && !this.fading) return undefined
    this.#stoppedAt = undefined
    this.#at = now
    this.#leftInChapter = Infinity
    this.#begin(1)
    return dozing ? 'resume' : 'stay'
  }

  get #left(): number | undefined {
    if (this.#wish === undefined) return undefined
    if (typeof this.#wish === 'number') return Math.max(0, this.#millisecondsLeft / 1000)
    return this.#chaptersLeft > 0 || this.#leftInChapter === Infinity ? undefined : this.#leftInChapter
  }

  /** `more`: chapters that are added. */
  #begin(more = 0): void {
    this.#millisecondsLeft = typeof this.#wish === 'number' ? this.#wish * 60_000 : 0
    this.#chaptersLeft = (this.#wish === 'next-chapter' ? 1 : 0) + more
  }

  #over(): void {
    this.#wish = undefined
    this.#stoppedAt = undefined
  }
}
