import type { SegmentView } from '../../src/http/contract/novel-contract.ts'
import type { Sound } from '../api.ts'
import { readingApi } from './reading-api.ts'
import { wordsOf, type WordTime } from './word-times.ts'

/** Segments whose word times are asked for at once. */
const atOnce = 40
/** Milliseconds after which they are asked for again. */
const againAfter = 2000

/** The word times of a chapter in a sound: those that came with it, and those of what was spoken since. */
export class SpokenWords {
  readonly sound: Sound
  readonly #ask: typeof readingApi.words
  readonly #words = new Map<number, readonly WordTime[]>()
  #askedAt = -Infinity

  constructor(sound: Sound, ask = readingApi.words) {
    this.sound = sound
    this.#ask = ask
  }

  /** The words of a segment that sounds; `undefined` while they are on their way. */
  of(segment: SegmentView): readonly WordTime[] | undefined {
    const known = this.#words.get(segment.index)
    if (known) return known
    const own = wordsOf(segment)
    if (own) this.#words.set(segment.index, own)
    else if (performance.now() - this.#askedAt > againAfter) void this.#fetch(segment.index)
    return own
  }

  async #fetch(from: number): Promise<void> {
    this.#askedAt = performance.now()
    try {
      for (const { index, words } of await this.#ask(this.sound, from, atOnce)) this.#words.set(index, words)
      // What follows may be asked for at once.
      if (this.#words.has(from)) this.#askedAt = -Infinity
    } catch {
      // Without its words a sentence is marked as a whole; they are asked for again.
    }
  }
}
