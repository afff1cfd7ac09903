import { t } from '@lingui/core/macro'
import type { QueryClient } from '@tanstack/react-query'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { soundKey, type Sound } from '../keys.ts'
import { changeSettings, currentSettings, settingsQuery } from '../listener/kept-settings.ts'
import type { Feed } from '../live/feed.ts'
import type { NovelWithChapters } from '../cached-answers.ts'
import { novelQuery } from '../queries.ts'
import type { AudioOutput } from './audio-output.ts'
import { BrowserAudio } from './browser-audio.ts'
import { type ChapterBeside, chapterBeside, tellLeftOut } from './chapter-beside.ts'
import type { Sounding, Start } from './chapter-sound.ts'
import { Playback } from './playback.ts'
import { type PlayerSettings, settableRate } from './player-settings.ts'
import { PlayerStore } from './player-state.ts'
import { fadeSeconds, SleepTimer, type SleepWish } from './sleep-timer.ts'

/** What sounds at a moment: a segment of a chapter in a sound. */
export type SoundingNow = Sound & Sounding

/** Seconds into a sentence, or a chapter, after which a step back goes to its own beginning. */
const [sentenceBegun, chapterBegun] = [1.5, 3]

/** The one voice of the page. It outlives every page and goes on from chapter to chapter. */
export class Player {
  readonly #client: QueryClient
  readonly #playback: Playback
  readonly #sleep = new SleepTimer()
  /** How loud it was before it was muted. */
  #loud = 1
  readonly store = new PlayerStore()

  constructor(
    client: QueryClient,
    feed: Pick<Feed, 'connection' | 'unanswered' | 'watchSegments'>,
    newOutput: () => AudioOutput = () => new BrowserAudio(),
  ) {
    this.#client = client
    this.#playback = new Playback({
      client,
      feed,
      newOutput,
      store: this.store,
      onEnd: () => void this.#ended(),
      onTime: () => this.#tick(),
    })
    setInterval(() => this.#tick(), 1000)
  }

  /**
   * Begins at `start`; left out, where the listener stopped in this chapter, else at its first sentence. What is not
   * spoken yet is asked for, and heard as it is made.
   */
  async play(novel: Novel, chapterNumber: number, start?: Start): Promise<void> {
    const { position, voice, speed } = novel
    const wanted = { novelId: novel.id, chapterNumber, voice: voice ?? '', speed }
    const { sound } = this.#playback.chapter ?? {}
    if (sound && soundKey(sound) === soundKey(wanted)) {
      if (start) this.seek(start.segment, 0)
      this.#playback.go()
      return this.#playback.ask()
    }
    this.#useSettings(novel.id)
    const from = start ?? (position?.chapterNumber === chapterNumber ? position : { segment: 0 })
    const opened = this.#playback.open(novel, wanted, from)
    this.#playback.apply(this.#sleep.fade)
    void this.#renewSettings(novel.id)
    await opened
  }

  /** By the clock of the sound itself, for whoever draws along, frame by frame; `undefined` where nothing sounds. */
  readonly now = (): SoundingNow | undefined => {
    const { chapter } = this.#playback
    const now = chapter?.now()
    return chapter && now && { ...chapter.sound, ...now }
  }

  toggle(): void {
    if (this.store.state.playing) this.pause()
    else if (!this.awake()) this.#go()
  }

  pause(): void {
    this.#playback.pause()
  }

  seek(segment: number, share: number): void {
    this.#playback.seek(segment, share)
  }

  seekTo(time: number): void {
    this.#playback.seekTo(time)
  }

  seekBy(seconds: number): void {
    this.#playback.seekBy(seconds)
  }

  /** A step back (−1) or on (1), as long as the listener has set. */
  step(way: -1 | 1): void {
    this.seekBy(way * this.store.state.settings.stepSeconds)
  }

  /** To the next sentence, or to the beginning of this one or of the one before. */
  sentence(way: -1 | 1): void {
    const { segment, segments } = this.store.state
    const begun = (this.now()?.seconds ?? 0) > sentenceBegun
    const to = segment + (way === -1 && begun ? 0 : way)
    if (to >= segments.length) void this.next()
    else this.seek(Math.max(0, to), 0)
  }

  setRate(rate: number): void {
    this.change({ rate: settableRate(rate) })
  }

  /** Changes how this novel is heard, from now on. */
  change(change: Partial<PlayerSettings>): void {
    const { novel, settings } = this.store.state
    if (!novel) return
    changeSettings(this.#client, { player: change }, novel.id)
    const changed = { ...settings, ...change }
    this.store.set({ settings: changed, rate: changed.rate })
    this.#playback.apply(this.#sleep.fade)
    this.#playback.show()
  }

  /** Silent, or as loud as before. */
  mute(): void {
    const { volume } = this.store.state.settings
    if (volume > 0) this.#loud = volume
    this.change({ volume: volume > 0 ? 0 : this.#loud })
  }

  /** Falls silent after a time; `undefined` takes that back. */
  sleepAfter(wish: SleepWish | undefined): void {
    this.#sleep.set(wish, Date.now())
    this.#playback.apply(1)
    this.#tick()
  }

  /** Somebody gave a sign of being awake. Answers whether anybody waited for one: it goes on then. */
  awake(): boolean {
    const meant = this.#sleep.awake(Date.now())
    if (meant === undefined) return false
    this.#playback.apply(1)
    if (meant === 'resume') {
      this.seekBy(-fadeSeconds * this.store.state.rate)
      this.#go()
    }
    this.store.set({ sleep: this.#sleep.state })
    return true
  }

  /** Goes on with the chapter after this one. */
  async next(): Promise<void> {
    const { novel, chapterNumber = 0 } = this.store.state
    if (!novel) return
    this.#sleep.nextChapter()
    const { successor } = this.#playback
    // What is loaded already begins at once.
    if (successor?.novel.id === novel.id) {
      void this.#known(novel.id).then(({ chapters }) => tellLeftOut(successor.beside, chapters))
      return this.play(successor.novel, successor.beside.chapter.number, { segment: 0 })
    }
    this.#playback.save(true)
    const known = await this.#known(novel.id)
    const next = await chapterBeside(1, known, chapterNumber)
    if (!next) return this.#playback.finish(t`That was the end of the book.`)
    await this.#begin(known, next)
    if (!this.#playback.interrupted || this.store.state.chapterNumber !== next.chapter.number) return
    // The server went away meanwhile: what is kept goes on.
    const kept = await chapterBeside(1, known, chapterNumber, true)
    if (kept && kept.leftOut.length > 0) await this.#begin(known, kept)
  }

  /** To the chapter's beginning, or from there to the chapter before it. */
  async previous(): Promise<void> {
    const { novel, chapterNumber = 0, segment, time } = this.store.state
    if (!novel) return
    const known = await this.#known(novel.id)
    const begun = segment > 0 && time > chapterBegun
    const before = begun ? undefined : await chapterBeside(-1, known, chapterNumber)
    if (before) return this.#begin(known, before)
    this.seek(0, 0)
  }

  #begin({ novel, chapters }: NovelWithChapters, beside: ChapterBeside): Promise<void> {
    tellLeftOut(beside, chapters)
    return this.play(novel, beside.chapter.number, { segment: 0 })
  }

  /** Has the rest of a chapter spoken that nobody asks for any more. */
  async speakOffered(): Promise<void> {
    const { novel, offer } = this.store.state
    if (!novel || offer === undefined) return
    this.store.set({ words: undefined, offer: undefined })
    await this.play(novel, offer)
  }

  close(): void {
    this.#sleep.set(undefined, Date.now())
    this.#playback.close()
  }

  /** The page may be gone in a moment. */
  leave(): void {
    this.#playback.save(true)
  }

  #useSettings(novelId: string): void {
    const settings = currentSettings(this.#client, novelId).player
    this.store.set({ settings, rate: settings.rate })
  }

  /** What was set on another device holds here too. */
  async #renewSettings(novelId: string): Promise<void> {
    try {
      await Promise.all(
        [settingsQuery(), settingsQuery(novelId)].map((query) => this.#client.fetchQuery(query)),
      )
    } catch {
      // As this browser knew them last.
      return
    }
    if (this.store.state.novel?.id !== novelId) return
    this.#useSettings(novelId)
    this.#playback.apply(this.#sleep.fade)
  }

  #known(novelId: string): Promise<NovelWithChapters> {
    return this.#client.ensureQueryData<NovelWithChapters>(novelQuery(novelId))
  }

  #go(): void {
    const { novel, chapterNumber, segment } = this.store.state
    if (!this.#playback.go() && novel && chapterNumber !== undefined)
      void this.play(novel, chapterNumber, { segment })
  }

  async #ended(): Promise<void> {
    const { playing } = this.store.state
    if (this.#sleep.tick(Date.now(), { playing, leftInChapter: 0 })) this.#fallSilent()
    else await this.next()
  }

  /** The sleep timer goes on. */
  #tick(): void {
    const { playing, phase, settings } = this.store.state
    const left = (this.#playback.chapter?.left ?? Infinity) / settings.rate
    const listening = { playing: playing && phase === 'playing', leftInChapter: left }
    const fadesBefore = this.#sleep.fade
    if (this.#sleep.tick(Date.now(), listening)) this.#fallSilent()
    if (this.#sleep.fade !== fadesBefore) this.#playback.apply(this.#sleep.fade)
    const { sleep } = this.store.state
    const now = this.#sleep.state
    if (sleep.wish !== now.wish || sleep.dozing !== now.dozing || sleep.left !== now.left)
      this.store.set({ sleep: now })
  }

  #fallSilent(): void {
    this.#playback.pause()
    this.#playback.apply(1)
  }
}
