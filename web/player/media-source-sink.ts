import { t } from '@lingui/core/macro'
import type { FragmentSink, Span } from './audio-output.ts'

type MediaSourceClass = typeof MediaSource

export const mimeType = 'audio/mp4; codecs="mp4a.40.2"'

/** Far more than a chapter has, so that the element waits at the end of what is there and does not end. */
const endless = 24 * 3600

/** On the iPhone there is only the managed kind. */
export function mediaSourceClass(): MediaSourceClass | undefined {
  const { ManagedMediaSource: Managed } = globalThis as { ManagedMediaSource?: MediaSourceClass }
  return globalThis.MediaSource ?? Managed
}

/** Fragments on their way into an audio element. */
export class MediaSourceSink implements FragmentSink {
  readonly #element: HTMLAudioElement
  readonly #source: MediaSource
  readonly #address: string
  readonly #closed = new AbortController()
  #buffer: SourceBuffer | undefined
  readonly opened: Promise<void>

  constructor(element: HTMLAudioElement, source: MediaSource, at: number) {
    this.#element = element
    this.#source = source
    // A managed source must not be sent elsewhere (AirPlay), else it does not open.
    element.disableRemotePlayback = true
    const { promise, resolve } = Promise.withResolvers<void>()
    this.opened = promise
    source.addEventListener('sourceopen', () => resolve(), { once: true })
    this.#address = URL.createObjectURL(source)
    element.src = this.#address
    element.currentTime = at
  }

  get buffered(): readonly Span[] {
    return this.#buffer ? spansOf(this.#buffer.buffered) : []
  }

  async begin(init: ArrayBuffer): Promise<void> {
    const buffer = this.#source.addSourceBuffer(mimeType)
    // In a sequence the offset says where the next fragment stands, whatever time it carries itself.
    buffer.mode = 'sequence'
    this.#buffer = buffer
    const start = this.#element.currentTime
    await this.#done((into) => into.appendBuffer(init))
    if (this.#closed.signal.aborted) return
    this.#source.duration = endless
    // Chromium forgets where to begin when it learns of the sound before its length.
    if (Math.abs(this.#element.currentTime - start) > 0.001) this.#element.currentTime = start
  }

  append(fragment: ArrayBuffer, { from, to }: Span): Promise<void> {
    return this.#done((buffer) => {
      // The window's end lies in the middle of the first frame that is cut off, so that no rounding takes the last one
      // that stays; Chromium cuts that frame to its half, which is silent, and the next fragment covers it.
      buffer.appendWindowEnd = to + halfFrame
      buffer.timestampOffset = from
      buffer.appendBuffer(fragment)
    })
  }

  remove({ from, to }: Span): Promise<void> {
    return this.#done((buffer) => buffer.remove(from, to))
  }

  end(): void {
    if (this.#source.readyState !== 'open') return
    const last = this.buffered.at(-1)
    if (last) this.#source.duration = last.to
    this.#source.endOfStream()
  }

  close(): void {
    this.#closed.abort()
    URL.revokeObjectURL(this.#address)
    this.#element.disableRemotePlayback = false
  }

  /** Waits for the buffer to have done what it was told. */
  #done(act: (buffer: SourceBuffer) => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const buffer = this.#buffer
    if (!buffer || this.#closed.signal.aborted) return Promise.resolve()
    buffer.addEventListener('updateend', () => resolve(), { once: true })
    buffer.addEventListener('error', () => reject(new Error(t`The sound could not be read.`)), { once: true })
    this.#closed.signal.addEventListener('abort', () => resolve(), { once: true })
    act(buffer)
    return promise
  }
}

export function spansOf(ranges: TimeRanges): Span[] {
  return Array.from({ length: ranges.length }, (_, at) => ({ from: ranges.start(at), to: ranges.end(at) }))
}

/** Of the 1,024 samples of a frame at 24 kHz, in seconds. */
const halfFrame = 512 / 24_000
