import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { encodeClipFrame } from '../../http/protocol/clip-frame.ts'
import { longestWaitSeconds } from '../../http/contract/speaker-contract.ts'
import type {
  JoinedMachine,
  LeaseFailure,
  MachineIntroduction,
  SegmentLease,
} from '../../jobs/scheduler/segment-scheduler.ts'
import { type Clip, framesToSeconds } from '../../novel/clip.ts'
import { VoiceUnavailable } from '../../speech/speech-engine.ts'
import { PoolStopped, type WorkerPool } from '../../speech/worker/worker-pool.ts'
import type { FetchedModels } from './fetched-models.ts'
import { ApiError } from '../api-client.ts'
import { isTransient, type LeaseClient } from './lease-client.ts'
import { SpeechRate } from '../../speech/worker/speech-rate.ts'

export interface SpeakingMachineParts {
  readonly client: LeaseClient
  readonly pool: WorkerPool
  readonly models: FetchedModels
  readonly introduction: MachineIntroduction
  readonly log: Logger
}

/** A server that refuses this machine, or has drained it, is asked again after so long. */
const refusedPauseMs = 30_000
/** What is given back at the end, and the farewell, may take so long. */
const farewellMs = 2000
const longestReason = 500

/** 0.1 s, doubling up to 5 s; half of it random, so that many machines do not come back at once. */
const backoffMs = (failures: number): number =>
  Math.min(5000, 100 * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2)

/**
 * Leases segments of a server, one for each worker of the pool, and hands in their clips. A clip is kept and sent again
 * until the server has it or does not want it. Ends when `drain` was called and nothing is in hand.
 */
export class SpeakingMachine {
  readonly #parts: SpeakingMachineParts
  /** Aborted: nothing more is leased. */
  readonly #draining = new AbortController()
  /** Aborted: what is in hand is given back. */
  readonly #released = new AbortController()
  readonly #rate = new SpeechRate()
  /** Ids of the leases in hand. */
  readonly #held = new Set<string>()
  /** Those of them that are lost: their clips are sent once, in case they can be used. */
  readonly #lost = new Set<string>()
  /** Aborted when the server wakes a machine that it had drained. */
  #woken = new AbortController()
  #session: Promise<JoinedMachine>
  #joinedOnce = false
  #spoken = 0

  constructor(parts: SpeakingMachineParts) {
    this.#parts = parts
    this.#session = this.#join()
    // Its caller gets the error.
    this.#session.catch(() => undefined)
  }

  /**
   * Resolves when it has joined for the first time, with `false` when it was drained before. Throws `ApiError` when the
   * server does not want it.
   */
  async joined(): Promise<boolean> {
    try {
      await this.#session
      return true
    } catch (error) {
      if (this.#draining.signal.aborted) return false
      throw error
    }
  }

  /** Speaks until it is drained. */
  async run(): Promise<void> {
    const over = new AbortController()
    const beating = this.#beat(over.signal)
    const slots = Array.from({ length: this.#parts.introduction.slots }, (_, slot) => this.#work(slot))
    try {
      await Promise.all(slots)
    } finally {
      over.abort()
      await beating
      await this.#leave()
    }
  }

  /** Leases nothing more; what is in hand is finished and handed in. */
  drain(): void {
    this.#draining.abort()
  }

  /** Gives back what is in hand. */
  release(): void {
    this.drain()
    this.#released.abort()
  }

  async #join(): Promise<JoinedMachine> {
    const { client, introduction, log } = this.#parts
    const { signal } = this.#draining
    for (let failures = 0; ; failures++) {
      try {
        const session = await client.join(introduction, signal)
        this.#joinedOnce = true
        log.info({ server: client.server.href, id: session.id }, 'joined the server')
        return session
      } catch (error) {
        const refused = !isTransient(error)
        if (signal.aborted || (refused && !this.#joinedOnce)) throw error
        if (refused || failures === 0) log.warn((error as Error).message)
        await pause(refused ? refusedPauseMs : backoffMs(failures), signal)
      }
    }
  }

  /** Joins anew, unless another slot has begun to. */
  #rejoin(session: Promise<JoinedMachine>): void {
    if (this.#session !== session || this.#draining.signal.aborted) return
    this.#session = this.#join()
    this.#session.catch(() => undefined)
  }

  async #work(slot: number): Promise<void> {
    let lease: SegmentLease | undefined
    for (let failures = 0; !this.#draining.signal.aborted;) {
      const session = this.#session
      try {
        lease ??= await this.#lease(await session, slot)
        failures = 0
      } catch (error) {
        if (this.#draining.signal.aborted) break
        // Refused, it joins anew; that waits while it is refused again.
        if (!isTransient(error)) this.#rejoin(session)
        this.#parts.log.debug({ slot, err: error }, 'nothing could be leased')
        await pause(backoffMs(failures++), this.#draining.signal)
      }
      if (lease) lease = await this.#speak(lease)
    }
    if (lease) await this.#giveBack(lease)
  }

  async #lease({ id }: JoinedMachine, slot: number): Promise<SegmentLease | undefined> {
    const { signal } = this.#draining
    const { lease, state } = await this.#parts.client.lease(id, {
      slot,
      waitSeconds: longestWaitSeconds,
      signal,
    })
    if (!lease && state === 'draining')
      await pause(refusedPauseMs, AbortSignal.any([signal, this.#woken.signal]))
    if (!lease && state === 'closing') await pause(backoffMs(2), signal)
    return lease
  }

  /** Returns what the slot is to speak next, if the server said so. */
  async #speak(lease: SegmentLease): Promise<SegmentLease | undefined> {
    this.#held.add(lease.id)
    this.#parts.log.debug({ lease: lease.id, ...lease.segment }, 'speaking')
    try {
      const clip = await rejectOnAbort(this.#clipOf(lease), this.#released.signal)
      return await this.#handIn(lease, clip)
    } catch (error) {
      if (this.#released.signal.aborted) await this.#giveBack(lease)
      else await this.#fail(lease, failureKind(error), (error as Error).message)
      return undefined
    } finally {
      this.#held.delete(lease.id)
      this.#lost.delete(lease.id)
    }
  }

  async #clipOf({ id, task: { model, ...task } }: SegmentLease): Promise<Clip> {
    const { pool, models } = this.#parts
    if (!model) return pool.speak(task)
    const speak = async (): Promise<Clip> => {
      const fetched = await models.get(model).catch((cause: unknown) => {
        throw new VoiceUnavailable((cause as Error).message, { cause })
      })
      // Fetching may have taken longer than the lease lasts.
      if (this.#lost.has(id))
        throw new ApiError(410, { code: 'speaker.lease-gone', error: 'the lease has lapsed' })
      return pool.speak({ ...task, model: fetched })
    }
    try {
      return await speak()
    } catch (error) {
      if (!(error instanceof VoiceUnavailable) || !(await models.removeDamaged(model))) throw error
      return await speak()
    }
  }

  /** Sends the clip until the server has it, or wants it no more. */
  async #handIn(lease: SegmentLease, clip: Clip): Promise<SegmentLease | undefined> {
    const { client, pool, log } = this.#parts
    const frame = encodeClipFrame(clip, pool.modelLoads)
    for (let failures = 0; ; failures++) {
      try {
        const next = await client.complete(lease.id, frame, this.#released.signal)
        this.#spoken++
        this.#rate.add(framesToSeconds(clip.frameSizes.length), Date.now())
        return next
      } catch (error) {
        if (error instanceof ApiError && error.code === 'speaker.lease-gone') {
          log.info({ lease: lease.id }, 'a clip came too late')
          return undefined
        }
        if (!isTransient(error)) throw error
        if (this.#lost.has(lease.id)) return undefined
        if (failures === 0) log.warn(`${(error as Error).message} The clip is kept and sent again.`)
        await pause(backoffMs(failures), this.#released.signal)
        this.#released.signal.throwIfAborted()
      }
    }
  }

  async #giveBack(lease: SegmentLease): Promise<void> {
    await this.#fail(lease, 'released', 'the machine stops')
  }

  /** Where the server does not hear of it, the lease lapses. */
  async #fail({ id, segment }: SegmentLease, kind: LeaseFailure['kind'], reason: string): Promise<void> {
    const { client, log } = this.#parts
    if (kind !== 'released') log.warn({ ...segment, reason }, 'a text could not be spoken')
    await client
      .fail(id, { kind, reason: reason.slice(0, longestReason) }, AbortSignal.timeout(farewellMs))
      .catch((err: unknown) => log.debug({ err }, 'the server was not told'))
  }

  /** Keeps the leases in hand while they are worked on. */
  async #beat(signal: AbortSignal): Promise<void> {
    const { client, log } = this.#parts
    let seconds = 1
    for (;;) {
      await pause(seconds * 1000, signal)
      if (signal.aborted) return
      const session = this.#session
      try {
        const { id, renewSeconds } = await rejectOnAbort(session, signal)
        seconds = renewSeconds
        const { lost, state } = await client.heartbeat(
          id,
          { leases: [...this.#held], realTimeFactor: this.#rate.at(Date.now()), spoken: this.#spoken },
          signal,
        )
        for (const lease of lost) if (this.#held.has(lease)) this.#lost.add(lease)
        if (state !== 'active') continue
        this.#woken.abort()
        this.#woken = new AbortController()
      } catch (error) {
        if (signal.aborted) return
        if (!isTransient(error)) this.#rejoin(session)
        log.debug({ err: error }, 'the server did not take the heartbeat')
      }
    }
  }

  async #leave(): Promise<void> {
    const { client, log } = this.#parts
    try {
      const signal = AbortSignal.timeout(farewellMs)
      const { id } = await rejectOnAbort(this.#session, signal)
      await client.leave(id, signal)
    } catch (error) {
      log.debug({ err: error }, 'the server did not hear that this machine leaves')
    }
  }
}

function failureKind(error: unknown): LeaseFailure['kind'] {
  const gone = error instanceof ApiError && error.code === 'speaker.lease-gone'
  if (gone || error instanceof PoolStopped) return 'released'
  return error instanceof VoiceUnavailable ? 'voice-unavailable' : 'failed'
}

/** Ends early when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined)
}

/** The promise, or a rejection with the signal's reason if that comes first. */
async function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => undefined)
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
