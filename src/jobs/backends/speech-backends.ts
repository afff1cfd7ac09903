import type { Clip } from '../../novel/clip.ts'
import { availabilityMessage, backoffMs } from '../../speech/engines/server/speech-server-backoff.ts'
import { VoiceUnavailable } from '../../speech/speech-engine.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { RegisteredServer } from '../../storage/queries/speech-server-queries.ts'
import type { SpeechSource, VoiceRegistry } from '../voices/voice-registry.ts'

/** How fast the studio speaks, judged by the last two minutes of it. */
export class Throughput {
  readonly #spoken: { readonly at: number; readonly seconds: number }[] = []
  #since: number | undefined

  /** A segment of so many seconds was finished at `at` (epoch milliseconds). */
  record(seconds: number, at: number): void {
    const last = this.#spoken.at(-1)
    // After a rest the old figures say nothing about what comes.
    if (last && at - last.at > idleResetMs) this.#spoken.length = 0
    if (this.#spoken.length === 0) this.#since = at
    this.#spoken.push({ at, seconds })
    while (this.#spoken.length > 1 && at - (this.#spoken[0]?.at ?? at) > windowMs) {
      this.#since = this.#spoken.shift()?.at
    }
  }

  /** Seconds of speech, and segments, per second of wall clock; `undefined` until there is something to judge by. */
  rate(at: number): { readonly realTimeFactor: number; readonly segmentsPerSecond: number } | undefined {
    const last = this.#spoken.at(-1)
    if (!last || this.#since === undefined || at - last.at > idleResetMs) return undefined
    const wall = (last.at - this.#since) / 1000
    const counted = this.#spoken.slice(1)
    if (counted.length < 3 || wall <= 0) return undefined
    const seconds = counted.reduce((sum, spoken) => sum + spoken.seconds, 0)
    return { realTimeFactor: seconds / wall, segmentsPerSecond: counted.length / wall }
  }
}

const windowMs = 120_000
const idleResetMs = 60_000

interface VoiceBackoffState {
  readonly state: 'resting'
  /** Epoch milliseconds. */
  readonly nextTryAt: number
  readonly message: string
  /** In a row. */
  readonly failures: number
  /** Path of its model: a voice that was installed again does not rest. */
  readonly model: string | undefined
}

/** To look whether a file is back costs little. */
const maxBackoffMs = 60_000

/**
 * The voices of the box's own backend that could not be loaded: each is tried again after 2 s, doubling up to a minute,
 * while the others go on.
 */
export class VoiceBackoff {
  readonly #states = new Map<string, VoiceBackoffState>()

  /** Segments that were under way together fail together, and count once. */
  failed(voice: string, model: string | undefined, message: string, now: number): void {
    const before = this.#of(voice, model)
    if (before && now < before.nextTryAt) return
    const failures = (before?.failures ?? 0) + 1
    const nextTryAt = now + backoffMs(failures, Math.random(), maxBackoffMs)
    this.#states.set(voice, { state: 'resting', nextTryAt, message, failures, model })
  }

  succeeded(voice: string): void {
    this.#states.delete(voice)
  }

  /** Epoch milliseconds; 0: it does not rest. */
  until(voice: string, model: string | undefined): number {
    return this.#of(voice, model)?.nextTryAt ?? 0
  }

  message(voice: string, model: string | undefined, now: number): string | undefined {
    const rest = this.#of(voice, model)
    return rest && availabilityMessage(rest, now)
  }

  #of(voice: string, model: string | undefined): VoiceBackoffState | undefined {
    const rest = this.#states.get(voice)
    return rest?.model === model ? rest : undefined
  }
}

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

  constructor(
    voices: VoiceRegistry,
    pool: WorkerPool,
    serverBackend: (known: RegisteredServer) => SpeechBackend,
  ) {
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
