import { v7 as uuidv7 } from 'uuid'
import { type ChapterRow, chaptersBetween, chaptersOf } from '../database/chapters.ts'
import type { Database } from '../database/tables.ts'
import { equalGeneration, insertGeneration, updateGeneration } from '../database/generations.ts'
import { importReportOf } from '../database/import-report.ts'
import { novelById, type NovelRow, updateNovel } from '../database/novels.ts'
import { Failure } from '../novel/failure.ts'
import type { Generation } from '../novel/generation.ts'
import { type Recipe, recipeHash } from '../novel/recipe.ts'
import { recipeOf } from './begun-recipe.ts'
import type { Application } from './studio.ts'
import { retryFailed } from './try-again.ts'
import { yieldToEventLoop } from './turns.ts'

export interface GenerationRequest {
  readonly novelId: string
  /** Left out: every narrated chapter. */
  readonly chapterNumbers?: readonly number[]
  readonly voice?: string | undefined
  readonly speed?: number | undefined
  readonly priority?: number | undefined
}

export interface AcceptedGeneration {
  readonly generation: Generation
  readonly chapters: readonly ChapterRow[]
}

/**
 * Writes a request down; when this returns it is durable and the work goes on by itself. The same chapters asked for
 * again in the same recipe are the same generation: taken up if it was paused, tried again if it had failed.
 * Throws `novel.unknown`, `chapter.unknown`, `chapter.nothing-to-speak`, `voice.unknown`, `voice.none`.
 */
export async function requestGeneration(application: Application, request: GenerationRequest): Promise<AcceptedGeneration> {
  const accepted = await application.requestMutex.run(() => acceptRequest(application, request))
  application.eventBus.publish({ kind: 'generation', id: accepted.generation.id })
  const { dispatcher } = application
  dispatcher.refreshOne(accepted.generation.id, accepted.chapters).catch((error: unknown) => {
    application.log.error({ err: error }, 'a new request could not be taken up')
  })
  return accepted
}

/** With more, reading, writing and counting them are some milliseconds each, and others have their turn in between. */
const yieldAboveChapters = 500

async function acceptRequest(application: Application, request: GenerationRequest): Promise<AcceptedGeneration> {
  const { db } = application
  const novel = await novelById(db, request.novelId)
  if (!novel) throw new Failure('novel.unknown', { novelId: request.novelId })
  const chapters = await requestedChapters(db, novel, request.chapterNumbers)
  const recipe = await recipeOf(application, novel, request)
  // A voice that is installed later must not take over in the middle of a book.
  if (novel.voice === null && request.voice === undefined)
    await updateNovel(db, novel.id, { voice: recipe.voice })
  const chapterIds = chapters.map(({ id }) => id)
  if (chapters.length > yieldAboveChapters) await yieldToEventLoop()
  const same = await equalGeneration(db, novel.id, recipeHash(recipe), chapterIds)
  if (same) return { generation: await resumeGeneration(application, same, request.priority), chapters }
  const generation = newGeneration(novel.id, recipe, request.priority)
  await insertGeneration(db, generation, recipe, chapterIds)
  if (chapters.length > yieldAboveChapters) await yieldToEventLoop()
  await retryFailed(application, generation)
  return { generation, chapters }
}

async function requestedChapters(
  db: Database,
  novel: NovelRow,
  numbers: readonly number[] | undefined,
): Promise<ChapterRow[]> {
  const wanted =
    numbers === undefined
      ? (await chaptersOf(db, novel.id)).filter(({ narrated }) => narrated === 1)
      : await findChaptersByNumber(db, novel, numbers)
  const chosen = wanted.filter(({ segmentCount }) => segmentCount > 0)
  if (chosen.length === 0) throw new Failure('chapter.nothing-to-speak')
  return chosen
}

async function findChaptersByNumber(
  db: Database,
  novel: NovelRow,
  numbers: readonly number[],
): Promise<ChapterRow[]> {
  const wanted = new Set(numbers)
  const rows = await chaptersBetween(db, novel.id, [Math.min(...wanted), Math.max(...wanted)])
  const known = new Set(rows.map(({ number }) => number))
  for (const chapterNumber of wanted) {
    if (known.has(chapterNumber)) continue
    const { chapters } = importReportOf(novel)
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount: chapters })
  }
  return rows.filter(({ number }) => wanted.has(number))
}

function newGeneration(novelId: string, recipe: Recipe, priority = 0): Generation {
  return {
    id: uuidv7(),
    novelId,
    voice: recipe.voice,
    speed: recipe.speed,
    recipe: recipeHash(recipe),
    priority,
    wish: 'run',
    createdAt: new Date().toISOString(),
  }
}

/** Somebody asks again for what was asked before. */
async function resumeGeneration(application: Application, existing: Generation, priority: number | undefined): Promise<Generation> {
  const changes = {
    wish: 'run' as const,
    ...(priority !== undefined && priority > existing.priority && { priority }),
  }
  await retryFailed(application, existing)
  await updateGeneration(application.db, existing.id, { ...changes, completedAt: null })
  const { completedAt: _, ...unfinished } = existing
  return { ...unfinished, ...changes }
}
