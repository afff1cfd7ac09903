import { say, type SayingCode } from '../../novel/saying.ts'
import type { Clip } from '../../novel/clip.ts'
import { availabilityMessage, backoffMs } from '../../speech/server/speech-server-backoff.ts'
import { VoiceEndsWorker, VoiceUnavailable } from '../../speech/speech-engine.ts'
import { type Delivery, WorkerGone } from '../../speech/worker/pooled-worker.ts'
import { emptyPoolMessage, type WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { RegisteredServer } from '../../storage/queries/speech-server-queries.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { openModel, unopenedModel } from '../../storage/voices/voice-model-files.ts'
import type { SpeechSource } from '../voices/speech-source.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'

/** One segment, as every backend takes it. */
export interface SpeechTask {
  readonly text: string
  readonly voice: string
  readonly speed: number
  /** Whether speed 1 means the common pace of all voices; else the voice's own. */
  readonly paced: boolean
  /** Of a voice that has several accents. */
  readonly accent?: string | undefined
  /** Silence before the speech and after it, in seconds. */
  readonly leadSeconds?: number | undefined
  readonly pauseSeconds: number
  /** Seed of the engine's randomness. */
  readonly seed: string
  /** For workers on other machines. */
  readonly delivery?: Delivery
}

/** Where segments are spoken: the pool of speech workers is one backend, each speech server is another. */
export interface SpeechBackend {
  /** Segments that it takes at the same time. */
  readonly capacity: number
  /** Of those, segments of one voice, if its model has not room everywhere. */
  placesFor?(voice: string): number
  readonly throughput: Throughput
  /**
   * Epoch milliseconds of the earliest next segment in a voice. `0`, or past: now. `Infinity`: blocked until the backend
   * is reconfigured.
   */
  availableAt(voice: string): number
  /** Why a voice is not available, for users; `undefined` when it is. */
  message(now: number, voice: string): string | undefined
  /** Throws `RetryLater` if the segment is not at fault and has to wait, else a plain `Error`. */
  speak(task: SpeechTask): Promise<Clip>
}

/** The backend is not available: the segment is requeued and no attempt is counted. */
export class RetryLater extends Error {
  /** The text itself may be the cause: other segments go first. */
  readonly suspect: boolean

  constructor(message: string, { suspect = false, ...options }: ErrorOptions & { suspect?: boolean } = {}) {
    super(message, options)
    this.suspect = suspect
  }
}

const windowMs = 120_000
const idleResetMs = 60_000

/** Speech throughput of a backend over the last two minutes. */
export class Throughput {
  readonly #spoken: { readonly at: number; readonly seconds: number }[] = []
  #since: number | undefined

  /** A segment of so many seconds was finished at `at` (epoch milliseconds). */
  record(seconds: number, at: number): void {
    const last = this.#spoken.at(-1)
    // Figures from before an idle period do not predict what follows.
    if (last && at - last.at > idleResetMs) this.#spoken.length = 0
    if (this.#spoken.length === 0) this.#since = at
    this.#spoken.push({ at, seconds })
    while (this.#spoken.length > 1 && at - (this.#spoken[0]?.at ?? at) > windowMs) {
      this.#since = this.#spoken.shift()?.at
    }
  }

  /**
   * Seconds of speech, and segments, per second of wall clock; `undefined` for fewer than four segments, or when idle.
   */
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

interface VoiceBackoffState {
  readonly state: 'resting'
  /** Epoch milliseconds. */
  readonly nextTryAt: number
  readonly message: string
  /** Consecutive ones. */
  readonly failures: number
  /** Path of its model: a voice that was installed again is available at once. */
  readonly model: string | undefined
}

/** Short, because checking whether a file is back costs little. */
const maxBackoffMs = 60_000

/** For voices that end the workers that load them: each attempt costs the other voices a worker. */
const maxDeadlyBackoffMs = 3_600_000

/**
 * Backoff of single voices of the worker backend that could not be loaded: each is retried after 2 s, doubling up to a
 * minute, or up to an hour if it ends its workers, while other voices go on.
 */
export class VoiceBackoff {
  readonly #states = new Map<string, VoiceBackoffState>()

  /** Segments that were in flight together fail together, and count once. */
  failed(
    voice: string,
    model: string | undefined,
    message: string,
    now: number,
    { endsWorkers = false }: { readonly endsWorkers?: boolean } = {},
  ): void {
    const before = this.#of(voice, model)
    if (before && now < before.nextTryAt) return
    const failures = (before?.failures ?? 0) + 1
    const nextTryAt =
      now + backoffMs(failures, Math.random(), endsWorkers ? maxDeadlyBackoffMs : maxBackoffMs)
    this.#states.set(voice, { state: 'resting', nextTryAt, message, failures, model })
  }

  succeeded(voice: string): void {
    this.#states.delete(voice)
  }

  /** Epoch milliseconds of the next attempt; `0`: now. */
  availableAt(voice: string, model: string | undefined): number {
    return this.#of(voice, model)?.nextTryAt ?? 0
  }

  message(voice: string, model: string | undefined, now: number): string | undefined {
    const backoff = this.#of(voice, model)
    return backoff && availabilityMessage(backoff, now)
  }

  /** The voices that could not be loaded when they were last tried. */
  get voices(): string[] {
    return [...this.#states.keys()]
  }

  #of(voice: string, model: string | undefined): VoiceBackoffState | undefined {
    const backoff = this.#states.get(voice)
    return backoff?.model === model ? backoff : undefined
  }
}

/** Chooses the backend of a voice. */
export class SpeechBackends {
  readonly #voices: VoiceRegistry
  readonly #workers: WorkerBackend
  readonly #serverBackend: (known: RegisteredServer) => SpeechBackend

  constructor(
    voices: VoiceRegistry,
    pool: WorkerPool,
    objects: ObjectStore,
    serverBackend: (known: RegisteredServer) => SpeechBackend,
    /** Whether workers of other servers speak what this one's cannot. */
    speakElsewhere: () => boolean,
  ) {
    this.#voices = voices
    this.#workers = new WorkerBackend(voices, pool, objects, speakElsewhere)
    this.#serverBackend = serverBackend
  }

  of(voice: string): SpeechBackend {
    const source = this.#voices.sourceOf(voice)
    if (!source) return missingBackend
    return source.kind === 'server' ? this.#serverBackend(source.known) : this.#workers
  }

  /** Why voices of the workers rest, for users: a sentence for each. */
  restingMessages(now: number): string[] {
    return this.#workers.restingMessages(now)
  }

  speak(task: SpeechTask): Promise<Clip> {
    return this.of(task.voice).speak(task)
  }
}

class WorkerBackend implements SpeechBackend {
  readonly throughput = new Throughput()
  readonly #voices: VoiceRegistry
  readonly #pool: WorkerPool
  readonly #objects: ObjectStore
  readonly #speakElsewhere: () => boolean
  readonly #backoff = new VoiceBackoff()

  constructor(voices: VoiceRegistry, pool: WorkerPool, objects: ObjectStore, speakElsewhere: () => boolean) {
    this.#voices = voices
    this.#pool = pool
    this.#objects = objects
    this.#speakElsewhere = speakElsewhere
  }

  /** 0 until a worker has confirmed that the engines are those that the recipes name. */
  get capacity(): number {
    return this.#voices.enginesConfirmed ? this.#pool.size : 0
  }

  placesFor(voice: string): number {
    return Math.min(this.capacity, this.#pool.placesFor(voice))
  }

  availableAt(voice: string): number {
    return this.#backoff.availableAt(voice, modelKey(this.#voices.sourceOf(voice)))
  }

  restingMessages(now: number): string[] {
    return this.#backoff.voices.flatMap((voice) => {
      const message = this.#backoff.message(voice, modelKey(this.#voices.sourceOf(voice)), now)
      return message === undefined ? [] : [message]
    })
  }

  message(now: number, voice: string): string | undefined {
    const { state, reason } = this.#pool.state
    if (state === 'ready') return this.#backoff.message(voice, modelKey(this.#voices.sourceOf(voice)), now)
    if (this.#speakElsewhere()) return undefined
    if (state === 'empty') return emptyPoolMessage
    return state === 'starting'
      ? say('speakers.starting')
      : say('speakers.failing', { reason: String(reason) })
  }

  async speak({ paced, accent, delivery, ...task }: SpeechTask): Promise<Clip> {
    const source = this.#voices.sourceOf(task.voice)
    if (source?.kind !== 'workers') throw new RetryLater('its voice was just removed')
    const { gain, pace = 'measure' } = source
    try {
      // Other machines fetch the model by its checksum.
      const isLocal = this.#pool.localSize > 0
      await using opened =
        source.model && (isLocal ? await openModel(this.#objects, source.model) : undefined)
      const model = opened?.model ?? (source.model && unopenedModel(source.model))
      const clip = await this.#pool.speak(
        {
          ...task,
          ...(model !== undefined && { model: { ...model, language: accent ?? model.language } }),
          ...(gain !== undefined && { gain }),
          ...(paced && { pace }),
        },
        delivery,
      )
      this.#backoff.succeeded(task.voice)
      return clip
    } catch (error) {
      if (error instanceof WorkerGone)
        throw new RetryLater(error.message, { suspect: error.suspect, cause: error })
      throw error instanceof VoiceUnavailable ? this.#unavailable(task.voice, source, error) : error
    }
  }

  #unavailable(voice: string, source: SpeechSource, cause: VoiceUnavailable): RetryLater {
    const model = modelKey(source)
    const endsWorkers = cause instanceof VoiceEndsWorker
    const values = { voice: this.#voices.nameOf(voice), reason: cause.message }
    const message = say(unusable(model, endsWorkers), values)
    this.#backoff.failed(voice, model, message, Date.now(), { endsWorkers })
    return new RetryLater(message, { cause })
  }
}

function unusable(model: string | undefined, endsWorkers: boolean): SayingCode {
  if (endsWorkers) return 'voice.too-large'
  return model === undefined ? 'voice.without-nightjar' : 'voice.without-files'
}

function modelKey(source: SpeechSource | undefined): string | undefined {
  return source?.kind === 'workers' ? source.model?.modelKey : undefined
}

/** For voices that are no longer installed: their segments stay pending until they are installed again. */
const missingBackend: SpeechBackend = {
  capacity: 0,
  throughput: new Throughput(),
  availableAt: () => Infinity,
  message: () => say('voice.gone'),
  speak: () => Promise.reject(new RetryLater('its voice is not installed')),
}
