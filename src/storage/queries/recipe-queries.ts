import { type Selectable, sql } from 'kysely'
import { type Pauses, type Recipe, recipeHash } from '../../novel/clip.ts'
import type { Database, Tables } from '../database-tables.ts'
import { bytesToHash, hashToBytes, parseStoredJson } from './column-values.ts'

/** A recipe in which a generation was requested. */
export interface SavedRecipe {
  readonly recipe: Recipe
  /**
   * The equivalent engine string of today: recipes of earlier versions name fewer of the engine's parts. `undefined`
   * for such a recipe until it is determined.
   */
  readonly made: string | undefined
}

export async function saveRecipe(db: Database, recipe: Recipe): Promise<void> {
  const { voice, speed, engine, studio, pace, accent, pauses } = recipe
  await db
    .insertInto('recipes')
    .values({
      hash: hashToBytes(recipeHash(recipe)),
      voice,
      speed,
      engine,
      studio,
      pauses: JSON.stringify(pauses),
      pace: pace ?? null,
      accent: accent ?? null,
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute()
}

export async function recipeByHash(db: Database, hash: string): Promise<SavedRecipe | undefined> {
  const row = await db
    .selectFrom('recipes')
    .selectAll()
    .where('hash', '=', hashToBytes(hash))
    .executeTakeFirst()
  return row && asSaved(row)
}

/**
 * The recipes of any role of a novel's generations with this voice and speed, the latest requested first; left out: the
 * novel's own. Recipes are few and generations many, so the latest of each casting is looked up.
 */
export async function recipesOfNovel(
  db: Database,
  novelId: string,
  voice?: string,
  speed?: number,
): Promise<SavedRecipe[]> {
  const own = <Of>(column: 'voice' | 'speed') =>
    sql<Of>`(SELECT ${sql.ref(column)} FROM novels WHERE id = ${novelId})`
  const asked = db
    .selectFrom('recipes')
    .innerJoin('castingParts as part', 'part.recipe', 'recipes.hash')
    .selectAll('recipes')
    .select(({ selectFrom }) =>
      selectFrom('generations')
        .select(({ fn }) => fn.max('createdAt').as('last'))
        .whereRef('generations.casting', '=', 'part.casting')
        .where('generations.novelId', '=', novelId)
        .as('last'),
    )
    .where('recipes.voice', '=', voice ?? own<string>('voice'))
    .where('recipes.speed', '=', speed ?? own<number>('speed'))
    .as('asked')
  const rows = await db
    .selectFrom(asked)
    .selectAll()
    .where('last', 'is not', null)
    .orderBy('last', 'desc')
    .execute()
  return [...new Map(rows.map((row) => [bytesToHash(row.hash), row])).values()].map(asSaved)
}

/** Recipes from before the column `pace` whose `made` is not determined yet. */
export async function unstampedRecipes(db: Database): Promise<{ hash: string; recipe: Recipe }[]> {
  const rows = await db
    .selectFrom('recipes')
    .selectAll()
    .where('pace', 'is', null)
    .where('made', 'is', null)
    .execute()
  return rows.map((row) => ({ hash: bytesToHash(row.hash), recipe: asSaved(row).recipe }))
}

/** Stores what a recipe of an earlier version was made with. Its hash, and so its clips, stay valid. */
export async function stampRecipe(
  db: Database,
  hash: string,
  { made, accent }: { readonly made: string; readonly accent?: string | undefined },
): Promise<void> {
  await db
    .updateTable('recipes')
    .set({ made, accent: accent ?? null })
    .where('hash', '=', hashToBytes(hash))
    .execute()
}

function asSaved({ voice, speed, engine, studio, ...row }: Selectable<Tables['recipes']>): SavedRecipe {
  const recipe = {
    voice,
    speed,
    engine,
    studio,
    ...(row.pace !== null && { pace: row.pace }),
    ...(row.accent !== null && { accent: row.accent }),
    pauses: parseStoredJson(row.pauses) as Pauses,
  }
  return { recipe, made: row.made ?? (row.pace === null ? undefined : engine) }
}
