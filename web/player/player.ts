import type { QueryClient } from '@tanstack/react-query'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { api, isUnanswered, type Sound } from '../api.ts'
import { recall, remember } from '../element/stored.ts'
import { soundKey } from '../keys.ts'
import type { Feed } from '../live/feed.ts'
import { type NovelWithChapters, novelQuery } from '../queries.ts'
import { AskAhead, askChapter } from './ask-chapter.ts'
import { chapterAfter, isToBeAskedFor, listedChapter, nameOfChapter } from './chapter-order.ts'
import { ChapterSound, type SoundingNow, type Start } from './chapter-sound.ts'
import { HeardKeeper } from './heard-keeper.ts'
import { PlayerStore, silent } from './player-state.ts'
import { PositionKeeper } from './position-keeper.ts'
import { interrupted, troubleWords, waitingWords } from './waiting-words.ts'

/** Seconds before a chapter's end at which the next one is seen to. */
const ahead = 30

/** The one voice of the page. It outlives every page and goes on from chapter to chapter. */
export class Player {
  readonly #client: QueryClient
  readonly #feed: Feed
  readonly #audio = new Audio()
  readonly #positions: PositionKeeper
  readonly #heard: HeardKeeper
  readonly #askAhead: AskAhead
  #turn = new AbortController()
  #chapter: ChapterSound | undefined
  /** Where to go on when the server answers again. */
  #later: { readonly sound: Sound; readonly start: Start } | undefined
  readonly store = new PlayerStore({ ...silent, rate: (recall('rate') as number | undefined) ?? 1 })

  constructor(client: QueryClient, feed: Feed) {
    this.#client = client
    this.#feed = feed
    this.#positions = new PositionKeeper(client)
    this.#heard = new HeardKeeper(client)
    this.#askAhead = new AskAhead(client)
    const audio = this.#audio
    for (const name of ['timeupdate', 'seeking', 'seeked', 'waiting'])
      audio.addEventListener(name, () => {
        this.#chapter?.pump()
        this.#listened()
        this.#show()
      })
    // The event comes late: by then it may have been stopped again, with words that say why.
    audio.addEventListener('playing', () => {
      if (audio.paused) return
      this.store.set({ playing: true, words: this.store.state.refused, offer: undefined })
    })
    // A headset, or the system, may stop the sound as well.
    audio.addEventListener('pause', () => {
      if (!audio.ended && this.#chapter) this.store.set({ playing: false })
      this.#save(true)
    })
    audio.addEventListener('ended', () => void this.next())
    audio.addEventListener('error', () => this.#broken())
    feed.watchSegments((event) => this.#chapter?.heard(event))
    addEventListener('pagehide', () => this.#save(true))
    setInterval(() => void this.#check(), 5000)
  }

  /**
   * Begins at `start`; left out, where the listener stopped in this chapter, else at its first sentence. What is not
   * spoken yet is asked for, and heard as it is made.
   */
  async play(novel: Novel, chapterNumber: number, start?: Start): Promise<void> {
    const { sound } = this.#chapter ?? {}
    const { position, voice, speed } = novel
    const wanted = { novelId: novel.id, chapterNumber, voice: voice ?? '', speed }
    if (sound && soundKey(sound) === soundKey(wanted)) {
      if (start) this.seek(start.segment, 0)
      this.#go()
      return this.#ask(wanted)
    }
    this.#stop()
    // Within the press that asks for it, so that the browser lets the element play when its sound arrives.
    this.#audio.load()
    const chapterTitle = nameOfChapter(this.#client, novel.id, chapterNumber)
    const { rate } = this.store.state
    const from = start ?? (position?.chapterNumber === chapterNumber ? position : { segment: 0 })
    const { segment } = from
    this.store.set({ ...silent, rate, novel, chapterNumber, chapterTitle, segment, playing: true })
    if (voice === null)
      return this.store.set({ playing: false, words: 'Choose a voice for this book first.' })
    await this.#begin(wanted, from)
  }

  /** What sounds at this moment, by the clock of the sound itself: browsers count in what the way to the ear takes. */
  readonly now = (): SoundingNow | undefined => this.#chapter?.now()

  toggle(): void {
    return this.store.state.playing ? this.pause() : this.#go()
  }

  pause(): void {
    this.store.set({ playing: false })
    this.#audio.pause()
  }

  seek(segment: number, share: number): void {
    this.#chapter?.seek(segment, share)
    if (this.store.state.playing) this.#go()
    this.#show()
    // The server speaks next what comes under the play head.
    this.#save(true)
  }

  seekTo(time: number): void {
    this.#chapter?.seekTo(time)
    this.#show()
  }

  seekBy(seconds: number): void {
    this.seekTo(this.#audio.currentTime + seconds)
  }

  setRate(rate: number): void {
    Object.assign(this.#audio, { playbackRate: rate, defaultPlaybackRate: rate })
    remember('rate', rate)
    this.store.set({ rate })
  }

  /** Goes on with the chapter after this one. */
  async next(): Promise<void> {
    const { novel, chapterNumber = 0 } = this.store.state
    if (!novel) return
    this.#save(true)
    const known = await this.#client.ensureQueryData<NovelWithChapters>(novelQuery(novel.id))
    const next = chapterAfter(known.chapters, chapterNumber)
    if (next) return this.play(known.novel, next.number, { segment: 0 })
    this.pause()
    this.store.set({ words: 'That was the end of the book.' })
  }

  /** Has the rest of a chapter spoken that nobody asks for any more. */
  async speakOffered(): Promise<void> {
    const { novel, offer } = this.store.state
    if (!novel || offer === undefined) return
    this.store.set({ words: undefined, offer: undefined })
    await this.play(novel, offer)
  }

  close(): void {
    this.#stop()
    this.store.set({ ...silent, rate: this.store.state.rate })
  }

  async #begin(sound: Sound, start: Start): Promise<void> {
    const { signal } = this.#turn
    try {
      const [timeline, known] = await Promise.all([
        api.timeline(sound, signal),
        this.#client.fetchQuery<NovelWithChapters>(novelQuery(sound.novelId)),
      ])
      if (signal.aborted) return
      const listed = listedChapter(this.#client, this.store.state)
      const chapterTitle = nameOfChapter(this.#client, sound.novelId, sound.chapterNumber)
      this.store.set({ novel: known.novel, chapterTitle })
      const chapter = { timeline, givenUp: listed?.status === 'failed', start }
      this.#chapter = new ChapterSound(this.#audio, sound, chapter, {
        onChange: () => this.#show(),
        onTrouble: (error) => this.#fail(error),
        onHitch: () => this.#feed.unanswered(),
      })
      this.setRate(this.store.state.rate)
      if (this.store.state.playing) this.#go()
      this.#show()
      // The place first: what is under a play head is spoken before all else.
      this.#save(true)
      await this.#ask(sound)
    } catch (error) {
      if (signal.aborted) return
      if (isUnanswered(error)) this.#interrupt(sound, start)
      else this.#fail(error)
    }
  }

  /** Has what is missing of the chapter in the player spoken, unless it comes by itself. What is there plays on. */
  async #ask(sound: Sound): Promise<void> {
    const chapter = this.#chapter
    this.store.set({ refused: undefined })
    if (!chapter || chapter.timeline.complete) return
    const listed = listedChapter(this.#client, this.store.state)
    if (listed && !isToBeAskedFor(listed)) return
    const { signal } = this.#turn
    await askChapter(this.#client, sound.novelId, sound.chapterNumber).catch((error: unknown) => {
      if (signal.aborted) return
      if (isUnanswered(error)) return this.#interrupt(sound, this.#place(chapter))
      const words = troubleWords(error)
      this.store.set({ words, refused: words })
      this.#show()
    })
  }

  #go(): void {
    this.store.set({ playing: true })
    const { novel, chapterNumber, segment } = this.store.state
    // After a failure there is no sound to go on with: it is begun anew.
    if (this.#later) return
    if (!this.#chapter && novel && chapterNumber !== undefined)
      void this.play(novel, chapterNumber, { segment })
    else
      this.#audio.play().catch((error: unknown) => {
        // An aborted one means only that another chapter was chosen meanwhile.
        if (error instanceof DOMException && error.name === 'NotAllowedError')
          this.store.set({ playing: false, words: 'Press play to begin.' })
      })
  }

  #broken(): void {
    const chapter = this.#chapter
    if (!chapter || this.#audio.getAttribute('src') === null) return
    if (this.#audio.error?.code === MediaError.MEDIA_ERR_DECODE)
      return this.#fail(new Error('This chapter cannot be played just now. Press play to try again.'))
    this.#interrupt(chapter.sound, this.#place(chapter))
  }

  #place(chapter: ChapterSound): Required<Start> {
    return { segment: chapter.head().segment, seconds: this.#audio.currentTime }
  }

  #interrupt(sound: Sound, start: Start): void {
    const { playing } = this.store.state
    this.#stop()
    this.#later = { sound, start }
    this.store.set({ playing, words: interrupted })
    this.#feed.unanswered()
  }

  #fail(error: unknown): void {
    this.#stop()
    this.store.set({ playing: false, words: troubleWords(error) })
  }

  #stop(): void {
    this.#save(true)
    this.#heard.rest()
    this.#turn.abort()
    this.#turn = new AbortController()
    const chapter = this.#chapter
    this.#chapter = undefined
    this.#later = undefined
    chapter?.close()
  }

  /** What the event stream may have missed is asked for. */
  async #check(): Promise<void> {
    const [chapter, later] = [this.#chapter, this.#later]
    if (later && this.#feed.connection !== 'lost') {
      this.#later = undefined
      this.store.set({ words: undefined })
      return this.#begin(later.sound, later.start)
    }
    if (!chapter?.growing || (!chapter.waiting && this.#feed.connection === 'open')) return
    try {
      const timeline = await api.timeline(chapter.sound, this.#turn.signal)
      await this.#client.fetchQuery({ ...novelQuery(chapter.sound.novelId), staleTime: 4000 })
      chapter.renew(timeline, listedChapter(this.#client, this.store.state)?.status === 'failed')
    } catch {
      // The page says that the connection is lost; the next check is five seconds away.
    }
  }

  /** What was just listened to counts as heard; towards its end the next chapter is seen to. */
  #listened(): void {
    const { novel, chapterNumber } = this.store.state
    if (!this.#chapter || !novel || chapterNumber === undefined) return
    if (!this.#heard.listened(this.#audio, this.#chapter, novel.id, chapterNumber)) return
    if (this.#chapter.left < ahead) void this.#askAhead.next(novel.id, chapterNumber)
  }

  /** The figures that move while it plays. */
  #show(): void {
    const chapter = this.#chapter
    if (!chapter) return
    const { segments, complete } = chapter.timeline
    const { playing, refused } = this.store.state
    const connected = this.#feed.connection !== 'lost'
    const { status } = listedChapter(this.#client, this.store.state) ?? {}
    const waits = chapter.waiting && playing ? waitingWords(status, connected, refused) : undefined
    this.store.set({
      ...chapter.head(),
      segments,
      complete,
      time: this.#audio.currentTime,
      length: chapter.end,
      about: chapter.about,
      ...(waits && { words: waits.words, offer: waits.ask ? this.store.state.chapterNumber : undefined }),
    })
    if (playing) this.#save(false)
  }

  #save(now: boolean): void {
    const { novel, chapterNumber } = this.store.state
    if (!this.#chapter || !novel || chapterNumber === undefined) return
    this.#positions.save(novel.id, { chapterNumber, ...this.#place(this.#chapter) }, now)
    this.#heard.send(now)
  }
}
