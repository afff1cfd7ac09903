import { t } from '@lingui/core/macro'
import type { SegmentEvent } from '../../src/http/contract/generation-contract.ts'
import { addresses } from '../api.ts'
import { soundKey, type Sound } from '../keys.ts'
import type { PlayableTimeline } from '../offline/kept-answers.ts'
import type { AudioOutput } from './audio-output.ts'
import { LiveStream } from './live-stream.ts'
import {
  averageSeconds,
  type Place,
  placeAt,
  placesOf,
  reachesEnd,
  renewedTimeline,
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

export interface ChapterHooks {
  readonly onChange: () => void
  readonly onTrouble: (error: unknown) => void
  readonly onHitch: () => void
  /** Seconds that have to be there before a listener who ran out of sound hears more. */
  readonly wanted: () => number
}

/** What sounds at a moment. */
export interface Sounding {
  readonly segment: number
  /** Seconds since the segment began. */
  readonly seconds: number
  /** Seconds since the chapter began; a guess while its beginning is not spoken. */
  readonly inChapter: number
}

/** Seconds by which a jump lands inside its segment: elements round, and a hair before is the segment before. */
const inside = 0.01

/**
 * One chapter in an output: as a file when all of it is spoken, else as a stream that grows; as a stream, too, where
 * silences are shortened, since what is cut off a fragment's end is gone to the sample, without a jump.
 */
export class ChapterSound {
  readonly sound: Sound
  readonly output: AudioOutput
  readonly #hooks: ChapterHooks
  readonly #setAside = new Set<number>()
  #timeline: PlayableTimeline
  #shorten: boolean
  #run: Run = wholeChapter
  #places: readonly Place[] = []
  #stream: LiveStream | undefined
  #starved = false

  /** `givenUp`: what is not spoken by now was set aside and will not come by itself. */
  constructor(
    output: AudioOutput,
    sound: Sound,
    chapter: { timeline: PlayableTimeline; givenUp: boolean; start: Start; shorten: boolean },
    hooks: ChapterHooks,
  ) {
    this.output = output
    this.#shorten = chapter.shorten
    this.sound = sound
    this.#hooks = hooks
    this.#timeline = chapter.timeline
    if (chapter.givenUp) this.#giveUp()
    this.#settle(this.#notAtTheEnd(chapter.start))
  }

  get timeline(): PlayableTimeline {
    return this.#timeline
  }

  /** Whether silences are shortened; without a server a kept file is heard as it is. */
  get shortens(): boolean {
    return this.#shorten && this.output.canStream && this.#timeline.kept?.only !== true
  }

  /** Whether more is to come, and needs to be asked for. */
  get growing(): boolean {
    return this.#stream !== undefined && !this.#timeline.complete
  }

  /** Whether the listener has come to the end of what is there. */
  get waiting(): boolean {
    const { time, buffered } = this.output
    const ends = buffered.map(({ from, to }) => (from <= time + 0.1 ? to : 0))
    return this.#starved && time > Math.max(0, ...ends) - 0.3
  }

  /** Seconds at which the sound that can be heard now ends. */
  get end(): number {
    return this.#places.at(-1)?.to ?? this.#run.base
  }

  /** Seconds that are left of the chapter; `Infinity` while nobody knows. */
  get left(): number {
    const whole = reachesEnd(this.#timeline.segments, this.#setAside, this.#run)
    return whole ? this.end - this.output.time : Infinity
  }

  /** Seconds that can be heard from here without a break, and about how many come after them: spoken or not yet. */
  get rest(): { readonly ready: number; readonly later: number; readonly unspoken: number } {
    const { segments } = this.#timeline
    const usual = averageSeconds(segments)
    const after = (this.#places.at(-1)?.index ?? this.#run.first - 1) + 1
    let [later, unspoken] = [0, 0]
    for (const { index, ready, seconds } of segments.slice(after)) {
      if (this.#setAside.has(index)) continue
      later += seconds ?? usual
      if (!ready) unspoken += usual
    }
    return { ready: Math.max(0, this.end - this.output.time), later, unspoken }
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
    const { time } = this.output
    const place = placeAt(this.#places, time)
    if (!place) return { segment: this.#run.first, share: 0 }
    const isLast = place.index + 1 >= this.#timeline.segments.length
    if (this.waiting && !isLast) return { segment: place.index + 1, share: 0 }
    return {
      segment: place.index,
      share: Math.max(0, Math.min(1, (time - place.from) / (place.to - place.from))),
    }
  }

  /** By the clock of the sound itself; `undefined` where nothing sounds. */
  now(): Sounding | undefined {
    const { time } = this.output
    const place = placeAt(this.#places, time)
    if (!place || this.waiting) return undefined
    const seconds = Math.max(0, time - place.from)
    return { segment: place.index, seconds, inChapter: place.at + seconds }
  }

  /** Where the listener is, to go on there another time. */
  get place(): Required<Start> {
    const { segment } = this.head()
    const { inChapter } = this.now() ?? {}
    return { segment, seconds: inChapter ?? this.output.time }
  }

  /** To a share of a segment. One that is still to be spoken is waited for. */
  seek(segment: number, share: number): void {
    const place = this.#places.find(({ index }) => index === segment)
    if (place) this.output.time = place.from + share * (place.to - place.from) + inside
    else this.#settle({ segment })
    this.pump()
  }

  seekTo(time: number): void {
    const first = this.#places[0]
    if (first) this.output.time = Math.min(this.end, Math.max(first.from, time))
    this.pump()
  }

  /** Shortens silences from now on, or lets them be, at the same place. */
  shorten(shorten: boolean): void {
    if (shorten === this.#shorten) return
    const { place } = this
    this.#shorten = shorten
    this.#settle(place)
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

  renew(timeline: PlayableTimeline, givenUp: boolean): void {
    this.#timeline = renewedTimeline(this.#timeline, timeline)
    if (givenUp) this.#giveUp()
    this.#grown()
  }

  close(): void {
    this.#stream?.close()
    this.#stream = undefined
    this.output.clear()
  }

  #settle(start: Start): void {
    const { segments, complete, kept } = this.#timeline
    this.#stream?.close()
    this.#stream = undefined
    this.#starved = false
    this.#run = complete ? wholeChapter : runAt(segments, this.#setAside, start.segment)
    this.#place()
    const time = this.#timeOf(start)
    if (complete && !this.shortens) this.output.load(addresses.audio(this.sound, kept?.etag), time)
    else if (this.output.canStream) this.#stream = this.#open(time)
    else this.#hooks.onTrouble(new Error(t`This browser can play a chapter only when all of it is spoken.`))
  }

  #open(time: number): LiveStream {
    return new LiveStream(this.output, this.sound, time, {
      wanted: this.#hooks.wanted,
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
    const within = place ? seconds - place.at : -1
    if (place && within > 0 && within < place.to - place.from) return place.from + within
    return timeOf(this.#places, this.#run, segment) + (place ? inside : 0)
  }

  /** Who heard a chapter to its end and asks for it again wants to hear it from the start. */
  #notAtTheEnd(start: Start): Start {
    const { complete, seconds, segments } = this.#timeline
    const heard = complete && start.segment >= segments.length - 1 && (start.seconds ?? 0) > seconds - 3
    return heard ? { segment: 0 } : start
  }

  #place(): void {
    this.#places = placesOf(this.#timeline.segments, this.#setAside, this.#run, this.shortens)
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
