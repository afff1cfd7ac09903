import type { QueryClient } from '@tanstack/react-query'
import type { SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { api } from '../api.ts'
import { soundKey, type Sound } from '../keys.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { novelQuery } from '../queries.ts'
import { AskAhead } from './ask-chapter.ts'
import type { AudioOutput } from './audio-output.ts'
import { type ChapterBeside, chapterBeside } from './chapter-beside.ts'
import { ChapterSound, type ChapterHooks } from './chapter-sound.ts'

/** Seconds of listening before a chapter's end at which the next one is asked for and loaded, … */
const loadAhead = 30
/** … looked at the clock more closely, … */
const nearEnd = 0.6
/** … and let go: so long an output takes to begin, and a chapter ends in silence. */
const beginAhead = 0.06
/** Milliseconds after which what failed is tried again. */
const againAfter = 3000

/** A chapter that waits, loaded, for the one before it to end. */
interface Prepared {
  readonly novel: Novel
  readonly beside: ChapterBeside
  readonly chapter: ChapterSound
}

/**
 * Loads the next chapter into a second output while this one still plays, so that it follows without a gap: what has to be
 * fetched is there, and the second output only has to be let go.
 */
export class Succession {
  readonly #client: QueryClient
  readonly #hooks: ChapterHooks
  readonly #ahead: AskAhead
  #handOver: ReturnType<typeof setTimeout> | undefined
  #turn = new AbortController()
  /** What is being prepared, or was tried. */
  #key = ''
  #tried = -Infinity
  #prepared: Prepared | undefined

  constructor(client: QueryClient, hooks: ChapterHooks) {
    this.#client = client
    this.#hooks = hooks
    this.#ahead = new AskAhead(client)
  }

  get prepared(): Prepared | undefined {
    return this.#prepared
  }

  /**
   * Called again and again while a chapter plays. `spare`: an output that nothing is loaded in; `onEnd` is called when the
   * next chapter is to begin, a moment before this one's last sample.
   */
  approach(chapter: ChapterSound, rate: number, spare: AudioOutput, onEnd: () => void): void {
    const left = chapter.left / rate
    if (left > loadAhead) return
    const { sound, shortens } = chapter
    void this.#see(sound, spare, shortens)
    if (left > nearEnd || !this.#prepared || this.#handOver) return
    this.#handOver = setTimeout(
      () => {
        this.#handOver = undefined
        if (!chapter.output.paused && chapter.left / rate < 2 * beginAhead) onEnd()
      },
      Math.max(0, left - beginAhead) * 1000,
    )
  }

  /** Asked for first: then the server knows how long its pauses will be. */
  async #see(sound: Sound, spare: AudioOutput, shorten: boolean): Promise<void> {
    const { signal } = this.#turn
    await this.#ahead.next(sound.novelId, sound.chapterNumber)
    // Meanwhile what was spare may be what is heard.
    if (!signal.aborted) await this.#prepare(sound, spare, shorten)
  }

  /** The listener is somewhere else, or hears at another speed. */
  moved(): void {
    clearTimeout(this.#handOver)
    this.#handOver = undefined
  }

  async #prepare(after: Sound, spare: AudioOutput, shorten: boolean): Promise<void> {
    const key = `${soundKey(after)}/${shorten}`
    const now = Date.now()
    if (this.#key === key && (this.#prepared || now - this.#tried < againAfter)) return
    this.drop()
    this.#key = key
    this.#tried = now
    const { signal } = this.#turn
    try {
      const known = await this.#client.ensureQueryData<NovelWithChapters>(novelQuery(after.novelId))
      const { novel } = known
      const beside = await chapterBeside(1, known, after.chapterNumber)
      if (!beside || novel.voice !== after.voice || novel.speed !== after.speed) return
      const next = beside.chapter
      const sound = { ...after, chapterNumber: next.number }
      const timeline = await api.timeline(sound, signal)
      if (signal.aborted) return
      const opening = { timeline, givenUp: next.status === 'failed', start: { segment: 0 }, shorten }
      const chapter = new ChapterSound(spare, sound, opening, {
        ...this.#hooks,
        onTrouble: (error) => this.#trouble(chapter, error),
      })
      this.#prepared = { novel, beside, chapter }
    } catch {
      // The chapter is loaded when its turn comes, and says then what is wrong.
    }
  }

  /** The chapter, if it is this one that was prepared; from now on it is the caller's. */
  take(sound: Sound): ChapterSound | undefined {
    const chapter = this.#prepared?.chapter
    if (!chapter || soundKey(chapter.sound) !== soundKey(sound)) return undefined
    this.#prepared = undefined
    this.drop()
    return chapter
  }

  heard(event: SegmentEvent): void {
    this.#prepared?.chapter.heard(event)
  }

  drop(): void {
    this.moved()
    this.#turn.abort()
    this.#turn = new AbortController()
    this.#prepared?.chapter.close()
    this.#prepared = undefined
    this.#key = ''
  }

  /** Trouble of a chapter that was taken is the player's. */
  #trouble(chapter: ChapterSound, error: unknown): void {
    if (this.#prepared?.chapter === chapter) this.drop()
    else this.#hooks.onTrouble(error)
  }
}
