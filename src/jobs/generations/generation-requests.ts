import { v7 as uuidv7 } from 'uuid'
import type { Casting } from '../../novel/casting.ts'
import type { Recipe } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Generation } from '../../novel/generation.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  type ChapterRow,
  chaptersBetween,
  chaptersOf,
  countChapters,
} from '../../storage/queries/chapter-queries.ts'
import { generationsOfOne, insertGenerationAtOnce } from '../../storage/queries/generation-at-once-queries.ts'
import { equalGenerations, insertGeneration } from '../../storage/queries/generation-queries.ts'
import { insertReadyChapters } from '../../storage/queries/ready-chapter-queries.ts'
import { novelById, type NovelRow, updateNovel } from '../../storage/queries/novel-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { castingFor, readCasting } from '../voices/generation-recipes.ts'
import { resumeGeneration, retryFailed } from './generation-commands.ts'

/** What accepts and controls generations. */
export type GenerationParts = Pick<
  Application,
  'activeGenerations' | 'counts' | 'db' | 'dispatcher' | 'eventBus' | 'log' | 'voices' | 'webhooks'
>

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
  /** Whether this request has made it. */
  readonly isNew: boolean
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
  const { generation, chapters, isNew } = accepted
  const read = { chapters, ...(isNew && { made: generation }) }
  application.dispatcher.refreshOne(generation.id, read).catch((error: unknown) => {
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
  const { novel, chapters, sound, alone } = await readRequest(db, request)
  const chapterIds = chapters.map(({ id }) => id)
  if (chapters.length > yieldAboveChapters) await yieldToEventLoop()
  const { voices } = application
  const [{ casting, recipes }, equal] = await sqlDialect(db).readTogether(db, (one) =>
    Promise.all([
      castingFor({ db: one, voices }, novel, request, sound),
      alone ?? equalGenerations(one, novel.id, chapterIds),
    ]),
  )
  const [narrator] = recipes
  // The voice is fixed now: one that is installed later must not replace it in the middle of a novel.
  if (novel.voice === null && request.voice === undefined)
    await updateNovel(db, novel.id, { voice: narrator.voice })
  const resume = async (same: Generation) => ({
    generation: await resumeGeneration(application, same, request.priority),
    chapters,
    isNew: false,
  })
  const known = equal.find((each) => each.casting.id === casting.id)
  if (known) return resume(known)
  const generation = newGeneration(novel.id, casting, narrator, request.priority)
  const ready = await application.webhooks.readyBefore(casting, chapters)
  const plan = (commit: Database) => application.dispatcher.plan([generation.id], commit)
  const made = ready.length === 0 ? await insertGenerationAtOnce(db, generation, chapterIds, plan) : undefined
  let anyFailed = made?.hasFailures ?? false
  if (!made) {
    const same = await insertGeneration(db, generation, recipes, chapterIds, async (commit, hasFailures) => {
      anyFailed = hasFailures
      await insertReadyChapters(commit, casting.id, ready)
      await plan(commit)
    })
    if (same === 'outdated') return undefined
    if (same) return resume(same)
  }
  if (chapters.length > yieldAboveChapters) await yieldToEventLoop()
  if (anyFailed) await retryFailed(application, generation)
  return { generation, chapters, isNew: true }
}

/**
 * What does not depend on each other is read at once: from a database on another machine each answer takes its time. Of one
 * chapter that is all. Throws like `requestedChapters`. `alone`: the generations of the only chapter that is asked for.
 */
async function readRequest(db: Database, request: GenerationRequest) {
  const { novelId, chapterNumbers = [] } = request
  const [first] = chapterNumbers
  const [novel, rows, sound, alone] = await sqlDialect(db).readTogether(db, (one) =>
    Promise.all([
      ...novelAndChapters(one, request),
      readCasting(one, novelId, request),
      first !== undefined && chapterNumbers.length === 1 ? generationsOfOne(one, novelId, first) : undefined,
    ]),
  )
  return { ...(await checkRequest(db, request, novel, rows)), sound, alone }
}

type NamedChapters = Pick<GenerationRequest, 'novelId' | 'chapterNumbers'>

/**
 * The novel that a request names and the chapters of it that have something to speak. Throws `novel.unknown`,
 * `chapter.unknown`, `chapter.nothing-to-speak`.
 */
export async function requestedChapters(db: Database, named: NamedChapters): Promise<RequestedChapters> {
  const read = (one: Database) => Promise.all(novelAndChapters(one, named))
  return checkRequest(db, named, ...(await sqlDialect(db).readTogether(db, read)))
}

interface RequestedChapters {
  readonly novel: NovelRow
  readonly chapters: ChapterRow[]
}

function novelAndChapters(db: Database, { novelId, chapterNumbers }: NamedChapters) {
  return [novelById(db, novelId), chapterRows(db, novelId, chapterNumbers)] as const
}

async function checkRequest(
  db: Database,
  { novelId, chapterNumbers: numbers }: NamedChapters,
  novel: NovelRow | undefined,
  rows: readonly ChapterRow[],
): Promise<RequestedChapters> {
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
    desiredState: 'run',
    createdAt: new Date().toISOString(),
  }
}
