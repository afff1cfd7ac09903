import { v7 as uuidv7 } from 'uuid'
import type { Casting } from '../../novel/casting.ts'
import type { Recipe } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Generation, Status } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  type ChapterRow,
  chaptersBetween,
  chaptersOf,
  countChapters,
  type Occurrence,
} from '../../storage/queries/chapter-queries.ts'
import {
  equalGenerations,
  generationById,
  insertGeneration,
  updateGeneration,
} from '../../storage/queries/generation-queries.ts'
import { finishedWithOccurrences } from '../../storage/queries/generation-chapter-queries.ts'
import { insertReadyChapters } from '../../storage/queries/ready-chapter-queries.ts'
import { novelById, type NovelRow, updateNovel } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import type { EventBus } from '../event-bus.ts'
import { castingFor } from '../voices/generation-recipes.ts'
import { currentStatus } from './generation-progress.ts'

/** What accepts and controls generations. */
export type GenerationParts = Pick<
  Application,
  'activeGenerations' | 'counts' | 'db' | 'dispatcher' | 'eventBus' | 'log' | 'voices' | 'webhooks'
>

type ControlParts = Omit<GenerationParts, 'log' | 'voices' | 'webhooks'>

export interface GenerationRequest {
  readonly novelId: string
  /** Left out: every narrated chapter. */
  readonly chapterNumbers?: readonly number[] | undefined
  readonly voice?: string | undefined
  readonly speed?: number | undefined
  readonly priority?: number | undefined
}

export interface AcceptedGeneration {
  readonly generation: Generation
  readonly chapters: readonly ChapterRow[]
}

/**
 * Accepts a request; durable when it returns. Idempotent: the same chapters in the same casting are the same generation,
 * which is resumed if it was paused, and retried if it had failed.
 * Throws `novel.unknown`, `chapter.unknown`, `chapter.nothing-to-speak`, `voice.unknown`, `voice.none`.
 */
export async function requestGeneration(
  application: GenerationParts,
  request: GenerationRequest,
): Promise<AcceptedGeneration> {
  const accepted = await acceptRequest(application, request)
  if (accepted.generation.completedAt !== undefined) return accepted
  application.eventBus.publish({ kind: 'generation', id: accepted.generation.id })
  const { dispatcher } = application
  dispatcher.refreshOne(accepted.generation.id, accepted.chapters).catch((error: unknown) => {
    application.log.error({ err: error }, 'a new generation could not be scheduled')
  })
  return accepted
}

/** Chapters that are replaced meanwhile make it begin again; nobody replaces them this often. */
const maxAttempts = 5

async function acceptRequest(
  application: GenerationParts,
  request: GenerationRequest,
): Promise<AcceptedGeneration> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const accepted = await tryAccept(application, request)
    if (accepted) return accepted
  }
  throw new Error(`the chapters of novel ${request.novelId} changed each time that they were asked for`)
}

/** With more chapters, reading, writing and counting them take some milliseconds each: yields in between. */
const yieldAboveChapters = 500

/** `undefined`: what was read of the novel is no longer so. */
async function tryAccept(
  application: GenerationParts,
  request: GenerationRequest,
): Promise<AcceptedGeneration | undefined> {
  const { db } = application
  // What does not depend on each other is read at once: from a database on another machine each answer takes its time.
  const { novel, chapters } = await requestedChapters(db, request)
  const chapterIds = chapters.map(({ id }) => id)
  if (chapters.length > yieldAboveChapters) await yieldToEventLoop()
  const [{ casting, recipes }, equal] = await Promise.all([
    castingFor(application, novel, request),
    equalGenerations(db, novel.id, chapterIds),
  ])
  const [narrator] = recipes
  // The voice is fixed now: one that is installed later must not replace it in the middle of a novel.
  if (novel.voice === null && request.voice === undefined)
    await updateNovel(db, novel.id, { voice: narrator.voice })
  const resume = async (same: Generation) => ({
    generation: await resumeGeneration(application, same, request.priority),
    chapters,
  })
  const known = equal.find((each) => each.casting.id === casting.id)
  if (known) return resume(known)
  const generation = newGeneration(novel.id, casting, narrator, request.priority)
  const ready = await application.webhooks.readyBefore(casting, chapters)
  const same = await insertGeneration(db, generation, recipes, chapterIds, async (commit) => {
    await insertReadyChapters(commit, casting.id, ready)
    await application.dispatcher.plan([generation.id], commit)
  })
  if (same === 'outdated') return undefined
  if (same) return resume(same)
  if (chapters.length > yieldAboveChapters) await yieldToEventLoop()
  await retryFailed(application, generation)
  return { generation, chapters }
}

/**
 * The novel that a request names and the chapters of it that have something to speak. Throws `novel.unknown`,
 * `chapter.unknown`, `chapter.nothing-to-speak`.
 */
export async function requestedChapters(
  db: Database,
  { novelId, chapterNumbers: numbers }: Pick<GenerationRequest, 'novelId' | 'chapterNumbers'>,
): Promise<{ readonly novel: NovelRow; readonly chapters: ChapterRow[] }> {
  const [novel, rows] = await Promise.all([novelById(db, novelId), chapterRows(db, novelId, numbers)])
  if (!novel) throw new Failure('novel.unknown', { novelId })
  const wanted = new Set(numbers)
  const known = new Set(rows.map(({ number }) => number))
  for (const chapterNumber of wanted) {
    if (known.has(chapterNumber)) continue
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount: await countChapters(db, novelId) })
  }
  const chapters = rows.filter(
    ({ number, narrated, segmentCount }) =>
      segmentCount > 0 && (numbers === undefined ? narrated === 1 : wanted.has(number)),
  )
  if (chapters.length === 0) throw new Failure('chapter.nothing-to-speak')
  return { novel, chapters }
}

/** A novel's chapters from the least to the greatest of these numbers; left out: all. */
function chapterRows(
  db: Database,
  novelId: string,
  numbers: readonly number[] | undefined,
): Promise<ChapterRow[]> {
  if (numbers === undefined) return chaptersOf(db, novelId)
  return chaptersBetween(db, novelId, [Math.min(...numbers), Math.max(...numbers)])
}

function newGeneration(novelId: string, casting: Casting, narrator: Recipe, priority = 0): Generation {
  return {
    id: uuidv7(),
    novelId,
    voice: narrator.voice,
    speed: narrator.speed,
    casting,
    priority,
    wish: 'run',
    createdAt: new Date().toISOString(),
  }
}

/**
 * Resumes a generation that is requested again, and retries what failed; its priority only rises. One that is completed,
 * with every clip there, stays as it is.
 */
async function resumeGeneration(
  application: ControlParts,
  existing: Generation,
  priority?: number,
): Promise<Generation> {
  const changes = {
    wish: 'run' as const,
    ...(priority !== undefined && priority > existing.priority && { priority }),
  }
  const retried = await retryFailed(application, existing)
  if (existing.completedAt !== undefined && (await currentStatus(application, existing)) === 'completed')
    return existing
  const isRunning = existing.wish === 'run' && existing.completedAt === undefined
  if (isRunning && !retried && !('priority' in changes)) return existing
  await application.db.transaction().execute(async (commit) => {
    await updateGeneration(commit, existing.id, { ...changes, completedAt: null })
    await application.dispatcher.plan([existing.id], commit)
  })
  const { completedAt: _, ...unfinished } = existing
  return { ...unfinished, ...changes }
}

export type ControlVerb = 'pause' | 'resume' | 'cancel' | 'retry'

const participle = { pause: 'paused', resume: 'resumed', cancel: 'cancelled', retry: 'retried' } as const

/** The states in which a verb is allowed. In the state that it leads to it is a no-op, not an error. */
const allowedFrom: Readonly<Record<ControlVerb, readonly Status[]>> = {
  pause: ['pending', 'running', 'paused'],
  resume: ['pending', 'running', 'paused'],
  cancel: ['pending', 'running', 'paused', 'failed', 'cancelled'],
  retry: ['pending', 'running', 'paused', 'failed', 'cancelled', 'completed'],
}

/**
 * Changes the desired state of a generation, durably. Segments in flight are finished and their clips kept.
 * Throws `generation.unknown`, `generation.over`.
 */
export async function controlGeneration(
  application: ControlParts,
  progressId: string,
  verb: ControlVerb,
): Promise<void> {
  let outcome: VerbOutcome
  do {
    const generation = await generationById(application.db, progressId)
    if (!generation) throw new Failure('generation.unknown', { progressId })
    const status = await currentStatus(application, generation)
    if (!allowedFrom[verb].includes(status)) {
      throw new Failure('generation.over', { status, verb: participle[verb] })
    }
    outcome = await applyVerb(application, generation, verb)
  } while (outcome === 'outdated')
  if (outcome === 'nothing') return
  application.eventBus.publish({ kind: 'generation', id: progressId })
  await application.dispatcher.refreshOne(progressId)
}

/** `nothing`: there was nothing to do; `outdated`: another command came first. */
type VerbOutcome = 'changed' | 'nothing' | 'outdated'

async function applyVerb(
  application: ControlParts,
  generation: Generation,
  verb: ControlVerb,
): Promise<VerbOutcome> {
  if (verb === 'retry') {
    const { completedAt } = await resumeGeneration(application, generation)
    return completedAt === undefined ? 'changed' : 'nothing'
  }
  const wishes = { pause: 'paused', resume: 'run', cancel: 'cancelled' } as const
  const { id, wish } = generation
  return application.db.transaction().execute(async (commit) => {
    if (!(await updateGeneration(commit, id, { wish: wishes[verb] }, wish))) return 'outdated'
    if (verb === 'resume') await application.dispatcher.plan([id], commit)
    return 'changed'
  })
}

/**
 * Clears the failures of a generation's chapters and requeues them: every missing segment is tried as if for the first
 * time. Returns whether there were any.
 */
async function retryFailed(application: ControlParts, generation: Generation): Promise<boolean> {
  const cleared = await application.counts.clearFailures(generation)
  for (const { recipe, occurrences } of cleared)
    await requeueOccurrences(application, recipe, occurrences, generation.id)
  return cleared.length > 0
}

/** Tells the scheduler that the work of generations has changed. */
interface GenerationChanges {
  plan(ids: readonly string[], transaction?: Database): Promise<void>
  refreshOne(id: string): Promise<void>
  requeue(recipe: string, occurrences: readonly Occurrence[]): Promise<void>
}

/** What requeuing segments takes. */
export interface Requeue {
  readonly db: Database
  readonly dispatcher: GenerationChanges
  readonly eventBus: EventBus
}

/**
 * Requeues segments at these places that were spoken in a recipe, or set aside, before: reopens the finished
 * generations that contain them and updates the active ones. `except`: a generation that its own request reopens.
 */
export async function requeueOccurrences(
  { db, dispatcher, eventBus }: Requeue,
  recipe: string,
  occurrences: readonly Occurrence[],
  except?: string,
): Promise<void> {
  if (occurrences.length === 0) return
  for (const id of await finishedWithOccurrences(db, recipe, occurrences)) {
    if (id === except) continue
    await db.transaction().execute(async (commit) => {
      await updateGeneration(commit, id, { completedAt: null })
      await dispatcher.plan([id], commit)
    })
    eventBus.publish({ kind: 'generation', id })
    await dispatcher.refreshOne(id)
  }
  await dispatcher.requeue(recipe, occurrences)
}
