import { backoffMs, availabilityMessage } from '../speech/speech-server-rest.ts'

interface VoiceBackoffState {
  readonly state: 'resting'
  /** Epoch milliseconds. */
  readonly nextTryAt: number
  readonly message: string
  /** In a row. */
  readonly failures: number
  /** Path of its model: a voice that was installed again does not rest. */
  readonly model: string | undefined
}

/** To look whether a file is back costs little. */
const maxBackoffMs = 60_000

/**
 * The voices of the box's own backend that could not be loaded: each is tried again after 2 s, doubling up to a minute,
 * while the others go on.
 */
export class VoiceBackoff {
  readonly #states = new Map<string, VoiceBackoffState>()

  /** Segments that were under way together fail together, and count once. */
  failed(voice: string, model: string | undefined, message: string, now: number): void {
    const before = this.#of(voice, model)
    if (before && now < before.nextTryAt) return
    const failures = (before?.failures ?? 0) + 1
    const nextTryAt = now + backoffMs(failures, Math.random(), maxBackoffMs)
    this.#states.set(voice, { state: 'resting', nextTryAt, message, failures, model })
  }

  succeeded(voice: string): void {
    this.#states.delete(voice)
  }

  /** Epoch milliseconds; 0: it does not rest. */
  until(voice: string, model: string | undefined): number {
    return this.#of(voice, model)?.nextTryAt ?? 0
  }

  message(voice: string, model: string | undefined, now: number): string | undefined {
    const rest = this.#of(voice, model)
    return rest && availabilityMessage(rest, now)
  }

  #of(voice: string, model: string | undefined): VoiceBackoffState | undefined {
    const rest = this.#states.get(voice)
    return rest?.model === model ? rest : undefined
  }
}
