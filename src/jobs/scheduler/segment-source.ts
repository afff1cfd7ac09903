import type { Database } from '../../storage/database-tables.ts'
import type { Occurrence } from '../../storage/queries/chapter-queries.ts'
import type { SpeechBackend } from '../backends/speech-backends.ts'
import type { ActiveGeneration } from './active-generations.ts'
import type { Lease, SegmentsInFlight } from './leases.ts'

/** A generation one of whose voices no longer sounds as its recipe demands. */
export interface Outdated {
  readonly outdated: ActiveGeneration
  /** Hash of that recipe. */
  readonly recipe: string
}

/**
 * What became of a lease. `spoken`: its clip is durable. `failed`: the attempt was counted. `released`: given back
 * unspoken, or nobody knows.
 */
export type LeaseOutcome = 'spoken' | 'failed' | 'released'

/**
 * Where the dispatcher's segments come from. `next` hands out each missing text in a recipe once, the most urgent first:
 * what follows a playback position, then by priority and age of the generation, in reading order. Paused, cancelled and
 * hidden ones hand nothing out. Not safe for concurrent calls: callers hold a mutex.
 */
export interface SegmentSource {
  /** What other servers speak; left out where there are none. */
  readonly elsewhere?: SegmentsInFlight
  /**
   * Takes the most urgent segment for one of these backends (by voice), or returns the epoch milliseconds at which to
   * call again; `Infinity` when only a change can bring a segment. If a generation before it is outdated, that one is
   * returned instead: renew or withhold it, and call again.
   */
  next(backends: ReadonlyMap<string, SpeechBackend>, now: number): Promise<Lease | Outdated | number>
  /** A generation is new or was changed: what is cached of it is read again. */
  include(active: ActiveGeneration): void
  /** Skips a generation's segments in a recipe until the generation is included again, or everything is reset. */
  withhold(found: Outdated): void
  /** Segments at these places are missing again: returned unspoken, their clip lost, or their failure cleared. */
  requeue(recipe: string, occurrences: readonly Occurrence[]): void
  /** Drops everything cached: all active generations are read again. */
  reset(): void
  /**
   * Generations are new, resumed, or have missing segments again: cuts these into runs, if and when the transaction
   * commits. Doing so twice is harmless. Left out where the segments are read when they are needed.
   */
  plan?(ids: readonly string[], transaction?: Database): Promise<void>
  /**
   * A lease that `next` returned has ended, after its outcome was stored and, where it is missing still, requeued. Left
   * out where nothing outside this process knows of leases.
   */
  ended?(lease: Lease, outcome: LeaseOutcome): Promise<void>
}
