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
} from '../../speech/engines/server/speech-server-backoff.ts'
import { chunksFor } from '../../speech/engines/server/speech-server-chunks.ts'
import { requestSpeech, speechTimeoutMs } from '../../speech/engines/server/speech-server-client.ts'
import { SpeechServerError } from '../../speech/engines/server/speech-server-error.ts'
import { calibrationTexts } from '../../speech/quality/calibration.ts'
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
  /** The server began or ceased to rest. */
  readonly onChange: (server: string) => void
}

/** A text that makes a server fail so often in a row is not its only trouble, but may be. */
const maxFailures = 5

/**
 * A speech server as a lane: its answers are files of sound, which a speaker decodes, listens to and makes into clips
 * like any other. While it rests its segments wait and go on by themselves. The key stays in this process.
 */
export class SpeechServerBackend implements SpeechBackend {
  readonly throughput = new Throughput()
  readonly #parts: SpeechServerBackendParts
  readonly #known: RegisteredServer
  readonly #closed = new AbortController()
  /** Each voice is measured once, however many segments of it begin together. */
  readonly #measures = new Map<string, Promise<ServerVoiceMeasurement>>()
  /** Texts at which the server failed: when it first did, and how often. */
  readonly #failedTexts = new Map<string, { readonly since: number; readonly times: number }>()
  #rest: SpeechServerAvailability = initialAvailability

  constructor(known: RegisteredServer, parts: SpeechServerBackendParts) {
    this.#known = known
    this.#parts = parts
  }

  get server(): SpeechServer {
    return this.#known.server
  }

  get capacity(): number {
    return requestsAllowed(this.#rest, this.#known.server.parallel, Date.now())
  }

  get rest(): SpeechServerAvailability {
    return this.#rest
  }

  availableAt(): number {
    const { state, nextTryAt = Infinity } = this.#rest
    // A new month.
    if (state === 'spent' && nextTryAt <= Date.now()) this.#enter(initialAvailability)
    return this.#rest.state === 'ok' ? 0 : nextTryAt
  }

  message(now: number): string | undefined {
    return availabilityMessage(this.#rest, now)
  }

  async speak(task: SpeechTask): Promise<Clip> {
    try {
      return await this.#speak(task)
    } catch (error) {
      // Whatever it was, the server that it happened with is not this one any more.
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
    const audio = await this.#fetch(stripAnnotations(text), voice, paced ? clampSpeed(speed * pace) : speed)
    return this.#parts.pool.speak({
      leadSeconds,
      pauseSeconds,
      seed,
      text,
      voice: id,
      speed,
      gain,
      audio: { pieces: audio, ...(server.pcmRate !== undefined && { pcmRate: server.pcmRate }) },
    })
  }

  /** What is under way is let go; the lane is not used any more. */
  close(): void {
    this.#closed.abort()
  }

  #measured(voice: string, paced: boolean): Promise<ServerVoiceMeasurement> {
    const id = `${paced} ${voice}`
    const known = this.#measures.get(id)
    if (known) return known
    const measured = this.#measure(voice, paced)
    this.#measures.set(id, measured)
    measured.catch(() => this.#measures.delete(id))
    return measured
  }

  /** A voice that was measured before paces were is asked again only for who wants its pace. */
  async #measure(voice: string, paced: boolean): Promise<ServerVoiceMeasurement> {
    const { db, pool } = this.#parts
    const { server } = this.#known
    const kept = await serverVoiceMeasurement(db, server, voice)
    if (kept && (!paced || kept.pace !== undefined)) return kept
    const [text = ''] = calibrationTexts('en')
    const pieces = await this.#fetch(text, voice, 1)
    const { pcmRate } = server
    const measured = await pool.measure({ pieces, ...(pcmRate !== undefined && { pcmRate }) })
    return saveServerVoiceMeasurement(db, server, voice, measured)
  }

  /** The sound of a text, piece by piece, as the server gives it. */
  async #fetch(text: string, voice: string, speed: number): Promise<Uint8Array[]> {
    const { server } = this.#known
    const audio: Uint8Array[] = []
    for (const chunk of chunksFor(text, server.charactersPerRequest)) {
      this.#closed.signal.throwIfAborted()
      const now = Date.now()
      const month = monthOf(now)
      await this.#reserve(chunk.length, now)
      const timeoutMs = speechTimeoutMs(server, chunk.length, isWarm(this.#rest, now))
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
      // What was under way when the month's characters were spent does not bring more.
      if (this.#rest.state !== 'spent') this.#enter(afterSuccess(Date.now()))
    }
    return audio
  }

  /** Counts the characters before they are sent. Throws `NotNow` when the month's are spent. */
  async #reserve(characters: number, now: number): Promise<void> {
    const { name, title, charactersPerMonth = 0 } = this.#known.server
    if (await reserveCharacters(this.#parts.db, name, monthOf(now), characters)) return
    // A server that was removed or changed has no reservation either; its backend is closed.
    this.#closed.signal.throwIfAborted()
    const message = `${title} has spoken its ${charactersPerMonth} characters of this month; raise its limit, or wait for the next month`
    this.#enter({ state: 'spent', nextTryAt: nextMonth(now), message, failures: 0 })
    throw new RetryLater(message)
  }

  /** What is the server's fault lets the segment wait; what is the text's counts as an attempt. */
  #failed(error: unknown, text: string): unknown {
    if (this.#closed.signal.aborted) return new RetryLater('the server was changed meanwhile')
    if (!(error instanceof SpeechServerError)) return error
    const { lastSuccessAt = 0 } = this.#rest
    this.#enter(afterFailure(this.#rest, error, Date.now()))
    if (this.#rest.state === 'ok') return error
    const suspect = error.kind === 'unreachable' && error.status !== undefined
    if (suspect && this.#failsAgain(text, lastSuccessAt)) return error
    return new RetryLater(error.message, { suspect, cause: error })
  }

  /**
   * A server that fails with a status may fail at this text only: so it is if it has spoken others since it first failed
   * at this one, or has failed at it many times.
   */
  #failsAgain(text: string, spokeAt: number): boolean {
    const before = this.#failedTexts.get(text)
    this.#failedTexts.set(text, { since: before?.since ?? Date.now(), times: (before?.times ?? 0) + 1 })
    return before !== undefined && (spokeAt > before.since || before.times >= maxFailures)
  }

  #enter(rest: SpeechServerAvailability): void {
    const before = this.#rest
    this.#rest = rest
    if (before.state !== rest.state || before.nextTryAt !== rest.nextTryAt) {
      this.#parts.onChange(this.#known.server.name)
    }
  }
}

/** What servers take for a speed. */
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

/** How a server does, for people. */
export interface SpeechServerState {
  readonly state: SpeechServerAvailability['state']
  readonly message?: string | undefined
  /** Epoch milliseconds. */
  readonly nextTryAt?: number | undefined
}

/** The lane of each speech server. A server that was changed begins anew, without a memory of its failures. */
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
    const rest = this.#backends.get(name)?.rest
    if (!rest) return { state: 'ok' }
    return { state: rest.state, message: availabilityMessage(rest, now), nextTryAt: rest.nextTryAt }
  }

  /** It was changed or is gone: what is under way there goes back into the line. */
  forget(name: string): void {
    this.#backends.get(name)?.close()
    this.#backends.delete(name)
  }

  stop(): void {
    for (const name of this.#backends.keys()) this.forget(name)
  }
}
