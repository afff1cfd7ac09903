import type { Novel, Timeline } from '../../src/http/contract.ts'

/** What the docked player shows. */
export interface PlayerState {
  readonly novel?: Novel
  readonly chapterNumber?: number
  readonly chapterTitle: string
  /** Whether it shall play; it may still be waiting for sound. */
  readonly playing: boolean
  readonly segments: Timeline['segments']
  /** The segment that is heard, and how much of it was, 0–1. */
  readonly segment: number
  readonly share: number
  /** Seconds in the chapter, and of all that can be heard now. */
  readonly time: number
  readonly length: number
  readonly complete: boolean
  readonly rate: number
  /** Why nothing is heard, or nothing more. */
  readonly words?: string
  /** The number of a chapter that could be asked for now. */
  readonly offer?: number
}

export const silent: PlayerState = {
  chapterTitle: '',
  playing: false,
  segments: [],
  segment: 0,
  share: 0,
  time: 0,
  length: 0,
  complete: false,
  rate: 1,
}
