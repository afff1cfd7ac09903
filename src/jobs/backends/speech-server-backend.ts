import { isDeepStrictEqual } from 'node:util'
import type { Clip } from '../../novel/clip.ts'
import { stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import type { SpeechServer } from '../../novel/speech-server.ts'
import {
  afterFailure,
  afterSuccess,
  availabilityMessage,
  initialAvailability,
  isWarm,
  requestsAllowed,
  type SpeechServerAvailability,
} from '../../speech/server/speech-server-backoff.ts'
import { requestSpeech, speechTimeoutMs } from '../../speech/server/speech-server-client.ts'
import { SpeechServerError } from '../../speech/server/speech-server-error.ts'
import { calibrationTexts } from '../../speech/quality/calibration.ts'
import { suspicion } from '../../speech/quality/second-ear.ts'
import type { WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  refundCharacters,
  type RegisteredServer,
  reserveCharacters,
  saveServerVoiceMeasurement,
  serverVoiceMeasurement,
  type ServerVoiceMeasurement,
} from '../../storage/queries/speech-server-queries.ts'
import { RetryLater, type SpeechBackend, type SpeechTask, Throughput } from './speech-backends.ts'

export interface SpeechServerBackendParts {
  readonly db: Database
  readonly pool: WorkerPool
  /** The availability of a server changed. */
  readonly onChange: (server: string) => void
}

/** After so many failures of a server at one text, the text is held to be the cause. */
const maxFailures = 5

/**
 * A speech server as a backend: it answers with audio files, which a speech worker decodes, checks and encodes as clips
 * like any other. While it is unavailable its segments stay pending. The key stays in this process.
 */
export class SpeechServerBackend implements SpeechBackend {
  readonly throughput = new Throughput()
  readonly #parts: SpeechServerBackendParts
  readonly #known: RegisteredServer
  readonly #closed = new AbortController()
  /** Each voice is measured once, however many of its segments start together. */
  readonly #measurements = new Map<string, Promise<ServerVoiceMeasurement>>()
  /** Texts at which the server failed: since when (epoch milliseconds), and how often. */
  readonly #failedTexts = new Map<string, { readonly since: number; readonly times: number }>()
  #availability: SpeechServerAvailability = initialAvailability

  constructor(known: RegisteredServer, parts: SpeechServerBackendParts) {
    this.#known = known
    this.#parts = parts
  }

  get server(): SpeechServer {
    return this.#known.server
  }

  get capacity(): number {
    return requestsAllowed(this.#availability, this.#known.server.parallel, Date.now())
  }

  get availability(): SpeechServerAvailability {
    return this.#availability
  }

  availableAt(): number {
    const { state, nextTryAt = Infinity } = this.#availability
    // A new month has begun.
    if (state === 'spent' && nextTryAt <= Date.now()) this.#setAvailability(initialAvailability)
    return this.#availability.state === 'ok' ? 0 : nextTryAt
  }

  message(now: number): string | undefined {
    return availabilityMessage(this.#availability, now)
  }

  async speak(task: SpeechTask): Promise<Clip> {
    try {
      return await this.#speak(task)
    } catch (error) {
      // Whatever the error, the server was reconfigured since: retried with its new settings.
      throw this.#closed.signal.aborted
        ? new RetryLater('the server was changed meanwhile', { cause: error })
        : error
    }
  }

  async #speak({
    voice: id,
    text,
    speed,
    paced,
    leadSeconds,
    pauseSeconds,
    seed,
  }: SpeechTask): Promise<Clip> {
    const { server } = this.#known
    const voice = id.slice(`server:${server.name}:`.length)
    const { gain, pace = 1 } = await this.#measured(voice, paced)
    const take = async (): Promise<Clip> => {
      const chunks = await this.#fetch(
        stripAnnotations(text),
        voice,
        paced ? clampSpeed(speed * pace) : speed,
      )
      return this.#parts.pool.speak({
        leadSeconds,
        pauseSeconds,
        seed,
        text,
        voice: id,
        speed,
        gain,
        audio: { chunks, ...(server.pcmRate !== undefined && { pcmRate: server.pcmRate }) },
      })
    }
    const first = await take()
    if (first.doubt === undefined) return first
    // Asked once more, as most servers draw anew. What fails now does not cost the take that there is.
    const second = await take().catch(() => first)
    return suspicionOf(second) < suspicionOf(first) ? second : first
  }

  /** Aborts requests under way; the backend is not used again. */
  close(): void {
    this.#closed.abort()
  }

  #measured(voice: string, paced: boolean): Promise<ServerVoiceMeasurement> {
    const id = `${paced} ${voice}`
    const known = this.#measurements.get(id)
    if (known) return known
    const measured = this.#measure(voice, paced)
    this.#measurements.set(id, measured)
    measured.catch(() => this.#measurements.delete(id))
    return measured
  }

  /** A voice that was measured before pace was introduced is measured again only if its pace is needed. */
  async #measure(voice: string, paced: boolean): Promise<ServerVoiceMeasurement> {
    const { db, pool } = this.#parts
    const { server } = this.#known
    const saved = await serverVoiceMeasurement(db, server, voice)
    if (saved && (!paced || saved.pace !== undefined)) return saved
    const [text = ''] = calibrationTexts('en')
    const chunks = await this.#fetch(text, voice, 1)
    const { pcmRate } = server
    const measured = await pool.measure({ chunks, ...(pcmRate !== undefined && { pcmRate }) })
    return saveServerVoiceMeasurement(db, server, voice, measured)
  }

  /** The audio files of a text, one by chunk, as the server returns them. */
  async #fetch(text: string, voice: string, speed: number): Promise<Uint8Array[]> {
    const { server } = this.#known
    const { chunksFor } = await import('../../speech/server/speech-server-chunks.ts')
    const audio: Uint8Array[] = []
    for (const chunk of chunksFor(text, server.charactersPerRequest)) {
      this.#closed.signal.throwIfAborted()
      const now = Date.now()
      const month = monthOf(now)
      await this.#reserve(chunk.length, now)
      const timeoutMs = speechTimeoutMs(server, chunk.length, isWarm(this.#availability, now))
      try {
        audio.push(
          await requestSpeech(
            server,
            { text: chunk, voice, speed },
            { signal: this.#closed.signal, timeoutMs },
          ),
        )
      } catch (error) {
        if (error instanceof SpeechServerError && error.unsent)
          await refundCharacters(this.#parts.db, server.name, month, chunk.length)
        throw this.#failed(error, text)
      }
      this.#failedTexts.delete(text)
      // A request that was under way when the month's characters ran out does not reset that.
      if (this.#availability.state !== 'spent') this.#setAvailability(afterSuccess(Date.now()))
    }
    return audio
  }

  /** Counts characters before they are sent. Throws `RetryLater` when the month's limit is reached. */
  async #reserve(characters: number, now: number): Promise<void> {
    const { name, title, charactersPerMonth } = this.#known.server
    if (await reserveCharacters(this.#parts.db, name, monthOf(now), characters)) return
    // A server that was removed or changed has no reservation either; its backend is closed, or about to be.
    this.#closed.signal.throwIfAborted()
    if (charactersPerMonth === undefined) throw new RetryLater('the server was changed meanwhile')
    const message = `${title} has spoken its ${charactersPerMonth} characters of this month; raise its limit, or wait for the next month`
    this.#setAvailability({ state: 'spent', nextTryAt: nextMonth(now), message, failures: 0 })
    throw new RetryLater(message)
  }

  /** The error to throw: `RetryLater` if the server is at fault, else `error` itself, which counts as an attempt. */
  #failed(error: unknown, text: string): unknown {
    if (this.#closed.signal.aborted) return new RetryLater('the server was changed meanwhile')
    if (!(error instanceof SpeechServerError)) return error
    const { lastSuccessAt = 0 } = this.#availability
    this.#setAvailability(afterFailure(this.#availability, error, Date.now()))
    if (this.#availability.state === 'ok') return error
    const suspect = error.kind === 'unreachable' && error.status !== undefined
    if (suspect && this.#isTextAtFault(text, lastSuccessAt)) return error
    return new RetryLater(error.message, { suspect, cause: error })
  }

  /**
   * A server that fails with a status may fail at this text alone: so if it has spoken others since it first failed at
   * this one, or has failed at it more than `maxFailures` times.
   */
  #isTextAtFault(text: string, lastSuccessAt: number): boolean {
    const before = this.#failedTexts.get(text)
    this.#failedTexts.set(text, { since: before?.since ?? Date.now(), times: (before?.times ?? 0) + 1 })
    return before !== undefined && (lastSuccessAt > before.since || before.times >= maxFailures)
  }

  #setAvailability(availability: SpeechServerAvailability): void {
    const before = this.#availability
    this.#availability = availability
    if (before.state !== availability.state || before.nextTryAt !== availability.nextTryAt) {
      this.#parts.onChange(this.#known.server.name)
    }
  }
}

function suspicionOf({ doubt }: Clip): number {
  return doubt ? suspicion(doubt) : 0
}

/** The speeds that servers accept, to three decimals. */
function clampSpeed(speed: number): number {
  return Math.min(4, Math.max(0.25, Number(speed.toFixed(3))))
}

/** `2026-11`, UTC. */
export function monthOf(now: number): string {
  return new Date(now).toISOString().slice(0, 7)
}

function nextMonth(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
}

/** The availability of a server, for users. */
export interface SpeechServerState {
  readonly state: SpeechServerAvailability['state']
  readonly message?: string | undefined
  /** Epoch milliseconds. */
  readonly nextTryAt?: number | undefined
}

/** The backend of each speech server. A server that was changed gets a new one, without the state of its failures. */
export class SpeechServerBackends {
  readonly #parts: SpeechServerBackendParts
  readonly #backends = new Map<string, SpeechServerBackend>()

  constructor(parts: SpeechServerBackendParts) {
    this.#parts = parts
  }

  of(known: RegisteredServer): SpeechServerBackend {
    const { name } = known.server
    const open = this.#backends.get(name)
    if (open && isDeepStrictEqual(open.server, known.server)) return open
    open?.close()
    const backend = new SpeechServerBackend(known, this.#parts)
    this.#backends.set(name, backend)
    return backend
  }

  stateOf(name: string, now: number): SpeechServerState {
    const availability = this.#backends.get(name)?.availability
    if (!availability) return { state: 'ok' }
    const { state, nextTryAt } = availability
    return { state, message: availabilityMessage(availability, now), nextTryAt }
  }

  /** Closes the backend of a server that was changed or removed: its segments in flight are requeued. */
  forget(name: string): void {
    this.#backends.get(name)?.close()
    this.#backends.delete(name)
  }

  stop(): void {
    for (const name of this.#backends.keys()) this.forget(name)
  }
}
