import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Casting } from '../../novel/casting.ts'
import { type Clip, type ClipKey, framesToSeconds } from '../../novel/clip.ts'
import { PoolStopped } from '../../speech/worker/worker-pool.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { Occurrence } from '../../storage/queries/chapter-queries.ts'
import { isStorageError } from '../../storage/storage-errors.ts'
import { RetryLater, type SpeechBackends } from '../backends/speech-backends.ts'
import { Alarm, Mutex } from '../concurrency.ts'
import type { EventBus, SegmentStateEvent } from '../event-bus.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import { renewCasting } from '../voices/generation-recipes.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'
import { type ActiveGenerations, idsToRun, type ReadGeneration } from './active-generations.ts'
import { type CompletionOutbox, GenerationCompletion } from './generation-completion.ts'
import { availableFrom, type Lease, type Leases, segmentEvent } from './leases.ts'
import { type ClipWriter, postpone, recordFailure } from './segment-results.ts'
import type { LeaseOutcome, Outdated, SegmentSource } from './segment-source.ts'
import { speechTaskOf } from './speak-task.ts'

export interface DispatcherParts {
  readonly db: Database
  readonly backends: SpeechBackends
  readonly voices: VoiceRegistry
  readonly activeGenerations: ActiveGenerations
  readonly counts: ProgressCounts
  readonly writer: ClipWriter
  /** Where segments come from. */
  readonly source: SegmentSource
  /** Those in flight here; the source sees what is in it. */
  readonly leases: Leases
  readonly eventBus: EventBus
  readonly outbox: CompletionOutbox
  readonly log: Logger
  /** Whether no segment may be leased. */
  readonly halted: () => boolean
  /**
   * Called when the work on a segment fails through no fault of its own, and with `undefined` when one succeeds again.
   */
  readonly onError: (error: unknown) => void
}

/** After an unexpected error. */
const retryDelayMs = 2000

/**
 * Leases segments to the speech backends, the most urgent first, and stores their clips. Its state is derived from the
 * database: after a crash the same rows give the same work. A worker gets its next segment when the clip of the last is
 * durable, so a crash costs each worker at most the one segment in flight.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #mutex = new Mutex()
  readonly #leases: Leases
  readonly #source: SegmentSource
  readonly #completion: GenerationCompletion
  readonly #running = new Set<Promise<void>>()
  readonly #alarm = new Alarm(() => this.#dispatchUnlessStopped())
  #stopped = false

  constructor(parts: DispatcherParts) {
    this.#parts = parts
    this.#leases = parts.leases
    this.#source = parts.source
    this.#completion = new GenerationCompletion({ ...parts, shared: parts.source.elsewhere !== undefined })
  }

  /** Whether a segment of a chapter is in flight in a casting, on any server. */
  isInFlight(casting: Casting, chapterId: number): boolean {
    return (
      this.#leases.hasChapter(casting, chapterId) ||
      (this.#source.elsewhere?.hasChapter(casting, chapterId) ?? false)
    )
  }

  /** The segments in flight, on any server. */
  segmentsInFlight(): SegmentStateEvent[] {
    return [...this.#leases.segmentEvents(), ...(this.#source.elsewhere?.segmentEvents() ?? [])]
  }

  /** Reloads the active generations from the database, after a novel was re-keyed with their `chapters`, and dispatches. */
  async refresh({ chapters = false }: { readonly chapters?: boolean } = {}): Promise<void> {
    const { activeGenerations } = this.#parts
    await this.#mutex.run(async () => {
      await activeGenerations.reload({ chapters })
      this.#source.reset()
      await this.plan(idsToRun(activeGenerations.all()))
    })
    await this.dispatch()
    // What is done of thousands of chapters may take minutes to be counted on a busy database: speaking does not wait for it.
    for (const { generation } of activeGenerations.all()) {
      const active = activeGenerations.byId(generation.id)
      if (active) await this.#completion.settle(active)
    }
  }

  /** Reloads one generation, which is new or was changed, and dispatches. `read`: what the caller has read of it already. */
  async refreshOne(id: string, read?: ReadGeneration): Promise<void> {
    await this.#mutex.run(async () => {
      const active = await this.#parts.activeGenerations.reloadOne(id, read)
      if (!active) return
      this.#source.include(active)
      await this.#completion.settle(active)
    })
    await this.dispatch()
  }

  /**
   * Generations are new, resumed, or have missing segments again, if and when the transaction commits: sees to it that
   * they are found, also by other servers. To be called before `refreshOne`.
   */
  async plan(ids: readonly string[], transaction?: Database): Promise<void> {
    if (ids.length > 0) await this.#source.plan?.(ids, transaction)
  }

  /**
   * Segments at these places are missing again in a recipe: requeues them for every active generation, and dispatches.
   */
  async requeue(recipe: string, occurrences: readonly Occurrence[]): Promise<void> {
    await this.#mutex.run(async () => this.#source.requeue(recipe, occurrences))
    await this.plan(idsToRun(this.#parts.activeGenerations.affectedBy(recipe, occurrences)))
    await this.dispatch()
  }

  /** Stops leasing segments of a novel that was hidden. */
  async removeNovel(novelId: string): Promise<void> {
    await this.#mutex.run(() => this.#parts.activeGenerations.removeNovel(novelId))
    await this.dispatch()
  }

  /** Leases segments until every backend is at its capacity or nothing is due. */
  async dispatch(): Promise<void> {
    await this.#mutex.run(async () => {
      while (!this.#stopped && !this.#parts.halted()) {
        const next = await this.#next(Date.now())
        if (!next) break
        if ('outdated' in next) await this.#renew(next)
        else this.#start(next)
      }
    })
  }

  /** Stops leasing and waits until the segments in flight are stored or dropped. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#alarm.set(Infinity)
    await Promise.all(this.#running)
  }

  async #next(now: number): Promise<Lease | Outdated | undefined> {
    const { activeGenerations, backends } = this.#parts
    const available = this.#leases.availableBackends(activeGenerations, backends, now)
    const next = available.backends.size === 0 ? Infinity : await this.#source.next(available.backends, now)
    if (typeof next !== 'number') return next
    this.#alarm.set(Math.min(available.wakeAt, next))
    return undefined
  }

  /** A voice no longer sounds as its recipe demands: gives the generation a current one, else withholds its segments. */
  async #renew(found: Outdated): Promise<void> {
    const { activeGenerations, eventBus } = this.#parts
    const { generation } = found.outdated
    const { id } = generation
    if (!(await renewCasting(this.#parts, generation))) return this.#source.withhold(found)
    const renewed = await activeGenerations.reloadOne(id)
    if (!renewed) return
    this.#source.include(renewed)
    await this.plan([id])
    eventBus.publish({ kind: 'generation', id })
    await this.#completion.settle(renewed)
  }

  #start(lease: Lease): void {
    this.#leases.add(lease)
    const done = this.#speak(lease)
      .then((outcome) => {
        this.#parts.onError(undefined)
        return outcome
      })
      .catch(async (error: unknown) => {
        // Outcome unknown: requeues and re-reads from the database after a delay. No attempt is counted, because the
        // engine is not at fault.
        this.#parts.log.error({ err: error }, 'a segment was not processed and is retried')
        this.#parts.onError(error)
        if (!this.#stopped) await wait(retryDelayMs)
        await this.#requeue(lease)
        return 'released' as const
      })
      .then((outcome) => this.#source.ended?.(lease, outcome))
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'the end of a lease could not be told'))
      .finally(() => {
        this.#leases.delete(lease)
        this.#running.delete(done)
        this.#dispatchUnlessStopped()
      })
    this.#running.add(done)
  }

  async #speak(lease: Lease): Promise<LeaseOutcome> {
    const { key, segment, active, backend } = lease
    const { writer, eventBus, voices, log } = this.#parts
    await this.#completion.started(active)
    // The voice may have changed since the segment was leased.
    if (!voices.canSpeak(lease)) return this.#requeue(lease)
    eventBus.publish(segmentEvent(lease, 'speaking'))
    log.debug({ ...key, chapter: lease.chapter.number, segment: segment.index }, 'speaking')
    const stored = Promise.withResolvers<void>()
    // Only a worker on another machine waits for it.
    stored.promise.catch(() => undefined)
    let clip: Clip
    try {
      clip = await backend.speak(
        speechTaskOf(lease, { stored: stored.promise, storeLate: (late) => this.#storeLate(lease, late) }),
      )
    } catch (error) {
      if (error instanceof PoolStopped || this.#stopped) return 'released'
      if (error instanceof RetryLater) return this.#retryLater(lease, error)
      // A speech server's backend reads and writes the database, too.
      if (isStorageError(error)) throw error
      await this.#completion.countsChanged(key.recipe, await this.#failed(lease, error))
      return 'failed'
    }
    // The engine has succeeded: an error from here on is not counted as an attempt.
    let occurrences: readonly Occurrence[]
    try {
      occurrences = await writer.put(key, clip)
      stored.resolve()
    } catch (error) {
      stored.reject(error)
      if (this.#stopped) return 'released'
      throw error
    }
    const seconds = framesToSeconds(clip.frameSizes.length)
    backend.throughput.record(seconds, Date.now())
    eventBus.publish(segmentEvent(lease, 'spoken', seconds))
    await this.#completion.countsChanged(key.recipe, occurrences)
    return 'spoken'
  }

  /** A clip came after its lease was given up: it is kept unless the segment was spoken meanwhile. */
  async #storeLate(lease: Lease, clip: Clip): Promise<void> {
    const occurrences = await this.#parts.writer.put(lease.key, clip)
    await this.#requeue(lease)
    await this.#completion.countsChanged(lease.key.recipe, occurrences)
  }

  /** Stores a clip that was made for another server, which is gone. Resolves when it is durable. */
  async storeForeign(key: ClipKey, clip: Clip): Promise<void> {
    const occurrences = await this.#parts.writer.put(key, clip)
    await this.#completion.countsChanged(key.recipe, occurrences)
  }

  /** Returns an unspoken segment: its chapter is read again, with the time of the segment's next attempt. */
  #requeue({ key, chapter, segment }: Lease): Promise<'released'> {
    const occurrence = { chapterId: chapter.id, role: segment.role, times: 1 }
    return this.#mutex.run(async () => {
      this.#source.requeue(key.recipe, [occurrence])
      return 'released' as const
    })
  }

  async #failed(lease: Lease, error: unknown): Promise<readonly Occurrence[]> {
    const { db, counts, eventBus, log } = this.#parts
    const { failed, occurrences } = await recordFailure(db, counts, lease.key, error, Date.now())
    log.warn({ ...failed, chapter: lease.chapter.number, segment: lease.segment.index }, 'a segment failed')
    if (!failed.setAside) await this.#requeue(lease)
    eventBus.publish(segmentEvent(lease, failed.setAside ? 'set-aside' : 'waiting'))
    return occurrences
  }

  /**
   * Requeues without counting an attempt, and publishes the progress of the voice's generations, which carries the
   * reason.
   */
  async #retryLater(lease: Lease, { message, suspect }: RetryLater): Promise<LeaseOutcome> {
    const { db, counts, eventBus, log } = this.#parts
    if (suspect) {
      const now = Date.now()
      await postpone(db, counts, lease.key, message, Math.max(now, availableFrom(lease)) + retryDelayMs)
    }
    log.info(
      { reason: message, chapter: lease.chapter.number, segment: lease.segment.index },
      'a segment is requeued until its backend is available',
    )
    await this.#requeue(lease)
    eventBus.publish(segmentEvent(lease, 'waiting'))
    this.#completion.voiceRests(lease.recipe.voice)
    return 'released'
  }

  #dispatchUnlessStopped(): void {
    if (this.#stopped) return
    this.dispatch().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'segments could not be dispatched')
      this.#parts.onError(error)
      this.#alarm.set(Date.now() + retryDelayMs)
    })
  }
}
