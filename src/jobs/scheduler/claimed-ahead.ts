import type { SpeechBackend } from '../backends/speech-backends.ts'
import type { Lease } from './leases.ts'

export interface ClaimedAheadParts {
  /** Of what the order of segments is made: other values whenever another may be more urgent. */
  readonly order: () => readonly unknown[]
  /** Whether its voice still sounds as its recipe demands. */
  readonly canSpeak: (lease: Lease) => boolean
  /** Makes its segment free for others. */
  readonly release: (lease: Lease) => Promise<void>
  /** Called when segments became free that nobody here took. */
  readonly onReleased: () => void
  readonly onError: (error: unknown) => void
}

/** Claimed segments that nobody took are given back after so long. */
const keptMs = 1000

/**
 * Segments that one statement claimed beside the one that was handed out: where several places are free, or are about to
 * be, as many are claimed at once. They are handed out within a moment, or they are soon free for others.
 */
export class ClaimedAhead implements Disposable {
  readonly #parts: ClaimedAheadParts
  #leases: Lease[] = []
  #order: readonly unknown[] | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(parts: ClaimedAheadParts) {
    this.#parts = parts
  }

  keep(leases: readonly Lease[]): void {
    if (leases.length === 0) return
    this.#leases.push(...leases)
    this.#order = this.#parts.order()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (this.#leases.length === 0) return
      this.#releaseAll().then(this.#parts.onReleased, this.#parts.onError)
    }, keptMs).unref()
  }

  /** Another segment may be more urgent: these are given back before the next is claimed. */
  forget(): void {
    this.#order = undefined
  }

  /** The next for one of these backends; none after a change that may have made another more urgent. */
  async next(backends: ReadonlyMap<string, SpeechBackend>): Promise<Lease | undefined> {
    if (this.#leases.length === 0) return undefined
    const order = this.#parts.order()
    const isChanged = !this.#order || order.some((value, at) => value !== this.#order?.[at])
    if (isChanged || !this.#leases.every((lease) => this.#parts.canSpeak(lease))) {
      await this.#releaseAll()
      return undefined
    }
    const at = this.#leases.findIndex(({ recipe, backend }) => backends.get(recipe.voice) === backend)
    return at < 0 ? undefined : this.#leases.splice(at, 1)[0]
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }

  async #releaseAll(): Promise<void> {
    await Promise.all(this.#leases.splice(0).map((lease) => this.#parts.release(lease)))
  }
}
