import type { Casting } from './casting.ts'

/** What the user last requested; the status is derived from it and from the clips that exist. */
export type DesiredState = 'run' | 'paused' | 'cancelled'

export type Status = 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'

/** A stored request to generate chapters. Its id is the `progressId`. */
export interface Generation {
  readonly id: string
  readonly novelId: string
  readonly voice: string
  readonly speed: number
  /** Who speaks what in its chapters; voice and speed are the narrator's. */
  readonly casting: Casting
  /** Higher runs sooner; 0 is the default. */
  readonly priority: number
  /** Where a listener has put it among those of its priority; see `queue-order.ts`. */
  readonly place?: number
  readonly desiredState: DesiredState
  /** It goes along with whoever listens, and keeps so many chapters ahead: it has those of the window, no others. */
  readonly ahead?: number
  readonly createdAt: string
  readonly startedAt?: string
  readonly completedAt?: string
}

/** Segments of a rendition or generation: all, those with a clip, and those set aside. */
export interface SegmentCounts {
  readonly total: number
  readonly done: number
  readonly setAside: number
}

/** Derives the status from the desired state and the segment counts, so it cannot disagree with the clips. */
export function statusOf(desiredState: DesiredState, started: boolean, counts: SegmentCounts): Status {
  if (counts.done === counts.total) return 'completed'
  if (desiredState === 'cancelled') return 'cancelled'
  if (counts.done + counts.setAside >= counts.total) return 'failed'
  if (desiredState === 'paused') return 'paused'
  return started ? 'running' : 'pending'
}
