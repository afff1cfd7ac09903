/**
 * What the player does. `loading`: it was told to play and no sound has come yet; `waiting`: the listener has come to the
 * end of what is spoken; `ended`: the book is over; `interrupted`: the server is away, and it goes on when that is back.
 */
export type Phase = 'idle' | 'loading' | 'playing' | 'waiting' | 'paused' | 'ended' | 'interrupted'

export interface Motion {
  readonly phase: Phase
  /** Whether the listener wants to hear something. */
  readonly wants: boolean
}

/**
 * `choose`: a place to hear; `press`: go on; `pause`; `sound`: it sounds; `starve`: nothing more is there; `feed`: there is
 * something again; `end`: the book's; `lose`, `regain`: the server; `fail`: this place cannot be heard; `close`.
 */
export type Signal =
  | 'choose'
  | 'press'
  | 'pause'
  | 'sound'
  | 'starve'
  | 'feed'
  | 'end'
  | 'lose'
  | 'regain'
  | 'fail'
  | 'close'

export const idle: Motion = { phase: 'idle', wants: false }

const steps: Readonly<Record<Phase, Readonly<Partial<Record<Signal, Phase>>>>> = {
  idle: {},
  loading: { pause: 'paused', sound: 'playing', starve: 'waiting', lose: 'interrupted', fail: 'paused' },
  playing: {
    pause: 'paused',
    starve: 'waiting',
    end: 'ended',
    lose: 'interrupted',
    fail: 'paused',
  },
  waiting: {
    pause: 'paused',
    sound: 'playing',
    feed: 'loading',
    end: 'ended',
    lose: 'interrupted',
    fail: 'paused',
  },
  paused: { press: 'loading', end: 'ended', lose: 'interrupted' },
  ended: { press: 'loading' },
  interrupted: { regain: 'loading', fail: 'paused' },
}

/** What comes after a signal; one that means nothing in a phase changes nothing: events of the browser come late. */
export function after(motion: Motion, signal: Signal): Motion {
  if (signal === 'close') return idle
  if (signal === 'choose') return { phase: 'loading', wants: true }
  const { phase, wants } = motion
  if (phase === 'interrupted') {
    if (signal === 'press') return { phase, wants: true }
    if (signal === 'pause') return { phase, wants: false }
    if (signal === 'regain' && !wants) return { phase: 'paused', wants }
  }
  const next = steps[phase][signal]
  if (next === undefined) return motion
  return { phase: next, wants: next === 'interrupted' ? wants : moving.has(next) }
}

const moving: ReadonlySet<Phase> = new Set(['loading', 'playing', 'waiting'])
