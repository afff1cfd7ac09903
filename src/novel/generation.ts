/** What a user did with a generation; what becomes of it by itself is derived from the clips that exist. */
export type DesiredState = 'run' | 'paused' | 'cancelled'

export type Status = 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled'

/** A request, written down. Its id is the `progressId`. */
export interface Generation {
  readonly id: string
  readonly novelId: string
  readonly voice: string
  readonly speed: number
  /** Hash of the recipe its chapters are rendered in. */
  readonly recipe: string
  /** Higher is sooner; 0 is ordinary. */
  readonly priority: number
  readonly wish: DesiredState
  readonly createdAt: string
  readonly startedAt?: string
  readonly completedAt?: string
}

/** How many of a rendition's (or generation's) segments exist, are set aside, and there are. */
export interface SegmentCounts {
  readonly total: number
  readonly done: number
  readonly setAside: number
}

/** The status follows from the wish and the tally, so it can never disagree with the clips. */
export function statusOf(desiredState: DesiredState, started: boolean, counts: SegmentCounts): Status {
  if (counts.done === counts.total) return 'completed'
  if (desiredState === 'cancelled') return 'cancelled'
  if (counts.done + counts.setAside >= counts.total) return 'failed'
  if (desiredState === 'paused') return 'paused'
  return started ? 'running' : 'pending'
}
