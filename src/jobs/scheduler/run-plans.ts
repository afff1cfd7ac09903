import { recipeForRole, recipesOf } from '../../novel/casting.ts'
import type { Generation } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import { type ChapterRow, chaptersByGenerations } from '../../storage/queries/chapter-queries.ts'
import { generationsById } from '../../storage/queries/generation-queries.ts'
import { type MissingIndex, missingIndexes } from '../../storage/queries/progress-queries.ts'
import { recipeByHash } from '../../storage/queries/recipe-queries.ts'
import type { SpeechBackends } from '../backends/speech-backends.ts'
import type { JobQueue, JobToSend } from '../job-queue.ts'
import type { GenerationCompletion } from './generation-completion.ts'
import { type Lane, laneOf } from './held-runs.ts'
import { runPriority } from './run-priority.ts'

export interface RunPlansParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly backends: Pick<SpeechBackends, 'of'>
  readonly completion: GenerationCompletion
}

/** Segments that a run spans, and where each takes long, so that the last of a novel are not one speaker's alone. */
const [runLength, slowRunLength] = [20, 8]
/** Seconds of speech per second and speaker below which a voice is slow. */
const slowBelow = 3
/** Of a long novel the plan takes seconds, and it may be paused or cancelled meanwhile: it is looked at in between. */
const chaptersBetweenLooks = 20

type Run = JobToSend<'speak-run'>

interface AskedPlan {
  readonly id: string
  readonly signal: AbortSignal
  readonly done: PromiseWithResolvers<void>
}

/** A generation that is planned, and the chapters of it that are still to be looked at. */
interface OpenPlan {
  readonly asked: AskedPlan
  readonly generation: Generation
  readonly chapters: readonly ChapterRow[]
  next: number
  isMissing: boolean
}

interface ChapterOfPlan {
  readonly plan: OpenPlan
  readonly chapter: ChapterRow
}

/** Cuts what generations lack into runs; those that are asked for in the same turn of the event loop together. */
export class RunPlans {
  readonly #parts: RunPlansParts
  #asked: AskedPlan[] = []
  /** By recipe, which never changes. */
  readonly #voices = new Map<string, string>()

  constructor(parts: RunPlansParts) {
    this.#parts = parts
  }

  /** Sends runs of all that a generation lacks, in reading order; completes it if that is nothing. */
  plan(id: string, signal: AbortSignal): Promise<void> {
    const done = Promise.withResolvers<void>()
    this.#asked.push({ id, signal, done })
    if (this.#asked.length === 1) queueMicrotask(() => void this.#planAsked())
    return done.promise
  }

  async #planAsked(): Promise<void> {
    const asked = this.#asked
    this.#asked = []
    try {
      await this.#planTogether(asked)
    } catch (error) {
      if (asked.length === 1) return asked[0]!.done.reject(error)
      // What is wrong with one of them must not keep the others from being planned.
      for (const each of asked) await this.#planTogether([each]).catch(each.done.reject)
    }
  }

  async #planTogether(asked: readonly AskedPlan[]): Promise<void> {
    let open = await this.#opened(asked)
    // The first runs are there soon, however many chapters follow.
    for (let size = asked.length; open.length > 0; size = Math.min(2 * size, chaptersBetweenLooks)) {
      await this.#sendRuns(takeChapters(open, size))
      for (const { asked: each, generation, chapters, next, isMissing } of open) {
        if (next < chapters.length) continue
        if (!isMissing) await this.#parts.completion.completeUnlessMissing(generation, chapters)
        each.done.resolve()
      }
      open = await this.#stillToRun(open.filter(({ next, chapters }) => next < chapters.length))
    }
  }

  async #opened(asked: readonly AskedPlan[]): Promise<OpenPlan[]> {
    const { db } = this.#parts
    const toRun = await this.#toRun(asked)
    const chapters = await chaptersByGenerations(db, [...toRun.keys()])
    return asked.flatMap((each) => {
      const generation = toRun.get(each.id)
      if (!generation) return []
      return [{ asked: each, generation, chapters: chapters.get(each.id) ?? [], next: 0, isMissing: false }]
    })
  }

  async #stillToRun(open: readonly OpenPlan[]): Promise<OpenPlan[]> {
    if (open.length === 0) return []
    const toRun = await this.#toRun(open.map(({ asked }) => asked))
    return open.filter(({ asked: { id } }) => toRun.has(id))
  }

  /** Those that are neither finished nor paused nor cancelled, by id. There is nothing to plan of the others. */
  async #toRun(asked: readonly AskedPlan[]): Promise<Map<string, Generation>> {
    const ids = asked.filter(({ signal }) => !signal.aborted).map(({ id }) => id)
    const found = await generationsById(this.#parts.db, ids)
    const toRun = new Map(
      found
        .filter(({ desiredState, completedAt }) => desiredState === 'run' && completedAt === undefined)
        .map((generation) => [generation.id, generation]),
    )
    for (const { id, signal, done } of asked) {
      if (signal.aborted) done.reject(signal.reason)
      else if (!toRun.has(id)) done.resolve()
      else continue
      toRun.delete(id)
    }
    return toRun
  }

  /** One statement for all chapters of a casting, and one for each lane. */
  async #sendRuns(chapters: readonly ChapterOfPlan[]): Promise<void> {
    const { db, jobs } = this.#parts
    const runs = new Map<Lane, Map<string, Run>>()
    const byCasting = Map.groupBy(chapters, ({ plan }) => plan.generation.casting.id)
    for (const ofCasting of byCasting.values()) {
      const { casting } = ofCasting[0]!.plan.generation
      const lanes = await this.#lanesOf(recipesOf(casting))
      const ids = [...new Set(ofCasting.map(({ chapter }) => chapter.id))]
      const missing = Map.groupBy(await missingIndexes(db, ids, casting), ({ chapterId }) => chapterId)
      for (const { plan, chapter } of ofCasting) {
        for (const segment of missing.get(chapter.id) ?? []) {
          const { lane, length } = lanes.get(recipeForRole(casting, segment.role))!
          const ofLane = runs.get(lane) ?? new Map<string, Run>()
          const run = runOf(plan.generation, segment, length)
          runs.set(lane, ofLane.set(run.singletonKey, run))
          plan.isMissing = true
        }
      }
    }
    for (const [lane, ofLane] of runs) await jobs.sendAll(lane, [...ofLane.values()])
  }

  /** Of each recipe the queue of its voice, and how long its runs are. */
  async #lanesOf(recipes: readonly string[]): Promise<Map<string, { lane: Lane; length: number }>> {
    const lanes = new Map<string, { lane: Lane; length: number }>()
    for (const hash of recipes) {
      const voice = await this.#voiceOf(hash)
      const backend = this.#parts.backends.of(voice)
      const rate = backend.throughput.rate(Date.now())
      const isSlow = rate !== undefined && rate.realTimeFactor < slowBelow * backend.capacity
      lanes.set(hash, { lane: laneOf(voice), length: isSlow ? slowRunLength : runLength })
    }
    return lanes
  }

  async #voiceOf(hash: string): Promise<string> {
    const known = this.#voices.get(hash)
    if (known !== undefined) return known
    const saved = await recipeByHash(this.#parts.db, hash)
    if (!saved) throw new Error(`a generation has the recipe ${hash}, which is not in the database`)
    this.#voices.set(hash, saved.recipe.voice)
    return saved.recipe.voice
  }
}

/** The next chapter of each, then more of them in their order, `size` in all. */
function takeChapters(open: readonly OpenPlan[], size: number): ChapterOfPlan[] {
  const taken: ChapterOfPlan[] = []
  const take = (plan: OpenPlan): void => {
    const chapter = plan.chapters[plan.next]
    if (!chapter) return
    plan.next++
    taken.push({ plan, chapter })
  }
  for (const plan of open) take(plan)
  for (const plan of open) while (taken.length < size && plan.next < plan.chapters.length) take(plan)
  return taken
}

/** The run of a generation that a missing segment is in. */
function runOf(generation: Generation, { chapterId, index }: MissingIndex, length: number) {
  const casting = generation.casting.id
  const priority = runPriority(generation)
  const from = index - (index % length)
  const data = { casting, chapterId, from, to: from + length, priority }
  // The same each time, so that one that waits is not sent again.
  return { data, singletonKey: `${casting}/${chapterId}/${from}-${data.to}/${priority}`, priority }
}
