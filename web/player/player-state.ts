import type { Novel, Timeline } from '../../src/http/contract/novel-contract.ts'

/** What the docked player shows. */
export interface PlayerState {
  readonly novel: Novel | undefined
  readonly chapterNumber: number | undefined
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
  /** Whether the seconds are a guess, since the chapter's beginning is not spoken yet. */
  readonly about: boolean
  readonly complete: boolean
  readonly rate: number
  /** Why nothing is heard, or nothing more. */
  readonly words: string | undefined
  /** Why the rest of the chapter is not spoken, although it was asked for: the server's own sentence. */
  readonly refused: string | undefined
  /** The number of a chapter that could be asked for now. */
  readonly offer: number | undefined
}

export const silent: PlayerState = {
  novel: undefined,
  chapterNumber: undefined,
  chapterTitle: '',
  playing: false,
  segments: [],
  segment: 0,
  share: 0,
  time: 0,
  length: 0,
  about: false,
  complete: false,
  rate: 1,
  words: undefined,
  refused: undefined,
  offer: undefined,
}

/** The state, and whoever draws it. */
export class PlayerStore {
  readonly #watchers = new Set<() => void>()
  state: PlayerState

  constructor(state: PlayerState) {
    this.state = state
  }

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change }
    for (const watcher of this.#watchers) watcher()
  }
}
