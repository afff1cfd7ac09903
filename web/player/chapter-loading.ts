import type { QueryClient } from '@tanstack/react-query'
import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import { isUnanswered } from '../answer-error.ts'
import { api } from '../api.ts'
import type { Sound } from '../keys.ts'
import type { Feed } from '../live/feed.ts'
import { isKept, type PlayableTimeline } from '../offline/kept-answers.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { novelQuery } from '../queries.ts'
import { askChapter } from './ask-chapter.ts'
import { isToBeAskedFor, listedChapter } from './chapter-order.ts'
import type { ChapterSound, Start } from './chapter-sound.ts'
import type { ListeningRecord } from './listening-record.ts'
import type { PlayerStore } from './player-state.ts'
import { interruptedWords, troubleWords } from './waiting-words.ts'

/** What a chapter needs to begin. */
export interface Loaded {
  readonly novel: Novel
  readonly timeline: PlayableTimeline
  /** Whether what is not spoken by now was set aside and will not come by itself. */
  readonly givenUp: boolean
}

interface Parts {
  readonly client: QueryClient
  readonly feed: Pick<Feed, 'connection' | 'unanswered'>
  readonly store: PlayerStore
  readonly record: ListeningRecord
  readonly onLoaded: (loaded: Loaded, sound: Sound, start: Start) => void
  /** The server does not answer. It is loaded again when it does. */
  readonly onLost: () => void
  readonly onTrouble: (error: unknown) => void
}

/** Asks the server for chapters: for what a chapter needs to begin, and to have spoken what is missing of it. */
export class ChapterLoading {
  readonly #parts: Parts
  #turn = new AbortController()
  /** Where to go on when the server answers again. */
  #later: { readonly sound: Sound; readonly start: Start } | undefined

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether it goes on by itself when the server is back. */
  get interrupted(): boolean {
    return this.#later !== undefined
  }

  listed({ novelId, chapterNumber }: Sound): ChapterListed | undefined {
    return listedChapter(this.#parts.client, novelId, chapterNumber)
  }

  async begin(sound: Sound, start: Start): Promise<void> {
    const { signal } = this.#turn
    const { client } = this.#parts
    try {
      // If the page knows that nobody asked for it, a speaker begins while the rest is fetched. How long the pauses will be
      // is known once it was asked for.
      const before = this.listed(sound)
      const asks = before !== undefined && before.segmentsTotal > 0 && isToBeAskedFor(before)
      const asking = asks ? this.#request(sound, () => start) : undefined
      if (before?.segmentsDone === 0 && this.#parts.store.state.settings.shortenSilences) await asking
      const [timeline, { novel }] = await Promise.all([
        api.timeline(sound, signal),
        // Events keep the list of chapters as it is; of thousands it takes longer than all else, and is looked at beside.
        client.ensureQueryData<NovelWithChapters>({ ...novelQuery(sound.novelId), revalidateIfStale: true }),
      ])
      if (signal.aborted) return
      const loaded = { novel, timeline, givenUp: this.listed(sound)?.status === 'failed' }
      this.#parts.onLoaded(loaded, sound, start)
      // It may have been asked for, and been refused; then that was told.
      if (!asks && !timeline.complete) await this.#askUnlessComing(sound, () => start)
    } catch (error) {
      if (signal.aborted) return
      if (isUnanswered(error)) this.interrupt(sound, start)
      else this.#parts.onTrouble(error)
    }
  }

  /** Has what is missing of a chapter spoken, unless it comes by itself. What is there plays on. */
  async ask(chapter: ChapterSound): Promise<void> {
    this.#parts.store.set({ refused: undefined })
    if (!chapter.timeline.complete) await this.#askUnlessComing(chapter.sound, () => chapter.place)
  }

  /** The server did not answer in the middle of a chapter: it goes on with what is kept on this device, if it is. */
  async breakOff(chapter: ChapterSound): Promise<void> {
    const { sound, place, timeline } = chapter
    this.interrupt(sound, place)
    const later = this.#later
    // What is kept and cannot be played is no better the next time.
    if (timeline.kept || !(await isKept(sound))) return
    if (this.#later === later) await this.#goOn()
  }

  /** The server does not answer. */
  interrupt(sound: Sound, start: Start): void {
    this.#parts.onLost()
    this.#later = { sound, start }
    this.#parts.store.set({ words: interruptedWords() })
    this.#parts.feed.unanswered()
  }

  /** Begins again what was interrupted, if the server is back. */
  async resume(): Promise<void> {
    if (this.#parts.feed.connection !== 'lost') await this.#goOn()
  }

  async #goOn(): Promise<void> {
    const later = this.#later
    if (!later) return
    this.#later = undefined
    this.#parts.store.signal('regain')
    this.#parts.store.set({ words: undefined })
    await this.begin(later.sound, later.start)
  }

  /** Asks for what the event stream may have missed. */
  async renew(chapter: ChapterSound): Promise<void> {
    try {
      const timeline = await api.timeline(chapter.sound, this.#turn.signal)
      const known = { ...novelQuery(chapter.sound.novelId), staleTime: 4000 }
      await this.#parts.client.fetchQuery(known)
      chapter.renew(timeline, this.listed(chapter.sound)?.status === 'failed')
    } catch {
      // The page says that the connection is lost; it is asked for again in a moment.
    }
  }

  stop(): void {
    this.#turn.abort()
    this.#turn = new AbortController()
    this.#later = undefined
  }

  async #askUnlessComing(sound: Sound, place: () => Start): Promise<void> {
    const listed = this.listed(sound)
    if (!listed || isToBeAskedFor(listed)) await this.#request(sound, place)
  }

  /** The place first: what is under a play head is spoken before all else. */
  async #request(sound: Sound, place: () => Start): Promise<void> {
    const { signal } = this.#turn
    const { segment, seconds = 0 } = place()
    this.#parts.record.save({ sound, place: { segment, seconds } }, true)
    try {
      await askChapter(this.#parts.client, sound.novelId, sound.chapterNumber)
    } catch (error) {
      if (signal.aborted) return
      if (isUnanswered(error)) return this.interrupt(sound, place())
      const words = troubleWords(error)
      this.#parts.store.set({ words, refused: words })
    }
  }
}
