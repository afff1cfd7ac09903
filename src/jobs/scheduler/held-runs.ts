import type { Logger } from 'pino'
import { compareInQueue } from '../../novel/queue-order.ts'
import { voiceOnServer } from '../../novel/speech-server.ts'
import type { ChapterRow } from '../../storage/queries/chapter-queries.ts'
import { generationsToRun } from '../../storage/queries/completion-queries.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { HeldJob, JobQueue, SpeakRun } from '../job-queue.ts'
import type { ActiveGeneration, ActiveGenerations } from './active-generations.ts'
import { runPriority } from './run-priority.ts'

/** The queue of the runs of a voice. */
export type Lane = 'speak-run' | `speak-run/${string}`

/** The speech workers share a queue; each speech server has its own, so that one that rests holds up no other. */
export function laneOf(voice: string): Lane {
  const onServer = voiceOnServer(voice)
  return onServer ? `speak-run/${onServer.server}` : 'speak-run'
}

/** A run that this server took from the queue. */
export interface HeldRun extends SpeakRun {
  readonly lane: Lane
  readonly job: HeldJob<SpeakRun>
  readonly chapter: ChapterRow
  /** The most urgent generation that wants it. */
  active: ActiveGeneration
  /** Segments of it that are in flight here. */
  inFlight: number
  /** Epoch milliseconds before which it has nothing to give. */
  waitUntil: number
}

interface HeldRunsParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly activeGenerations: ActiveGenerations
  readonly log: Logger
  /** Called when there may be runs to take. */
  readonly onAvailable: () => void
}

/** An empty queue is looked at again after so long, even if nothing is heard of it. */
const lookAgainMs = 2000
/** Runs that are taken at once while nobody wants them. */
const mostAtOnce = 32

/** The runs in the hands of this server, most urgent first, and where more come from. */
export class HeldRuns {
  readonly #parts: HeldRunsParts
  #runs: HeldRun[] = []
  readonly #listeners = new Map<Lane, Disposable>()
  /** By lane: epoch milliseconds until which it counts as empty. */
  readonly #emptyUntil = new Map<Lane, number>()
  /** Ids of generations that the queue has no runs of, as far as known. */
  readonly #withoutRuns = new Map<string, number>()

  constructor(parts: HeldRunsParts) {
    this.#parts = parts
  }

  /**
   * The most urgent run of these lanes that may have a segment now, if none that is waiting in a queue can be more
   * urgent, or the epoch milliseconds at which to ask again. `wanted`: the most urgent generation that can be spoken.
   */
  async next(
    lanes: ReadonlySet<Lane>,
    wanted: ActiveGeneration | undefined,
    now: number,
  ): Promise<HeldRun | number> {
    for (;;) {
      await this.#dropUnwanted()
      const ready = this.#runs.filter(({ lane, waitUntil }) => lanes.has(lane) && waitUntil <= now)
      const best = ready.toSorted(compareRuns)[0]
      const isFirst = best && (!wanted || compareInQueue(best.active.generation, wanted.generation) <= 0)
      if (isFirst || !(await this.#takeMore(lanes, best && wanted, now)))
        return best ?? this.#nextAt(lanes, now)
    }
  }

  /** Ids of the generations that want them. */
  generations(): ReadonlySet<string> {
    return new Set(this.#runs.map(({ active }) => active.generation.id))
  }

  /** Of these chapters, or all: something has changed. */
  wake(chapterIds?: ReadonlySet<number>): void {
    this.#withoutRuns.clear()
    for (const run of this.#runs) if (chapterIds?.has(run.chapterId) ?? true) run.waitUntil = 0
  }

  /** It has nothing more to give. */
  async complete(run: HeldRun): Promise<void> {
    this.#forget(run)
    await run.job.complete()
  }

  /** Others may take it after `delayMs`. */
  async putBack(run: HeldRun, reason: string, delayMs: number): Promise<void> {
    this.#forget(run)
    await run.job.fail(reason, delayMs)
  }

  /** Gives all back at once. */
  async releaseAll(): Promise<void> {
    for (const listener of this.#listeners.values()) listener[Symbol.dispose]()
    const runs = this.#runs
    this.#runs = []
    await Promise.all(runs.map(({ job }) => job.release()))
  }

  #forget(run: HeldRun): void {
    this.#runs = this.#runs.filter((other) => other !== run)
  }

  async #dropUnwanted(): Promise<void> {
    for (const run of this.#runs) {
      const active = this.#wanting(run)
      if (active) run.active = active
      // It lost the run, or nobody wants it any more: whoever resumes or moves the generation plans it again.
      if (run.job.signal.aborted) {
        this.#forget(run)
        await run.job.release()
      } else if (!active || this.#isOutdated(run)) await this.complete(run)
    }
  }

  #wanting(run: SpeakRun): ActiveGeneration | undefined {
    return this.#allWanting(run)[0]
  }

  /** The most urgent first. */
  #allWanting({ casting, chapterId }: SpeakRun): ActiveGeneration[] {
    const waiting = this.#parts.activeGenerations.waitingFor(casting, chapterId)
    return waiting.filter(({ generation }) => generation.desiredState === 'run')
  }

  /** Its generation has another place in the queue: then it was sent again, with the priority of that. */
  #isOutdated(run: SpeakRun): boolean {
    if (run.priority === undefined) return false
    return !this.#allWanting(run).some(({ generation }) => runPriority(generation) === run.priority)
  }

  /** Takes a run from one of the queues. `wanted`: only if one of this generation may be there. */
  async #takeMore(
    lanes: ReadonlySet<Lane>,
    wanted: ActiveGeneration | undefined,
    now: number,
  ): Promise<boolean> {
    const id = wanted?.generation.id
    if (id !== undefined && (this.#withoutRuns.get(id) ?? 0) > now) return false
    for (const lane of lanes) {
      this.#listen(lane)
      if ((this.#emptyUntil.get(lane) ?? 0) > now) continue
      // Before the queue is asked, so that what comes meanwhile is seen.
      this.#emptyUntil.set(lane, now + lookAgainMs)
      let run: HeldRun | undefined
      // What was paused or deleted leaves runs by the thousand, which hold up the others: more and more at once.
      for (let limit = 1; !run; limit = Math.min(2 * limit, mostAtOnce)) {
        const taken = await this.#parts.jobs.take(lane, limit)
        if (taken.length === 0) break
        run = await this.#hold(lane, taken)
      }
      if (!run) continue
      this.#emptyUntil.delete(lane)
      if (id !== undefined && run.active.generation.id !== id) this.#withoutRuns.set(id, now + lookAgainMs)
      return true
    }
    return false
  }

  /** Holds the first that is wanted and gives the others back; those before it that nobody wants, or that are outdated, are completed. */
  async #hold(lane: Lane, jobs: readonly HeldJob<SpeakRun>[]): Promise<HeldRun | undefined> {
    const { db, activeGenerations } = this.#parts
    const unwanted: HeldJob<SpeakRun>[] = []
    let run: HeldRun | undefined
    for (const job of jobs) {
      const { casting, chapterId } = job.data
      if (!this.#wanting(job.data) || this.#isOutdated(job.data)) {
        // Its generation may be new, or have another place in the queue, and that is not heard of yet.
        for (const id of await generationsToRun(db, casting, chapterId)) await activeGenerations.reloadOne(id)
      }
      const active = this.#isOutdated(job.data) ? undefined : this.#wanting(job.data)
      const chapter = active?.chapters.find(({ id }) => id === chapterId)
      if (active && chapter) {
        run = { ...job.data, lane, job, chapter, active, inFlight: 0, waitUntil: 0 }
        this.#runs.push(run)
        break
      }
      unwanted.push(job)
    }
    const rest = jobs.slice(unwanted.length + (run ? 1 : 0))
    await Promise.all([...unwanted.map((job) => job.complete()), ...rest.map((job) => job.release())])
    return run
  }

  #nextAt(lanes: ReadonlySet<Lane>, now: number): number {
    const times = [...lanes].map((lane) => this.#emptyUntil.get(lane) ?? now)
    for (const { lane, waitUntil } of this.#runs) if (lanes.has(lane)) times.push(waitUntil)
    return Math.min(...times)
  }

  #listen(lane: Lane): void {
    if (this.#listeners.has(lane)) return
    const listener = this.#parts.jobs.onAvailable(lane, () => {
      this.#emptyUntil.delete(lane)
      this.#withoutRuns.clear()
      this.#parts.onAvailable()
    })
    this.#listeners.set(lane, listener)
  }
}

function compareRuns(one: HeldRun, other: HeldRun): number {
  return (
    compareInQueue(one.active.generation, other.active.generation) ||
    one.chapter.number - other.chapter.number ||
    one.from - other.from
  )
}
