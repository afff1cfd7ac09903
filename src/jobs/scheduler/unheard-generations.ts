import type { SpeechBackend } from '../backends/speech-backends.ts'
import type { ActiveGeneration } from './active-generations.ts'

/** A generation that no run is known of is planned again after these times. */
const [firstPlanMs, longestPlanMs] = [3000, 60_000]

/**
 * Generations without a run here, while this server has nothing to do: others may be speaking the last of them, or their
 * runs were lost. Planning finds out, and completes what is done.
 */
export class UnheardGenerations {
  /** By id: when it is planned again, and milliseconds after that. */
  #known = new Map<string, { readonly at: number; readonly delayMs: number }>()

  /** Ids of those that are to be planned now. `held`: ids of those of which there are runs here. */
  due(
    generations: readonly ActiveGeneration[],
    held: ReadonlySet<string>,
    backends: ReadonlyMap<string, SpeechBackend>,
    now: number,
  ): string[] {
    const known = new Map<string, { at: number; delayMs: number }>()
    const due = []
    for (const { generation, voices } of generations) {
      const { id, desiredState } = generation
      if (desiredState !== 'run' || held.has(id) || !voices.some((voice) => backends.has(voice))) continue
      const { at, delayMs } = this.#known.get(id) ?? { at: now + firstPlanMs, delayMs: firstPlanMs }
      if (at <= now) due.push(id)
      const next = Math.min(2 * delayMs, longestPlanMs)
      known.set(id, at <= now ? { at: now + next, delayMs: next } : { at, delayMs })
    }
    this.#known = known
    return due
  }
}
