import type { Logger } from 'pino'
import { recipeForRole, recipesOf } from '../../novel/casting.ts'
import type { Generation } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import type { Lock } from '../../storage/lock.ts'
import { chaptersByGeneration } from '../../storage/queries/chapter-queries.ts'
import { deleteLapsedClaims } from '../../storage/queries/claim-queries.ts'
import { generationById, unfinishedGenerations } from '../../storage/queries/generation-queries.ts'
import { missingIndexes } from '../../storage/queries/progress-queries.ts'
import { recipeByHash } from '../../storage/queries/recipe-queries.ts'
import type { SpeechBackends } from '../backends/speech-backends.ts'
import type { JobQueue, JobToSend, JobWorker } from '../job-queue.ts'
import type { GenerationCompletion } from './generation-completion.ts'
import { type Lane, laneOf } from './held-runs.ts'

interface GenerationPlannerParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly lock: Lock
  readonly backends: Pick<SpeechBackends, 'of'>
  readonly completion: GenerationCompletion
  readonly log: Logger
  /** Milliseconds between two looks for generations that nobody works on; left out: a minute. */
  readonly lookEveryMs?: number
}

/** Segments that a run spans, and where each takes long, so that the last of a novel are not one speaker's alone. */
const [runLength, slowRunLength] = [20, 8]
/** Seconds of speech per second and speaker below which a voice is slow. */
const slowBelow = 3
const chaptersBetweenLooks = 20
const defaultLookEveryMs = 60_000
/** One that waits its turn is planned again less and less often. */
const longestLooks = 16
/** Claims that lapsed so long ago are nobody's. */
const forgottenClaimsMs = 3_600_000

/** Minutes, 40 years of them, by which the runs of generations of one priority are told apart. */
const ages = 21_000_000
const firstAge = Date.UTC(2026, 0) / 60_000

type Run = JobToSend<'speak-run'>

/**
 * Cuts what generations lack into the runs that tell servers where to look. Jobs may be lost: one server at a time looks
 * for generations that are not worked on, and plans them again.
 */
export class GenerationPlanner implements AsyncDisposable {
  readonly #parts: GenerationPlannerParts
  readonly #worker: JobWorker
  readonly #timer: NodeJS.Timeout
  /** By id of a generation that is to run: in how many looks it is planned again, and the number after that. */
  #looks = new Map<string, { readonly left: number; readonly next: number }>()
  #looking: Promise<void> | undefined

  constructor(parts: GenerationPlannerParts) {
    this.#parts = parts
    this.#worker = parts.jobs.work(
      'plan',
      { concurrency: () => 1, retries: 5, backoffMs: (attempt) => 1000 * 2 ** attempt },
      ({ generationId }, { signal }) => this.#plan(generationId, signal),
    )
    const everyMs = parts.lookEveryMs ?? defaultLookEveryMs
    this.#timer = setInterval(() => void this.#look(), everyMs).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#worker[Symbol.asyncDispose]()
    await this.#looking
  }

  /** Sends runs of all that a generation lacks, in reading order; completes it if that is nothing. */
  async #plan(id: string, signal: AbortSignal): Promise<void> {
    const { db, jobs, completion } = this.#parts
    const generation = await this.#toRun(id)
    if (!generation) return
    const { casting } = generation
    const priority = runPriority(generation)
    const voices = await this.#lanesOf(generation)
    const chapters = await chaptersByGeneration(db, id)
    let isMissing = false
    for (const [at, chapter] of chapters.entries()) {
      signal.throwIfAborted()
      // Of a long novel the plan takes seconds, and it may be paused or cancelled meanwhile.
      if (at > 0 && at % chaptersBetweenLooks === 0 && !(await this.#toRun(id))) return
      const runs = new Map<Lane, Map<number, Run>>()
      for (const { index, role } of await missingIndexes(db, chapter.id, casting)) {
        const { lane, length } = voices.get(recipeForRole(casting, role))!
        const from = index - (index % length)
        const data = { casting: casting.id, chapterId: chapter.id, from, to: from + length }
        // The same each time, so that one that waits is not sent again.
        const singletonKey = `${casting.id}/${chapter.id}/${from}-${data.to}/${priority}`
        const ofLane = runs.get(lane) ?? new Map<number, Run>()
        runs.set(lane, ofLane.set(from, { data, singletonKey, priority }))
      }
      for (const [lane, cut] of runs) await jobs.sendAll(lane, [...cut.values()])
      isMissing ||= runs.size > 0
    }
    if (!isMissing) await completion.completeUnlessMissing(generation, chapters)
  }

  /** The generation, if it is neither finished nor paused nor cancelled. */
  async #toRun(id: string): Promise<Generation | undefined> {
    const generation = await generationById(this.#parts.db, id)
    return generation?.wish === 'run' && generation.completedAt === undefined ? generation : undefined
  }

  /** Of each recipe the queue of its voice, and how long its runs are. */
  async #lanesOf({ casting }: Generation): Promise<Map<string, { lane: Lane; length: number }>> {
    const { db, backends } = this.#parts
    const lanes = new Map<string, { lane: Lane; length: number }>()
    for (const hash of recipesOf(casting)) {
      const saved = await recipeByHash(db, hash)
      if (!saved) throw new Error(`a generation has the recipe ${hash}, which is not in the database`)
      const { voice } = saved.recipe
      const backend = backends.of(voice)
      const rate = backend.throughput.rate(Date.now())
      const isSlow = rate !== undefined && rate.realTimeFactor < slowBelow * backend.capacity
      lanes.set(hash, { lane: laneOf(voice), length: isSlow ? slowRunLength : runLength })
    }
    return lanes
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    const { lock, log } = this.#parts
    this.#looking = (async () => {
      await using held = await lock.tryAcquire('plan')
      if (held) await this.#planForgotten()
    })().catch((err: unknown) => log.warn({ err }, 'unfinished generations could not be looked through'))
    await this.#looking
    this.#looking = undefined
  }

  /** Where no run is left all are planned, else each after 1, 2, 4 … looks: most of them only wait their turn. */
  async #planForgotten(): Promise<void> {
    const { db, jobs } = this.#parts
    await deleteLapsedClaims(db, forgottenClaimsMs)
    const counts = await jobs.counts()
    const isIdle = [...counts].every(
      ([name, { waiting, active }]) =>
        !(name === 'plan' || name.startsWith('speak-run')) || waiting + active === 0,
    )
    const looks = new Map<string, { left: number; next: number }>()
    const plans = []
    for (const { id, wish } of await unfinishedGenerations(db)) {
      if (wish !== 'run') continue
      const { left, next } = this.#looks.get(id) ?? { left: 1, next: 2 }
      const isDue = isIdle || left === 0
      looks.set(id, isDue ? { left: next, next: Math.min(2 * next, longestLooks) } : { left: left - 1, next })
      if (isDue) plans.push({ data: { generationId: id }, singletonKey: id })
    }
    this.#looks = looks
    await jobs.sendAll('plan', plans)
  }
}

/**
 * What is asked for first is spoken first, also when its runs are sent again later than those of others: the generation's
 * priority, then its age in minutes. Fits into 32 bits.
 */
function runPriority({ priority, createdAt }: Generation): number {
  const age = Math.floor(Date.parse(createdAt) / 60_000) - firstAge
  return priority * ages + (ages - 1 - Math.min(Math.max(age, 0), ages - 1))
}
