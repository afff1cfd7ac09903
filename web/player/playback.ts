import { t } from '@lingui/core/macro'
import type { QueryClient } from '@tanstack/react-query'
import type { SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { soundKey, type Sound } from '../keys.ts'
import type { Feed } from '../live/feed.ts'
import type { AudioEvent, AudioOutput } from './audio-output.ts'
import type { ChapterBeside } from './chapter-beside.ts'
import { ChapterLoading, type Loaded } from './chapter-loading.ts'
import { nameOfChapter } from './chapter-order.ts'
import { type ChapterHooks, ChapterSound, type Start } from './chapter-sound.ts'
import { ListeningRecord } from './listening-record.ts'
import { OutputPair } from './output-pair.ts'
import { Patience } from './patience.ts'
import { playbackFigures } from './playback-figures.ts'
import { type PlayerStore, silent } from './player-state.ts'
import { SpeakingPace } from './speaking-pace.ts'
import { Succession } from './succession.ts'
import { troubleWords } from './waiting-words.ts'

interface Parts {
  readonly client: QueryClient
  readonly feed: Pick<Feed, 'connection' | 'unanswered' | 'watchSegments'>
  readonly store: PlayerStore
  readonly newOutput: () => AudioOutput
  /** The chapter is over. */
  readonly onEnd: () => void
  /** The clock moved. */
  readonly onTime: () => void
}

/** A chapter in an output, and the next one, loaded, in another: what plays, waits, is interrupted and goes on. */
export class Playback {
  readonly #parts: Parts
  readonly #store: PlayerStore
  readonly #record: ListeningRecord
  readonly #loading: ChapterLoading
  readonly #succession: Succession
  readonly #patience = new Patience()
  readonly #pace = new SpeakingPace()
  readonly #hooks: ChapterHooks
  readonly #outputs: OutputPair
  #chapter: ChapterSound | undefined
  /** Where the clock was when it was looked at last; after a jump anywhere. */
  #seen = Infinity

  constructor(parts: Parts) {
    const { client, feed, store, newOutput } = parts
    this.#parts = parts
    this.#store = store
    this.#record = new ListeningRecord(client)
    this.#hooks = {
      onChange: () => this.show(),
      onTrouble: (error) => this.#fail(error),
      onHitch: () => feed.unanswered(),
      wanted: () => this.#patience.wanted(Date.now(), this.#rate, this.#pace.at(Date.now())),
    }
    this.#succession = new Succession(client, this.#hooks)
    this.#loading = new ChapterLoading({
      client,
      feed,
      store,
      record: this.#record,
      onLoaded: (loaded, sound, start) => this.#loaded(loaded, sound, start),
      onLost: () => {
        this.#stop()
        store.signal('lose')
      },
      onTrouble: (error) => this.#fail(error),
    })
    this.#outputs = new OutputPair(newOutput, (event) => this.#told(event))
    feed.watchSegments((event) => this.#spoken(event))
    setInterval(() => this.#check(), 5000)
  }

  get chapter(): ChapterSound | undefined {
    return this.#chapter
  }

  /** Has what is missing of the chapter in the player spoken, unless it comes by itself. */
  async ask(): Promise<void> {
    if (this.#chapter) await this.#loading.ask(this.#chapter)
  }

  /** The chapter that is loaded already to follow this one. */
  get successor(): { readonly novel: Novel; readonly beside: ChapterBeside } | undefined {
    return this.#succession.prepared
  }

  /** Whether it waits for a server that is away. */
  get interrupted(): boolean {
    return this.#loading.interrupted
  }

  /** Plays a place of a chapter instead of whatever plays, with the settings in the state. */
  async open(novel: Novel, sound: Sound, from: Start): Promise<void> {
    const prepared = from.segment === 0 && !from.seconds ? this.#succession.take(sound) : undefined
    this.#stop(prepared)
    if (!prepared) this.#outputs.unlock()
    const { settings, sleep } = this.#store.state
    const { chapterNumber } = sound
    const chapterTitle = nameOfChapter(this.#parts.client, novel.id, chapterNumber)
    const chosen = { novel, chapterNumber, chapterTitle, segment: from.segment }
    this.#store.set({ ...silent, settings, rate: settings.rate, sleep, ...chosen })
    this.#store.signal('choose')
    if (novel.voice === null) return this.#fail(new Error(t`Choose a voice for this book first.`))
    if (!prepared) return this.#loading.begin(sound, from)
    this.show()
    this.save(true)
    return this.#loading.ask(prepared)
  }

  /** Goes on. Answers whether there is anything to go on with: after a failure it has to be opened anew. */
  go(): boolean {
    this.#store.signal('press')
    if (this.#loading.interrupted) return true
    if (!this.#chapter) return false
    this.#outputs.current.play().catch((error: unknown) => {
      // An aborted one means only that another chapter was chosen meanwhile.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return
      this.#store.signal('pause')
      this.#store.set({ words: t`Press play to begin.` })
    })
    return true
  }

  pause(): void {
    this.#store.signal('pause')
    this.#outputs.current.pause()
  }

  /** Nothing comes after this; `words` say why. */
  finish(words: string): void {
    this.#store.signal('end')
    this.#outputs.current.pause()
    this.#store.set({ words })
  }

  /** To a share of a segment. */
  seek(segment: number, share: number): void {
    this.#moved()
    this.#chapter?.seek(segment, share)
    if (this.#store.state.playing) this.go()
    this.show()
    // The server speaks next what comes under the play head.
    this.save(true)
  }

  /** By seconds of the sound. */
  seekBy(seconds: number): void {
    this.seekTo(this.#outputs.current.time + seconds)
  }

  seekTo(time: number): void {
    this.#moved()
    this.#chapter?.seekTo(time)
    this.show()
  }

  /** Takes the settings in the state into use. `fade`: 0–1, by which the volume is multiplied. */
  apply(fade: number): void {
    const { settings } = this.#store.state
    this.#outputs.apply(settings, fade)
    this.#succession.moved()
    if (!this.#chapter || this.#chapter.shortens === settings.shortenSilences) return
    this.#succession.drop()
    this.#chapter.shorten(settings.shortenSilences)
    if (this.#store.state.playing) this.go()
  }

  close(): void {
    this.#stop()
    this.#store.signal('close')
    this.#store.set(silent)
  }

  /** `now`: not later, since the page may be gone then. */
  save(now: boolean): void {
    if (this.#chapter) this.#record.save(this.#chapter, now)
  }

  /** The figures that move while it plays. */
  show(): void {
    const chapter = this.#chapter
    if (!chapter) return
    this.#watchClock(chapter)
    this.#store.set(
      playbackFigures(chapter, {
        state: this.#store.state,
        status: this.#loading.listed(chapter.sound)?.status,
        connected: this.#parts.feed.connection !== 'lost',
        speaking: this.#pace.at(Date.now()),
      }),
    )
    if (this.#store.state.playing) this.save(false)
  }

  get #rate(): number {
    return this.#store.state.settings.rate
  }

  #told(event: AudioEvent): void {
    const [chapter, output] = [this.#chapter, this.#outputs.current]
    if (event === 'playing' && !output.paused) this.#sounds()
    else if (event === 'paused') {
      // A headset, or the system, may stop the sound as well. Told late, it may play again already.
      if (output.paused && !output.ended && chapter) this.#store.signal('pause')
      this.save(true)
    } else if (event === 'ended') this.#parts.onEnd()
    else if (event === 'undecodable')
      this.#fail(new Error(t`This chapter cannot be played just now. Press play to try again.`))
    else if (event === 'broken' && chapter) void this.#loading.breakOff(chapter)
    else if (chapter) {
      chapter.pump()
      if (this.#record.listened(chapter))
        this.#succession.approach(chapter, this.#rate, this.#outputs.spare, this.#parts.onEnd)
      this.show()
      this.#parts.onTime()
    }
  }

  #spoken(event: SegmentEvent): void {
    const sound = this.#chapter?.sound
    if (event.state === 'spoken' && sound && soundKey(event) === soundKey(sound))
      this.#pace.spoken(Date.now(), event.seconds ?? 0)
    this.#chapter?.heard(event)
    this.#succession.heard(event)
  }

  /** Whether it sounds is seen by the clock: browsers do not tell of every stop and go. */
  #watchClock(chapter: ChapterSound): void {
    const { time, paused, seeking } = chapter.output
    const moves = !paused && !seeking && time > this.#seen
    this.#seen = time
    if (chapter.waiting && this.#store.state.playing) {
      if (this.#store.state.phase === 'playing') this.#patience.ranOut(Date.now())
      this.#store.signal('starve')
    } else if (moves) this.#sounds()
    else if (!chapter.waiting) this.#store.signal('feed')
  }

  #sounds(): void {
    const before = this.#store.state.phase
    this.#patience.sounds()
    this.#store.signal('sound')
    if (before !== 'playing' && this.#store.state.phase === 'playing')
      this.#store.set({ words: this.#store.state.refused, offer: undefined })
  }

  /** The listener is somewhere else. */
  #moved(): void {
    this.#patience.reset()
    this.#succession.moved()
    this.#seen = Infinity
  }

  #loaded({ novel, timeline, givenUp }: Loaded, sound: Sound, start: Start): void {
    const chapterTitle = nameOfChapter(this.#parts.client, novel.id, sound.chapterNumber)
    this.#store.set({ novel, chapterTitle })
    const shorten = this.#store.state.settings.shortenSilences
    const opening = { timeline, givenUp, start, shorten }
    this.#chapter = new ChapterSound(this.#outputs.current, sound, opening, this.#hooks)
    if (this.#store.state.playing) this.go()
    this.show()
    this.save(true)
  }

  /** This place cannot be heard. */
  #fail(error: unknown): void {
    this.#stop()
    this.#store.signal('fail')
    this.#store.set({ words: troubleWords(error) })
  }

  /** `next`: what goes on at once instead, in the other output. */
  #stop(next?: ChapterSound): void {
    this.save(true)
    this.#record.rest()
    this.#loading.stop()
    const chapter = this.#chapter
    this.#chapter = next
    if (next) {
      this.#outputs.swap()
      this.go()
    } else this.#succession.drop()
    this.#pace.reset(Date.now())
    this.#moved()
    chapter?.close()
  }

  /** What the event stream may have missed is asked for. */
  #check(): void {
    const [chapter, { connection }] = [this.#chapter, this.#parts.feed]
    if (this.#loading.interrupted) void this.#loading.resume()
    else if (chapter?.growing && (chapter.waiting || connection !== 'open')) void this.#loading.renew(chapter)
  }
}
