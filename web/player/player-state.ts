import type { Novel, Timeline } from '../../src/http/contract/novel-contract.ts'
import { after, type Phase, type Signal } from './motion.ts'
import { settingDefaults } from '../listener/setting-defaults.ts'
import type { PlayerSettings } from './player-settings.ts'
import type { SleepState } from './sleep-timer.ts'

/** What the player shows. */
export interface PlayerState {
  readonly novel: Novel | undefined
  readonly chapterNumber: number | undefined
  readonly chapterTitle: string
  readonly phase: Phase
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
  /** Seconds of sound that are left of the chapter; about, while it is being made. */
  readonly left: number
  /** Seconds of listening after which there will be nothing to hear; `unknown` while nobody can tell. */
  readonly catchUp: 'never' | 'unknown' | number
  readonly rate: number
  readonly settings: PlayerSettings
  readonly sleep: SleepState
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
  phase: 'idle',
  playing: false,
  segments: [],
  segment: 0,
  share: 0,
  time: 0,
  length: 0,
  about: false,
  complete: false,
  left: 0,
  catchUp: 'never',
  rate: 1,
  settings: settingDefaults.player,
  sleep: { wish: undefined, left: undefined, dozing: false },
  words: undefined,
  refused: undefined,
  offer: undefined,
}

/** The state, and whoever draws it. */
export class PlayerStore {
  readonly #watchers = new Set<() => void>()
  state: PlayerState = silent

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change }
    for (const watcher of this.#watchers) watcher()
  }

  signal(signal: Signal): void {
    const { phase, playing } = this.state
    const now = after({ phase, wants: playing }, signal)
    if (now.phase !== phase || now.wants !== playing) this.set({ phase: now.phase, playing: now.wants })
  }
}
