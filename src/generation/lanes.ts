import type { Clip } from '../novel/clip.ts'
import type { KnownServer } from '../database/speech-servers.ts'
import type { SpeakerPool } from '../speech/speaker-pool.ts'
import { VoiceUnavailable } from '../speech/voice-unavailable.ts'
import { Pace } from './pace.ts'
import { VoiceRests } from './voice-rests.ts'
import type { Source, Voices } from './voices.ts'

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
  /**
   * Epoch milliseconds of the earliest next segment in a voice. `0`, or past: now. `Infinity`: blocked until somebody
   * does something.
   */
  restsUntil(voice: string): number
  /** Why nothing of a voice moves in it, for people; `undefined` when it moves. */
  message(now: number, voice: string): string | undefined
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
  readonly #rests = new VoiceRests()

  constructor(voices: Voices, pool: SpeakerPool) {
    this.#voices = voices
    this.#pool = pool
  }

  /** Nothing before it is known that the engines are those that the recipes name. */
  get size(): number {
    return this.#voices.met ? this.#pool.size : 0
  }

  restsUntil(voice: string): number {
    return this.#rests.until(voice, modelPath(this.#voices.sourceOf(voice)))
  }

  message(now: number, voice: string): string | undefined {
    const { state, reason } = this.#pool.state
    if (state === 'ready') return this.#rests.message(voice, modelPath(this.#voices.sourceOf(voice)), now)
    return state === 'starting'
      ? 'No speaker is alive; new ones are being started.'
      : `No speaker can be started (${reason}); it is tried again and again.`
  }

  async speak({ paced, accent, ...task }: LaneTask): Promise<Clip> {
    const source = this.#voices.sourceOf(task.voice)
    if (source?.kind !== 'speakers') throw new NotNow('its voice was just removed')
    const { model, gain, pace = 'measure' } = source
    try {
      const clip = await this.#pool.speak({
        ...task,
        ...(model !== undefined && { model: { ...model, language: accent ?? model.language } }),
        ...(gain !== undefined && { gain }),
        ...(paced && { pace }),
      })
      this.#rests.spoke(task.voice)
      return clip
    } catch (error) {
      throw error instanceof VoiceUnavailable ? this.#unavailable(task.voice, source, error) : error
    }
  }

  #unavailable(voice: string, source: Source, cause: VoiceUnavailable): NotNow {
    const model = modelPath(source)
    const advice =
      model === undefined ? 'Install Nightjar again' : 'Put its files back, or remove it and install it again'
    const message = `The voice ${this.#voices.nameOf(voice)} cannot be used: ${cause.message}. ${advice}`
    this.#rests.failed(voice, model, message, Date.now())
    return new NotNow(message, { cause })
  }
}

function modelPath(source: Source | undefined): string | undefined {
  return source?.kind === 'speakers' ? source.model?.model : undefined
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
