import { t } from '@lingui/core/macro'
import type { AudioEvent, AudioOutput, FragmentSink, Span } from './audio-output.ts'
import { MediaSourceSink, mediaSourceClass, mimeType, spansOf } from './media-source-sink.ts'

const events: readonly (readonly [name: keyof HTMLMediaElementEventMap, event: AudioEvent])[] = [
  ['timeupdate', 'time'],
  ['seeking', 'time'],
  ['seeked', 'time'],
  ['waiting', 'starved'],
  ['playing', 'playing'],
  ['pause', 'paused'],
  ['ended', 'ended'],
]

/** An audio element of the browser, which stands in no document. */
export class BrowserAudio implements AudioOutput {
  readonly #element = new Audio()

  constructor() {
    this.#element.preload = 'auto'
  }

  get time(): number {
    return this.#element.currentTime
  }

  set time(seconds: number) {
    this.#element.currentTime = seconds
  }

  get rate(): number {
    return this.#element.playbackRate
  }

  set rate(rate: number) {
    this.#element.preservesPitch = true
    // What is loaded next begins at the default.
    this.#element.defaultPlaybackRate = rate
    this.#element.playbackRate = rate
  }

  get volume(): number {
    return this.#element.volume
  }

  set volume(volume: number) {
    this.#element.volume = volume
  }

  get paused(): boolean {
    return this.#element.paused
  }

  get ended(): boolean {
    return this.#element.ended
  }

  get seeking(): boolean {
    return this.#element.seeking
  }

  get buffered(): readonly Span[] {
    return spansOf(this.#element.buffered)
  }

  get loaded(): boolean {
    return this.#element.getAttribute('src') !== null
  }

  get canStream(): boolean {
    return mediaSourceClass()?.isTypeSupported(mimeType) ?? false
  }

  listen(listener: (event: AudioEvent) => void): void {
    for (const [name, event] of events) this.#element.addEventListener(name, () => listener(event))
    this.#element.addEventListener('error', () => {
      if (!this.loaded) return
      listener(this.#element.error?.code === MediaError.MEDIA_ERR_DECODE ? 'undecodable' : 'broken')
    })
  }

  unlock(): void {
    if (!this.loaded) this.#element.load()
  }

  load(address: string, at: number): void {
    this.#element.src = address
    this.#element.currentTime = at
  }

  stream(at: number): FragmentSink {
    const Source = mediaSourceClass()
    if (!Source) throw new Error(t`This browser cannot play a chapter while it is being made.`)
    return new MediaSourceSink(this.#element, new Source(), at)
  }

  clear(): void {
    this.#element.pause()
    this.#element.removeAttribute('src')
    this.#element.load()
  }

  play(): Promise<void> {
    return this.#element.play()
  }

  pause(): void {
    this.#element.pause()
  }
}
