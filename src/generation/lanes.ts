import type { Clip } from '../novel/clip.ts'
import type { RegisteredServer } from '../database/speech-servers.ts'
import type { WorkerPool } from '../speech/speaker-pool.ts'
import { VoiceUnavailable } from '../speech/voice-unavailable.ts'
import { Throughput } from './pace.ts'
import { VoiceBackoff } from './voice-rests.ts'
import type { SpeechSource, VoiceRegistry } from './voices.ts'

/** One segment, as any lane takes it. */
export interface SpeechTask {
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
export interface SpeechBackend {
  /** Segments that it takes at the same time. */
  readonly capacity: number
  readonly throughput: Throughput
  /**
   * Epoch milliseconds of the earliest next segment in a voice. `0`, or past: now. `Infinity`: blocked until somebody
   * does something.
   */
  availableAt(voice: string): number
  /** Why nothing of a voice moves in it, for people; `undefined` when it moves. */
  message(now: number, voice: string): string | undefined
  /** Throws `NotNow` when the segment has to wait through no fault of its own, else a plain `Error`. */
  speak(task: SpeechTask): Promise<Clip>
}

/** The lane rests: the segment goes back into the line and no attempt is counted. */
export class RetryLater extends Error {
  /** The text itself may be the reason: others are tried before it. */
  readonly suspect: boolean

  constructor(message: string, { suspect = false, ...options }: ErrorOptions & { suspect?: boolean } = {}) {
    super(message, options)
    this.suspect = suspect
  }
}

/** Which lane speaks a voice. */
export class SpeechBackends {
  readonly #voices: VoiceRegistry
  readonly #workers: SpeechBackend
  readonly #serverBackend: (known: RegisteredServer) => SpeechBackend

  constructor(voices: VoiceRegistry, pool: WorkerPool, serverBackend: (known: RegisteredServer) => SpeechBackend) {
    this.#voices = voices
    this.#workers = new WorkerBackend(voices, pool)
    this.#serverBackend = serverBackend
  }

  of(voice: string): SpeechBackend {
    const source = this.#voices.sourceOf(voice)
    if (!source) return missingBackend
    return source.kind === 'server' ? this.#serverBackend(source.known) : this.#workers
  }

  speak(task: SpeechTask): Promise<Clip> {
    return this.of(task.voice).speak(task)
  }
}

class WorkerBackend implements SpeechBackend {
  readonly throughput = new Throughput()
  readonly #voices: VoiceRegistry
  readonly #pool: WorkerPool
  readonly #backoff = new VoiceBackoff()

  constructor(voices: VoiceRegistry, pool: WorkerPool) {
    this.#voices = voices
    this.#pool = pool
  }

  /** Nothing before it is known that the engines are those that the recipes name. */
  get capacity(): number {
    return this.#voices.enginesConfirmed ? this.#pool.size : 0
  }

  availableAt(voice: string): number {
    return this.#backoff.until(voice, modelPath(this.#voices.sourceOf(voice)))
  }

  message(now: number, voice: string): string | undefined {
    const { state, reason } = this.#pool.state
    if (state === 'ready') return this.#backoff.message(voice, modelPath(this.#voices.sourceOf(voice)), now)
    return state === 'starting'
      ? 'No speaker is alive; new ones are being started.'
      : `No speaker can be started (${reason}); it is tried again and again.`
  }

  async speak({ paced, accent, ...task }: SpeechTask): Promise<Clip> {
    const source = this.#voices.sourceOf(task.voice)
    if (source?.kind !== 'speakers') throw new RetryLater('its voice was just removed')
    const { model, gain, pace = 'measure' } = source
    try {
      const clip = await this.#pool.speak({
        ...task,
        ...(model !== undefined && { model: { ...model, language: accent ?? model.language } }),
        ...(gain !== undefined && { gain }),
        ...(paced && { pace }),
      })
      this.#backoff.succeeded(task.voice)
      return clip
    } catch (error) {
      throw error instanceof VoiceUnavailable ? this.#unavailable(task.voice, source, error) : error
    }
  }

  #unavailable(voice: string, source: SpeechSource, cause: VoiceUnavailable): RetryLater {
    const model = modelPath(source)
    const advice =
      model === undefined ? 'Install Nightjar again' : 'Put its files back, or remove it and install it again'
    const message = `The voice ${this.#voices.nameOf(voice)} cannot be used: ${cause.message}. ${advice}`
    this.#backoff.failed(voice, model, message, Date.now())
    return new RetryLater(message, { cause })
  }
}

function modelPath(source: SpeechSource | undefined): string | undefined {
  return source?.kind === 'speakers' ? source.model?.model : undefined
}

/** For voices that are not here any more: what they were asked for waits until they are back. */
const missingBackend: SpeechBackend = {
  capacity: 0,
  throughput: new Throughput(),
  availableAt: () => Infinity,
  message: () =>
    'Its voice is not installed any more. Install it again, or ask for the chapters in another voice.',
  speak: () => Promise.reject(new RetryLater('its voice is not installed')),
}
