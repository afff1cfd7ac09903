import { addresses, AnswerError, bytes, type Sound } from '../api.ts'
import { type BufferView, nextBufferStep } from './buffer-plan.ts'

type MediaSourceClass = typeof MediaSource
const tryAgainAfter = 2000
const mimeType = 'audio/mp4; codecs="mp4a.40.2"'

/** On the iPhone there is only the managed kind. */
function mediaSourceClass(): MediaSourceClass | undefined {
  const { ManagedMediaSource: Managed } = globalThis as { ManagedMediaSource?: MediaSourceClass }
  return globalThis.MediaSource ?? Managed
}

export function canStream(): boolean {
  return mediaSourceClass()?.isTypeSupported(mimeType) ?? false
}

interface Hooks {
  readonly view: () => Pick<BufferView, 'places' | 'complete'>
  /** The stream cannot go on. */
  readonly onTrouble: (error: unknown) => void
  /** Something could not be fetched; it is tried again. */
  readonly onHitch: () => void
  /** `starved`: all that is spoken is in the buffer. */
  readonly onStep: (starved: boolean) => void
}

/** Feeds an audio element with the sentences of a chapter that is still being made. */
export class LiveStream {
  readonly #audio: HTMLAudioElement
  readonly #sound: Sound
  readonly #hooks: Hooks
  readonly #source: MediaSource
  readonly #address: string
  readonly #closed = new AbortController()
  #buffer: SourceBuffer | undefined
  #busy = false
  #again = false

  constructor(audio: HTMLAudioElement, sound: Sound, start: number, hooks: Hooks) {
    const Source = mediaSourceClass()
    if (!Source) throw new Error('This browser cannot play a chapter while it is being made.')
    this.#audio = audio
    this.#sound = sound
    this.#hooks = hooks
    this.#source = new Source()
    // A managed source must not be sent elsewhere (AirPlay), else it does not open.
    audio.disableRemotePlayback = true
    this.#address = URL.createObjectURL(this.#source)
    this.#source.addEventListener('sourceopen', () => void this.#open(), { once: true })
    audio.src = this.#address
    audio.currentTime = start
  }

  /** Does what is to be done now; called whenever the play head, or the timeline, moved. */
  readonly pump = (): void => {
    void this.#pump()
  }

  close(): void {
    this.#closed.abort()
    URL.revokeObjectURL(this.#address)
    this.#audio.disableRemotePlayback = false
  }

  async #open(): Promise<void> {
    try {
      const init = await bytes(addresses.init(this.#sound), this.#closed.signal)
      const buffer = this.#source.addSourceBuffer(mimeType)
      // In a sequence the offset says where the next fragment stands, whatever time it carries itself.
      buffer.mode = 'sequence'
      this.#buffer = buffer
      const start = this.#audio.currentTime
      await this.#done(() => buffer.appendBuffer(init))
      // Far more than a chapter has, so that the element waits at the end of what is spoken and does not end there.
      this.#source.duration = 24 * 3600
      // Chromium forgets where to begin when it learns of the sound before its length.
      if (Math.abs(this.#audio.currentTime - start) > 0.001) this.#audio.currentTime = start
    } catch (error) {
      this.#trouble(error, () => void this.#open())
      return
    }
    this.pump()
  }

  async #pump(): Promise<void> {
    this.#again = this.#busy
    const buffer = this.#buffer
    if (this.#busy || !buffer || this.#closed.signal.aborted) return
    this.#busy = true
    try {
      while (await this.#step(buffer));
    } catch (error) {
      this.#trouble(error, this.pump)
    } finally {
      this.#busy = false
    }
    if (this.#again) this.pump()
  }

  /** Answers whether there may be more to do. */
  async #step(buffer: SourceBuffer): Promise<boolean> {
    const view = this.#hooks.view()
    const step = nextBufferStep({ ...view, time: this.#audio.currentTime, buffered: rangesOf(buffer) })
    this.#hooks.onStep(step.kind === 'wait')
    if (step.kind === 'append') {
      const { index, from } = step.place
      const fragment = await bytes(addresses.segment(this.#sound, index), this.#closed.signal)
      buffer.timestampOffset = from
      await this.#done(() => buffer.appendBuffer(fragment))
      return true
    }
    if (step.kind === 'remove') {
      await this.#done(() => buffer.remove(step.from, step.to))
      return true
    }
    const last = view.places.at(-1)
    if (step.kind === 'end' && last && this.#source.readyState === 'open') {
      this.#source.duration = Math.max(last.to, rangesOf(buffer).at(-1)?.to ?? 0)
      this.#source.endOfStream()
    }
    return false
  }

  /** Waits for the buffer to have done what it was told. */
  #done(act: () => void): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const buffer = this.#buffer
    buffer?.addEventListener('updateend', () => resolve(), { once: true })
    buffer?.addEventListener('error', () => reject(new Error('The sound could not be read.')), { once: true })
    this.#closed.signal.addEventListener('abort', () => resolve(), { once: true })
    act()
    return promise
  }

  #trouble(error: unknown, again: () => void): void {
    if (this.#closed.signal.aborted) return
    // A server that is away comes back, and a sentence that was lost is spoken again; what is gone stays gone.
    const passes = error instanceof AnswerError && error.status !== 404
    if (!passes) return this.#hooks.onTrouble(error)
    this.#hooks.onHitch()
    setTimeout(() => {
      if (!this.#closed.signal.aborted) again()
    }, tryAgainAfter)
  }
}

function rangesOf(buffer: SourceBuffer): { from: number; to: number }[] {
  const { buffered } = buffer
  return Array.from({ length: buffered.length }, (_, at) => ({
    from: buffered.start(at),
    to: buffered.end(at),
  }))
}
