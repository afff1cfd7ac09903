import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import type { Database } from '../../storage/database-tables.ts'
import { updateGeneration } from '../../storage/queries/generation-queries.ts'
import { isStorageError } from '../../storage/sqlite/sqlite-errors.ts'
import { type Clip, framesToSeconds, type ClipKey } from '../../novel/clip.ts'
import { statusOf } from '../../novel/generation.ts'
import { PoolStopped } from '../../speech/worker/worker-pool.ts'
import type { ActiveGeneration, ActiveGenerations } from './active-generations.ts'
import type { EventBus, SegmentStateEvent } from '../event-bus.ts'
import { type ClipWriter, recordFailure, postpone, seedOf } from './segment-results.ts'
import { Leases, segmentStateEvent, type Lease } from './leases.ts'
import { type SpeechBackends, RetryLater } from '../backends/speech-backends.ts'
import type { PlaybackPriorities } from './playback-priorities.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import { Mutex } from '../concurrency.ts'
import type { VoiceRegistry } from '../voices/voice-registry.ts'
import { renewRecipe } from '../voices/generation-recipes.ts'
import { type Outdated, Scheduler } from './scheduler.ts'

export interface DispatcherParts {
  readonly db: Database
  readonly backends: SpeechBackends
  readonly voices: VoiceRegistry
  readonly activeGenerations: ActiveGenerations
  readonly counts: ProgressCounts
  readonly writer: ClipWriter
  readonly playbackPriorities: PlaybackPriorities
  readonly eventBus: EventBus
  readonly log: Logger
  /** Whether nothing may be handed out. */
  readonly halted: () => boolean
  /** Told what went wrong around a segment without being its fault, and (`undefined`) when one went well again. */
  readonly onError: (error: unknown) => void
}

/** After something broke that should not have. */
const retryDelayMs = 2000

/**
 * Hands segments to the lanes that speak them, the most urgent first, and takes clips back. It holds nothing that the
 * database does not know: after a crash the same rows give the same work. A speaker gets its next segment when the clip
 * of the last is durable, so a crash costs each speaker at most the one segment in its hands.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #mutex = new Mutex()
  readonly #leases = new Leases()
  readonly #scheduler: Scheduler
  readonly #running = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(parts: DispatcherParts) {
    this.#parts = parts
    this.#scheduler = new Scheduler({ ...parts, leases: this.#leases })
  }

  /** The chapters that are being spoken at this moment, by recipe. */
  isInFlight(recipe: string, chapterId: number): boolean {
    return this.#leases.hasChapter(recipe, chapterId)
  }

  /** What is being spoken at this moment. */
  segmentsInFlight(): SegmentStateEvent[] {
    return this.#leases.segmentEvents()
  }

  /** The rows have changed: reads them again and hands out what is due. */
  async refresh(): Promise<void> {
    await this.#mutex.run(async () => {
      await this.#parts.activeGenerations.reload()
      this.#scheduler.reset()
      for (const active of this.#parts.activeGenerations.all()) await this.#settle(active)
    })
    await this.dispatch()
  }

  /**
   * One generation came, or changed: what it wants is looked up anew, all else is as it was. `chapters`: its chapters,
   * if they are at hand.
   */
  async refreshOne(id: string, chapters?: readonly ChapterRow[]): Promise<void> {
    await this.#mutex.run(async () => {
      const active = await this.#parts.activeGenerations.reloadOne(id, chapters)
      if (!active) return
      this.#scheduler.include(active)
      await this.#settle(active)
    })
    await this.dispatch()
  }

  /** In these chapters there is something to speak again in a recipe, for whoever waits for them. */
  async requeue(recipe: string, chapterIds: readonly number[]): Promise<void> {
    await this.#mutex.run(async () => this.#scheduler.requeue(recipe, chapterIds))
    await this.dispatch()
  }

  /** A novel is hidden: nothing of it is handed out any more. */
  async removeNovel(novelId: string): Promise<void> {
    await this.#mutex.run(() => this.#parts.activeGenerations.removeNovel(novelId))
    await this.dispatch()
  }

  /** Gives every lane with room something to do. */
  async dispatch(): Promise<void> {
    await this.#mutex.run(async () => {
      while (!this.#stopped && !this.#parts.halted()) {
        const next = await this.#next(Date.now())
        if (!next) break
        if ('outdated' in next) await this.#renew(next.outdated)
        else this.#start(next)
      }
    })
  }

  /** Hands nothing out any more and waits until what the speakers held is written or given back. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all(this.#running)
  }

  async #next(now: number): Promise<Lease | Outdated | undefined> {
    const { activeGenerations, backends } = this.#parts
    const available = this.#leases.availableBackends(activeGenerations, backends, now)
    const next = available.lanes.size === 0 ? Infinity : await this.#scheduler.next(available.lanes, now)
    if (typeof next !== 'number') return next
    this.#wakeAt(Math.min(available.wakeAt, next))
    return undefined
  }

  /** Its sound would not be the one that its key stands for. What cannot be renewed waits for a change. */
  async #renew(active: ActiveGeneration): Promise<void> {
    const { activeGenerations, eventBus } = this.#parts
    const { id } = active.generation
    if (!(await renewRecipe(this.#parts, active.generation))) return this.#scheduler.withhold(active)
    const renewed = await activeGenerations.reloadOne(id)
    if (!renewed) return
    this.#scheduler.include(renewed)
    eventBus.publish({ kind: 'generation', id })
    await this.#settle(renewed)
  }

  #start(lease: Lease): void {
    this.#leases.add(lease)
    const done = this.#speak(lease)
      .then(() => this.#parts.onError(undefined))
      .catch(async (error: unknown) => {
        // Nobody knows what became of it, so the database is asked again, after a rest. No attempt is counted: what
        // the engine did is not what went wrong.
        this.#parts.log.error({ err: error }, 'a segment could not be dealt with and is tried again')
        this.#parts.onError(error)
        if (!this.#stopped) await wait(retryDelayMs)
        await this.#requeue(lease)
      })
      .finally(() => {
        this.#leases.delete(lease)
        this.#running.delete(done)
        this.#dispatchUnlessStopped()
      })
    this.#running.add(done)
  }

  async #speak(lease: Lease): Promise<void> {
    const { key, segment, recipe, active, backend, attempts } = lease
    const { writer, eventBus, voices, log } = this.#parts
    if (!this.#parts.activeGenerations.byId(active.generation.id)?.generation.startedAt)
      await this.#started(active)
    // Its voice may have changed since it was taken out of the line.
    if (!voices.canSpeak(lease)) return this.#requeue(lease)
    eventBus.publish({ kind: 'segment', segment: segmentStateEvent(lease, 'speaking') })
    log.debug({ ...key, chapter: lease.chapter.number, segment: segment.index }, 'speaking')
    let clip: Clip
    try {
      clip = await backend.speak({
        text: segment.spoken,
        voice: recipe.voice,
        speed: recipe.speed,
        paced: recipe.pace !== undefined,
        accent: recipe.accent,
        leadSeconds: segment.opening && recipe.pauses.opening,
        pauseSeconds: recipe.pauses[segment.pause],
        seed: seedOf(key, attempts),
      })
    } catch (error) {
      if (error instanceof PoolStopped || this.#stopped) return
      if (error instanceof RetryLater) return this.#retryLater(lease, error)
      // A speech server's characters and measures are in the database, too.
      if (isStorageError(error)) throw error
      return this.#countsChanged(key, await this.#failed(lease, error))
    }
    // From here on the engine has done its part: whatever goes wrong now is the studio's own trouble.
    let chapters: number[]
    try {
      chapters = await writer.put(key, clip)
    } catch (error) {
      if (this.#stopped) return
      throw error
    }
    const seconds = framesToSeconds(clip.frameSizes.length)
    backend.throughput.record(seconds, Date.now())
    eventBus.publish({ kind: 'segment', segment: { ...segmentStateEvent(lease, 'spoken'), seconds } })
    await this.#countsChanged(key, chapters)
  }

  /** The counts of these chapters have moved. */
  async #countsChanged({ recipe }: ClipKey, chapters: readonly number[]): Promise<void> {
    for (const waiting of this.#parts.activeGenerations.waitingFor(recipe, chapters)) {
      this.#parts.eventBus.publish({ kind: 'progress', id: waiting.generation.id })
      await this.#settle(waiting)
    }
  }

  /** A segment comes back unspoken: read again, its chapter holds it with the time of its next try. */
  #requeue({ key, chapter }: Lease): Promise<void> {
    return this.#mutex.run(async () => this.#scheduler.requeue(key.recipe, [chapter.id]))
  }

  async #failed(lease: Lease, error: unknown): Promise<number[]> {
    const { db, counts, eventBus, log } = this.#parts
    const { failed, chapters } = await recordFailure(db, counts, lease.key, error, Date.now())
    log.warn({ ...failed, chapter: lease.chapter.number, segment: lease.segment.index }, 'a segment failed')
    if (!failed.setAside) await this.#requeue(lease)
    eventBus.publish({
      kind: 'segment',
      segment: segmentStateEvent(lease, failed.setAside ? 'set-aside' : 'waiting'),
    })
    return chapters
  }

  /** Its lane rests, and the generations that are spoken there say why. */
  async #retryLater(lease: Lease, { message, suspect }: RetryLater): Promise<void> {
    const { db, counts, activeGenerations, eventBus, log } = this.#parts
    if (suspect) {
      const back = lease.backend.availableAt(lease.recipe.voice)
      await postpone(
        db,
        counts,
        lease.key,
        message,
        Math.max(Date.now(), Number.isFinite(back) ? back : 0) + retryDelayMs,
      )
    }
    log.info(
      { reason: message, chapter: lease.chapter.number, segment: lease.segment.index },
      'a segment waits',
    )
    await this.#requeue(lease)
    eventBus.publish({ kind: 'segment', segment: segmentStateEvent(lease, 'waiting') })
    for (const { generation } of activeGenerations.all()) {
      if (generation.voice === lease.recipe.voice) eventBus.publish({ kind: 'progress', id: generation.id })
    }
  }

  async #started({ generation }: ActiveGeneration): Promise<void> {
    await updateGeneration(this.#parts.db, generation.id, { startedAt: new Date().toISOString() })
    await this.#parts.activeGenerations.reloadOne(generation.id)
    this.#parts.eventBus.publish({ kind: 'generation', id: generation.id })
  }

  /** Writes down the end of a generation whose segments are all spoken or set aside. */
  async #settle(active: ActiveGeneration): Promise<void> {
    const { db, counts, activeGenerations, eventBus } = this.#parts
    const { generation, chapters, total } = active
    const status = statusOf('run', true, { total, ...(await counts.sum(generation.recipe, chapters)) })
    if (status !== 'completed' && status !== 'failed') return
    await updateGeneration(db, generation.id, { completedAt: new Date().toISOString() })
    await activeGenerations.reloadOne(generation.id)
    eventBus.publish({ kind: 'generation', id: generation.id })
  }

  #wakeAt(time: number): void {
    clearTimeout(this.#timer)
    if (time === Infinity) return
    this.#timer = setTimeout(() => this.#dispatchUnlessStopped(), Math.max(0, time - Date.now()))
  }

  #dispatchUnlessStopped(): void {
    if (this.#stopped) return
    this.dispatch().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'nothing could be handed out')
      this.#parts.onError(error)
      this.#wakeAt(Date.now() + retryDelayMs)
    })
  }
}
