import type { SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import type { Timeline } from '../../src/http/contract/novel-contract.ts'
import { addresses, type Sound } from '../api.ts'
import { soundKey } from '../keys.ts'
import { canStream, LiveStream } from './live-stream.ts'
import {
  type Place,
  placeAt,
  placesOf,
  reachesEnd,
  type Run,
  runAt,
  timeOf,
  wholeChapter,
  withSpoken,
} from './places.ts'

/** Where to begin: a segment, and the second of the chapter if that is known. */
export interface Start {
  readonly segment: number
  readonly seconds?: number
}

/** A segment of a chapter in a sound, and the seconds since it began. */
export type SoundingNow = Sound & { readonly segment: number; readonly seconds: number }

interface Hooks {
  readonly onChange: () => void
  readonly onTrouble: (error: unknown) => void
  readonly onHitch: () => void
}

/** Seconds by which a jump lands inside its segment: elements round, and a hair before is the segment before. */
const inside = 0.01

/** One chapter in an audio element: as a file when all of it is spoken, else as a stream that grows. */
export class ChapterSound {
  readonly sound: Sound
  readonly #audio: HTMLAudioElement
  readonly #hooks: Hooks
  readonly #setAside = new Set<number>()
  #timeline: Timeline
  #run: Run = wholeChapter
  #places: readonly Place[] = []
  #stream: LiveStream | undefined
  #starved = false

  /** `givenUp`: what is not spoken by now was set aside and will not come by itself. */
  constructor(
    audio: HTMLAudioElement,
    sound: Sound,
    chapter: { timeline: Timeline; givenUp: boolean; start: Start },
    hooks: Hooks,
  ) {
    this.#audio = audio
    this.sound = sound
    this.#hooks = hooks
    this.#timeline = chapter.timeline
    if (chapter.givenUp) this.#giveUp()
    this.#settle(this.#notAtTheEnd(chapter.start))
  }

  get timeline(): Timeline {
    return this.#timeline
  }

  /** Whether more is to come, and needs to be asked for. */
  get growing(): boolean {
    return this.#stream !== undefined
  }

  /** Whether the listener has come to the end of what is there. */
  get waiting(): boolean {
    const { currentTime: time, buffered } = this.#audio
    const ends = Array.from({ length: buffered.length }, (_, at) =>
      buffered.start(at) <= time + 0.1 ? buffered.end(at) : 0,
    )
    return this.#starved && time > Math.max(0, ...ends) - 0.3
  }

  /** Seconds at which the sound that can be heard now ends. */
  get end(): number {
    return this.#places.at(-1)?.to ?? this.#run.base
  }

  /** Seconds that are left of the chapter; `Infinity` while nobody knows. */
  get left(): number {
    const whole = reachesEnd(this.#timeline.segments, this.#setAside, this.#run)
    return whole ? this.end - this.#audio.currentTime : Infinity
  }

  /** Whether its seconds are a guess. */
  get about(): boolean {
    return this.#run.guessed
  }

  /** The segments whose middle is heard between two times of the element. */
  heardBetween(from: number, to: number): number[] {
    return this.#places
      .filter((place) => (place.from + place.to) / 2 > from && (place.from + place.to) / 2 <= to)
      .map(({ index }) => index)
  }

  /** The segment under the play head and how much of it was heard, 0–1. */
  head(): { readonly segment: number; readonly share: number } {
    const { currentTime: time } = this.#audio
    const place = placeAt(this.#places, time)
    if (!place) return { segment: this.#run.first, share: 0 }
    const isLast = place.index + 1 >= this.#timeline.segments.length
    if (this.waiting && !isLast) return { segment: place.index + 1, share: 0 }
    return {
      segment: place.index,
      share: Math.max(0, Math.min(1, (time - place.from) / (place.to - place.from))),
    }
  }

  /** The segment that sounds and the seconds since its beginning; `undefined` where nothing of it is there. */
  now(): SoundingNow | undefined {
    const place = placeAt(this.#places, this.#audio.currentTime)
    if (!place || this.waiting) return undefined
    return { ...this.sound, segment: place.index, seconds: this.#audio.currentTime - place.from }
  }

  /** To a share of a segment. One that is still to be spoken is waited for. */
  seek(segment: number, share: number): void {
    const place = this.#places.find(({ index }) => index === segment)
    if (place) this.#audio.currentTime = place.from + share * (place.to - place.from) + inside
    else this.#settle({ segment })
    this.pump()
  }

  seekTo(time: number): void {
    const first = this.#places[0]
    if (first) this.#audio.currentTime = Math.min(this.end, Math.max(first.from, time))
    this.pump()
  }

  /** The play head moved: the stream may have something to fetch or to drop. */
  pump(): void {
    this.#stream?.pump()
  }

  heard(event: SegmentEvent): void {
    if (soundKey(event) !== soundKey(this.sound)) return
    if (event.state === 'set-aside') this.#setAside.add(event.index)
    else if (event.state === 'spoken' && event.seconds !== undefined) {
      this.#setAside.delete(event.index)
      this.#timeline = withSpoken(this.#timeline, event.index, event.seconds)
    } else return
    this.#grown()
  }

  renew(timeline: Timeline, givenUp: boolean): void {
    this.#timeline = timeline
    if (givenUp) this.#giveUp()
    this.#grown()
  }

  close(): void {
    this.#stream?.close()
    this.#stream = undefined
    this.#audio.pause()
    this.#audio.removeAttribute('src')
    this.#audio.load()
  }

  #settle(start: Start): void {
    const { segments, complete } = this.#timeline
    this.#stream?.close()
    this.#stream = undefined
    this.#starved = false
    this.#run = complete ? wholeChapter : runAt(segments, this.#setAside, start.segment)
    this.#place()
    const time = this.#timeOf(start)
    if (complete) {
      this.#audio.src = addresses.audio(this.sound)
      this.#audio.currentTime = time
    } else if (canStream()) this.#stream = this.#open(time)
    else this.#hooks.onTrouble(new Error('This browser can play a chapter only when all of it is spoken.'))
  }

  #open(time: number): LiveStream {
    return new LiveStream(this.#audio, this.sound, time, {
      view: () => ({
        places: this.#places,
        complete: reachesEnd(this.#timeline.segments, this.#setAside, this.#run),
      }),
      onTrouble: this.#hooks.onTrouble,
      onHitch: () => {
        this.#starve(true)
        this.#hooks.onHitch()
      },
      onStep: (starved) => this.#starve(starved),
    })
  }

  #starve(starved: boolean): void {
    if (starved === this.#starved) return
    this.#starved = starved
    this.#hooks.onChange()
  }

  #timeOf({ segment, seconds = 0 }: Start): number {
    const place = this.#places.find(({ index }) => index === segment)
    // Seconds from another voice, or another run, mean nothing here; the segment always does.
    const fits = place && seconds > place.from && seconds < place.to
    return fits ? seconds : timeOf(this.#places, this.#run, segment) + (place ? inside : 0)
  }

  /** Who heard a chapter to its end and asks for it again wants to hear it from the start. */
  #notAtTheEnd(start: Start): Start {
    const { complete, seconds, segments } = this.#timeline
    const heard = complete && start.segment >= segments.length - 1 && (start.seconds ?? 0) > seconds - 3
    return heard ? { segment: 0 } : start
  }

  #place(): void {
    this.#places = placesOf(this.#timeline.segments, this.#setAside, this.#run)
  }

  #giveUp(): void {
    for (const { index, ready } of this.#timeline.segments) if (!ready) this.#setAside.add(index)
  }

  #grown(): void {
    if (!this.#stream) return
    this.#place()
    this.pump()
    this.#hooks.onChange()
  }
}
