import { AnswerError } from '../answer-error.ts'
import { addresses, bytes } from '../api.ts'
import type { Sound } from '../keys.ts'
import type { AudioOutput, FragmentSink } from './audio-output.ts'
import { type BufferView, nextBufferStep } from './buffer-plan.ts'
import type { Place } from './places.ts'

const tryAgainAfter = 2000

interface Hooks {
  readonly view: () => Pick<BufferView, 'places' | 'complete'>
  /** Seconds of sound that have to be there before a listener who waits hears more. */
  readonly wanted: () => number
  /** The stream cannot go on. */
  readonly onTrouble: (error: unknown) => void
  /** Something could not be fetched; it is tried again. */
  readonly onHitch: () => void
  /** `starved`: all that is spoken is in the buffer. */
  readonly onStep: (starved: boolean) => void
}

/** All fragments of Nightjar have the same beginning. */
let beginning: Promise<ArrayBuffer> | undefined

function beginningOf(sound: Sound): Promise<ArrayBuffer> {
  beginning ??= bytes(addresses.init(sound), AbortSignal.timeout(30_000)).catch((error: unknown) => {
    beginning = undefined
    throw error
  })
  return beginning
}

/** Feeds an output with the sentences of a chapter, which may still be being made. */
export class LiveStream {
  readonly #output: AudioOutput
  readonly #sound: Sound
  readonly #hooks: Hooks
  readonly #sink: FragmentSink
  readonly #closed = new AbortController()
  /** What was fetched for a listener who waits, until it is enough. */
  #held: { readonly place: Place; readonly fragment: ArrayBuffer }[] = []
  #begun = false
  #busy = false
  #again = false

  constructor(output: AudioOutput, sound: Sound, start: number, hooks: Hooks) {
    this.#output = output
    this.#sound = sound
    this.#hooks = hooks
    this.#sink = output.stream(start)
    void this.#open()
  }

  /** Does what is to be done now; called whenever the play head, or the timeline, moved. */
  readonly pump = (): void => {
    void this.#pump()
  }

  close(): void {
    this.#closed.abort()
    this.#sink.close()
  }

  async #open(): Promise<void> {
    try {
      const init = await beginningOf(this.#sound)
      await this.#sink.opened
      if (this.#closed.signal.aborted) return
      await this.#sink.begin(init)
      this.#begun = true
    } catch (error) {
      this.#trouble(error, () => void this.#open())
      return
    }
    this.pump()
  }

  async #pump(): Promise<void> {
    this.#again = this.#busy
    if (this.#busy || !this.#begun || this.#closed.signal.aborted) return
    this.#busy = true
    try {
      while (await this.#step());
    } catch (error) {
      this.#trouble(error, this.pump)
    } finally {
      this.#busy = false
    }
    if (this.#again) this.pump()
  }

  /** Answers whether there may be more to do. */
  async #step(): Promise<boolean> {
    const view = this.#hooks.view()
    const { time } = this.#output
    const buffered = [...this.#sink.buffered, ...this.#held.map(({ place }) => place)]
    const step = nextBufferStep({ ...view, time, buffered })
    this.#hooks.onStep(step.kind === 'wait')
    if (step.kind === 'append') {
      const { place } = step
      const fragment = await bytes(addresses.segment(this.#sound, place.index), this.#closed.signal)
      this.#held.push({ place, fragment })
      if (this.#enough()) await this.#release()
      return !this.#closed.signal.aborted
    }
    if (this.#held.length > 0 && (step.kind !== 'wait' || this.#enough())) await this.#release()
    if (step.kind === 'remove') {
      await this.#sink.remove(step)
      return true
    }
    if (step.kind === 'end') this.#sink.end()
    return false
  }

  /** Whether what is held is to be heard now: there is no waiting, or there was enough of it. */
  #enough(): boolean {
    const { time } = this.#output
    const ahead = Math.max(0, ...this.#held.map(({ place }) => place.to)) - time
    return ahead >= this.#hooks.wanted()
  }

  async #release(): Promise<void> {
    const held = this.#held
    this.#held = []
    for (const { place, fragment } of held) await this.#sink.append(fragment, place)
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
