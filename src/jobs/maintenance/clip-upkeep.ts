import type { Logger } from 'pino'
import type { ClipUpkeep } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { Lock } from '../../storage/lock.ts'
import { type ObjectStore, readObject } from '../../storage/object-store.ts'
import { castingById } from '../../storage/queries/casting-queries.ts'
import { chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import { completedSince, generationById } from '../../storage/queries/generation-queries.ts'
import type { EventBus } from '../event-bus.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'
import type { ActiveGenerations } from '../scheduler/active-generations.ts'
import type { Problems } from '../storage-health.ts'

export interface ClipUpkeepParts {
  readonly db: Database
  readonly upkeep: ClipUpkeep
  readonly objects: ObjectStore
  readonly jobs: JobQueue
  readonly lock: Lock
  readonly eventBus: EventBus
  readonly activeGenerations: Pick<ActiveGenerations, 'byId'>
  readonly counts: Pick<ProgressCounts, 'known' | 'sum'>
  readonly problems: Problems
  readonly log: Logger
  /** Milliseconds between two looks at what is to be removed. */
  readonly everyMs?: number
  /** Epoch milliseconds; left out: the clock of this machine. */
  readonly clock?: () => number
}

/** When the store was last looked through for what was never noted (ISO 8601), by whichever server. */
const sweptKey = 'store/swept'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** A generation is looked through for finished chapters at most so often. */
const lookMs = minuteMs
/** Completed generations whose packs may have been forgotten by a crash. */
const recentMs = 7 * dayMs

/**
 * Where the audio of clips is kept in objects: has each chapter packed when it is complete, removes what no clip has any
 * more, and once a day looks for what crashes have left. Of several servers one at a time removes anything.
 */
export class ClipObjectJobs implements AsyncDisposable {
  readonly #parts: ClipUpkeepParts
  readonly #worker: JobWorker
  readonly #subscription: Disposable
  readonly #timer: NodeJS.Timeout
  readonly #stopping = new AbortController()
  /** By id of an active generation, when it was last looked through, and the chapters that were sent. */
  readonly #looked = new Map<string, { at: number; readonly sent: Set<number> }>()
  readonly #running = new Set<Promise<void>>()

  constructor(parts: ClipUpkeepParts) {
    this.#parts = parts
    const { jobs, eventBus, upkeep, db } = parts
    this.#worker = jobs.work(
      'pack',
      { concurrency: () => 1, retries: 3, backoffMs: (attempt) => attempt * minuteMs },
      async ({ casting, chapterId }, { signal }) => {
        await upkeep.pack(chapterId, await castingById(db, casting), signal)
      },
    )
    this.#subscription = eventBus.subscribe((event, remote) => {
      if (remote) return
      if (event.kind === 'progress') this.#lookThrough(event.id)
      if (event.kind === 'generation') this.#run(() => this.#packIfCompleted(event.id))
    })
    this.#timer = setInterval(() => this.#run(() => this.sweep()), parts.everyMs ?? 10 * minuteMs).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#subscription[Symbol.dispose]()
    this.#stopping.abort()
    await this.#worker[Symbol.asyncDispose]()
    await Promise.all(this.#running)
  }

  /**
   * Removes what was noted an hour ago; once a day also looks for what was never noted. The day is that of the store, not
   * of a server, which may be started anew each morning.
   */
  async sweep(): Promise<void> {
    const { upkeep, objects, lock, log, problems, clock = Date.now } = this.#parts
    const { signal } = this.#stopping
    await using held = await lock.tryAcquire('clip-objects')
    if (!held) return
    const removed = await upkeep.removeLeftovers(signal)
    if (removed > 0) log.info({ removed }, 'objects that no clip has any more were removed')
    const now = clock()
    const sweptAt = Date.parse((await readObject(objects, sweptKey))?.toString() ?? '')
    // One that is not known, or in the future, is of no use.
    if (now >= sweptAt && now - sweptAt < dayMs) return
    const { orphans, moved } = await upkeep.trashOrphans(now, signal)
    if (!moved) {
      const files = `${orphans} objects of clips`
      log.warn({ orphans }, problems.report('storage.unknown-files', { folder: 'the object store', files }))
    } else if (orphans > 0) log.info({ orphans }, 'objects without a clip were moved to the trash')
    for (const id of await completedSince(this.#parts.db, new Date(now - recentMs).toISOString())) {
      await this.#packIfCompleted(id)
    }
    // Last: what a crash has interrupted is done again.
    if (!signal.aborted) await objects.put(sweptKey, Buffer.from(new Date(now).toISOString()))
  }

  #lookThrough(id: string): void {
    const looked = this.#looked.get(id) ?? { at: 0, sent: new Set<number>() }
    const now = Date.now()
    if (now - looked.at < lookMs || !this.#parts.activeGenerations.byId(id)) return
    looked.at = now
    this.#looked.set(id, looked)
    this.#run(() => this.#sendComplete(id, looked.sent))
  }

  async #sendComplete(id: string, sent: Set<number>): Promise<void> {
    const { activeGenerations, counts } = this.#parts
    const active = activeGenerations.byId(id)
    if (!active) return
    const { casting } = active.generation
    // Counts those that other servers have changed.
    await counts.sum(casting, active.chapters)
    const complete = active.chapters.filter(
      (chapter) =>
        !sent.has(chapter.id) && counts.known(casting.id, chapter.id)?.done === chapter.segmentCount,
    )
    for (const chapter of complete) sent.add(chapter.id)
    if (complete.length > 0) await this.#send(casting.id, complete)
  }

  async #packIfCompleted(id: string): Promise<void> {
    const { db } = this.#parts
    const generation = await generationById(db, id)
    if (generation && generation.completedAt === undefined) return
    this.#looked.delete(id)
    if (generation) await this.#send(generation.casting.id, await chaptersByGeneration(db, id))
  }

  async #send(casting: string, chapters: readonly { readonly id: number }[]): Promise<void> {
    const jobs = chapters.map(({ id: chapterId }) => ({
      data: { casting, chapterId },
      singletonKey: `${casting}/${chapterId}`,
    }))
    await this.#parts.jobs.sendAll('pack', jobs)
  }

  /** Nothing depends on it: what fails is done the next time, or once a day. */
  #run(work: () => Promise<void>): void {
    if (this.#stopping.signal.aborted) return
    const running = work()
      .catch((error: unknown) => {
        if (this.#stopping.signal.aborted) return
        this.#parts.log.error({ err: error }, 'the objects of clips could not be looked after')
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }
}
