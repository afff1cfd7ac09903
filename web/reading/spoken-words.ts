import type { SegmentView } from '../../src/http/contract/novel-contract.ts'
import type { Sound } from '../keys.ts'
import { readingApi } from './reading-api.ts'
import { wordsOf, type WordTime } from './word-times.ts'

/** Segments whose word times are asked for at once. */
const atOnce = 40
/** How many are known before they sound. */
const ahead = 8
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
    if (known && fits(known, segment)) return known
    const own = wordsOf(segment)
    if (own) this.#words.set(segment.index, own)
    else if (performance.now() - this.#askedAt > againAfter) void this.#fetch(segment.index)
    return own
  }

  /** Has what comes after a segment asked for in time. */
  prepare(segments: readonly SegmentView[], from: number): void {
    const next = segments
      .slice(from, from + ahead)
      .find(({ index, ready }) => ready && !this.#words.has(index))
    if (next) this.of(next)
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

/** After the chapter was divided anew another segment may have the index. */
function fits(words: readonly WordTime[], { start, end }: SegmentView): boolean {
  return words.every((word) => word.start >= start && word.end <= end)
}
