import { createHash } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import type { Recipe } from '../../novel/clip.ts'
import type { DesiredState, Generation } from '../../novel/generation.ts'
import type { Database, Tables } from '../database-tables.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'
import { saveRecipe } from './recipe-queries.ts'

type Row = Omit<Selectable<Tables['generations']>, 'chapterSet'> & { voice: string; speed: number }

/** Inserts a generation with its recipe and chapters, in one durable commit. */
export async function insertGeneration(
  db: Database,
  generation: Generation,
  recipe: Recipe,
  chapterIds: readonly number[],
): Promise<void> {
  await db.transaction().execute(async (commit) => {
    await saveRecipe(commit, recipe)
    await commit
      .insertInto('generations')
      .values({
        id: generation.id,
        novelId: generation.novelId,
        recipe: hashToBytes(generation.recipe),
        priority: generation.priority,
        wish: generation.wish,
        chapterSet: chapterSetHash(chapterIds),
        createdAt: generation.createdAt,
        startedAt: null,
        completedAt: null,
      })
      .execute()
    // One statement with two parameters: compiling one with twenty thousand rows takes longer than running it.
    await sql`
      INSERT INTO "generationChapters" ("generationId", "chapterId")
      SELECT ${generation.id}, value FROM json_each(${JSON.stringify(chapterIds)})`.execute(commit)
  })
}

/** The latest generation of exactly these chapters in a recipe that is not cancelled. */
export async function equalGeneration(
  db: Database,
  novelId: string,
  recipe: string,
  chapterIds: readonly number[],
): Promise<Generation | undefined> {
  const row = await withRecipe(db)
    .where('novelId', '=', novelId)
    .where('recipe', '=', hashToBytes(recipe))
    .where('chapterSet', '=', chapterSetHash(chapterIds))
    .where('wish', '!=', 'cancelled')
    .orderBy('createdAt', 'desc')
    .executeTakeFirst()
  return row && asGeneration(row)
}

function chapterSetHash(chapterIds: readonly number[]): Uint8Array {
  const sorted = chapterIds.toSorted((one, other) => one - other)
  return createHash('sha256').update(sorted.join()).digest().subarray(0, 16)
}

/** Query: generations with their recipe's voice and speed. Excludes those of hidden novels. */
const withRecipe = (db: Database) =>
  db
    .selectFrom('generations')
    .innerJoin('recipes', 'recipes.hash', 'generations.recipe')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('novels')
          .select('novels.id')
          .whereRef('novels.id', '=', 'generations.novelId')
          .where('novels.complete', '=', 1),
      ),
    )
    .select([
      'generations.id',
      'novelId',
      'recipe',
      'priority',
      'wish',
      'createdAt',
      'startedAt',
      'completedAt',
      'voice',
      'speed',
    ])

export async function generationById(db: Database, id: string): Promise<Generation | undefined> {
  const row = await withRecipe(db).where('generations.id', '=', id).executeTakeFirst()
  return row && asGeneration(row)
}

/** Generations that are neither cancelled nor completed: by priority, highest first, then the oldest first. */
export async function unfinishedGenerations(db: Database): Promise<Generation[]> {
  const rows = await withRecipe(db)
    .where('completedAt', 'is', null)
    .where('wish', '!=', 'cancelled')
    .orderBy('priority', 'desc')
    .orderBy('createdAt')
    .orderBy('generations.id')
    .execute()
  return rows.map(asGeneration)
}

/** Generations that are completed or cancelled, the latest first. */
export async function finishedGenerations(
  db: Database,
  limit: number,
  offset: number,
): Promise<Generation[]> {
  const rows = await withRecipe(db)
    .where((row) => row.or([row('completedAt', 'is not', null), row('wish', '=', 'cancelled')]))
    .orderBy('createdAt', 'desc')
    .orderBy('generations.id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(asGeneration)
}

/** Ids of a novel's chapters, or only `chapterId`, that any generation in this recipe includes, whatever its state. */
export async function chaptersAskedFor(
  db: Database,
  { novelId, recipe, chapterId }: { novelId: string; recipe: string; chapterId?: number },
): Promise<ReadonlySet<number>> {
  const query = db
    .selectFrom('generations')
    .innerJoin('generationChapters', 'generationId', 'generations.id')
    .select('chapterId')
    .distinct()
    .where('novelId', '=', novelId)
    .where('recipe', '=', hashToBytes(recipe))
  const rows = await (chapterId === undefined ? query : query.where('chapterId', '=', chapterId)).execute()
  return new Set(rows.map((row) => row.chapterId))
}

/** Ids of the completed generations in a recipe that include any of these chapters and are not cancelled. */
export async function finishedWithChapters(
  db: Database,
  recipe: string,
  chapterIds: readonly number[],
): Promise<string[]> {
  const rows = await db
    .selectFrom('generations')
    .innerJoin('generationChapters', 'generationId', 'id')
    .select('id')
    .distinct()
    .where('chapterId', 'in', sql<number>`(SELECT value FROM json_each(${JSON.stringify(chapterIds)}))`)
    .where('recipe', '=', hashToBytes(recipe))
    .where('completedAt', 'is not', null)
    .where('wish', '!=', 'cancelled')
    .execute()
  return rows.map(({ id }) => id)
}

/** When a generation of a novel was last completed, ISO 8601. */
export async function lastCompletion(db: Database, novelId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('generations')
    .select(({ fn }) => fn.max('completedAt').as('last'))
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row?.last ?? undefined
}

export async function updateGeneration(
  db: Database,
  id: string,
  change: {
    wish?: DesiredState
    priority?: number
    /** Hash of a saved recipe. */
    recipe?: string
    startedAt?: string
    completedAt?: string | null
  },
): Promise<void> {
  const { recipe, ...columns } = change
  const set = recipe === undefined ? columns : { ...columns, recipe: hashToBytes(recipe) }
  await db.updateTable('generations').set(set).where('id', '=', id).execute()
}

function asGeneration(row: Row): Generation {
  const { id, novelId, voice, speed, priority, wish, createdAt, startedAt, completedAt } = row
  return {
    id,
    novelId,
    voice,
    speed,
    recipe: bytesToHash(row.recipe),
    priority,
    wish,
    createdAt,
    ...(startedAt !== null && { startedAt }),
    ...(completedAt !== null && { completedAt }),
  }
}
