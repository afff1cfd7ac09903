import type { Clip } from '../novel/clip.ts'
import type { KnownServer } from '../database/speech-servers.ts'
import type { SpeakerPool } from '../speech/speaker-pool.ts'
import { Pace } from './pace.ts'
import type { Voices } from './voices.ts'

/** One segment, as any lane takes it. */
export interface LaneTask {
  readonly text: string
  readonly voice: string
  readonly speed: number
  /** Whether speed 1 is the pace of all voices, not the voice's own. */
  readonly paced: boolean
  /** Of a voice that has several. */
  readonly accent?: string | undefined
  /** Silence before the speech and after it, in seconds. */
  readonly leadSeconds?: number | undefined
  readonly pauseSeconds: number
  /** Whatever is random is drawn from this. */
  readonly seed: string
}

/** Where segments are spoken: the box's own speakers are one lane, each speech server is another. */
export interface Lane {
  /** Segments that it takes at the same time. */
  readonly size: number
  readonly pace: Pace
  /** Epoch milliseconds before which it takes nothing; 0: it takes now; `Infinity`: until somebody does something. */
  restsUntil(): number
  /** Why nothing moves in it, for people; `undefined` when it moves. */
  message(now: number): string | undefined
  /** Throws `NotNow` when the segment has to wait through no fault of its own, else a plain `Error`. */
  speak(task: LaneTask): Promise<Clip>
}

/** The lane rests: the segment goes back into the line and no attempt is counted. */
export class NotNow extends Error {
  /** The text itself may be the reason: others are tried before it. */
  readonly suspect: boolean

  constructor(message: string, { suspect = false, ...options }: ErrorOptions & { suspect?: boolean } = {}) {
    super(message, options)
    this.suspect = suspect
  }
}

/** Which lane speaks a voice. */
export class Lanes {
  readonly #voices: Voices
  readonly #speakers: Lane
  readonly #serverLane: (known: KnownServer) => Lane

  constructor(voices: Voices, pool: SpeakerPool, serverLane: (known: KnownServer) => Lane) {
    this.#voices = voices
    this.#speakers = new SpeakersLane(voices, pool)
    this.#serverLane = serverLane
  }

  of(voice: string): Lane {
    const source = this.#voices.sourceOf(voice)
    if (!source) return missing
    return source.kind === 'server' ? this.#serverLane(source.known) : this.#speakers
  }

  speak(task: LaneTask): Promise<Clip> {
    return this.of(task.voice).speak(task)
  }
}

class SpeakersLane implements Lane {
  readonly pace = new Pace()
  readonly #voices: Voices
  readonly #pool: SpeakerPool

  constructor(voices: Voices, pool: SpeakerPool) {
    this.#voices = voices
    this.#pool = pool
  }

  get size(): number {
    return this.#pool.size
  }

  restsUntil(): number {
    return 0
  }

  message(): string | undefined {
    const { state, reason } = this.#pool.state
    if (state === 'ready') return undefined
    return state === 'starting'
      ? 'No speaker is alive; new ones are being started.'
      : `No speaker can be started (${reason}); it is tried again and again.`
  }

  async speak({ paced, accent, ...task }: LaneTask): Promise<Clip> {
    const source = this.#voices.sourceOf(task.voice)
    if (source?.kind !== 'speakers') throw new NotNow('its voice was just removed')
    const { model, gain, pace = 'measure' } = source
    return this.#pool.speak({
      ...task,
      ...(model !== undefined && { model: { ...model, language: accent ?? model.language } }),
      ...(gain !== undefined && { gain }),
      ...(paced && { pace }),
    })
  }
}

/** For voices that are not here any more: what they were asked for waits until they are back. */
const missing: Lane = {
  size: 0,
  pace: new Pace(),
  restsUntil: () => Infinity,
  message: () =>
    'Its voice is not installed any more. Install it again, or ask for the chapters in another voice.',
  speak: () => Promise.reject(new NotNow('its voice is not installed')),
}
