import type { Selectable } from 'kysely'
import { type Pauses, type Recipe, recipeHash } from '../../novel/clip.ts'

import { hashToBytes, bytesToHash, parseStoredJson } from './column-values.ts'
import type { Tables, Database } from '../database-tables.ts'

/** A recipe that something was asked for in. */
export interface SavedRecipe {
  readonly recipe: Recipe
  /**
   * What its engine is called today: recipes from before name less of what they were made with. `undefined`: it is one
   * from before that nobody has looked at yet.
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

/** The hashes of the recipes that somebody has asked for in this voice and speed. */
export async function recipesWithVoice(db: Database, voice: string, speed: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recipes')
    .select('hash')
    .where('voice', '=', voice)
    .where('speed', '=', speed)
    .execute()
  return rows.map((row) => bytesToHash(row.hash))
}

/** The recipes that a novel was asked for in this voice and speed, the latest first. */
export async function recipesOfNovel(
  db: Database,
  novelId: string,
  voice: string,
  speed: number,
): Promise<SavedRecipe[]> {
  const rows = await db
    .selectFrom('generations')
    .innerJoin('recipes', 'recipes.hash', 'generations.recipe')
    .selectAll('recipes')
    .where('generations.novelId', '=', novelId)
    .where('recipes.voice', '=', voice)
    .where('recipes.speed', '=', speed)
    .groupBy('recipes.hash')
    .orderBy(({ fn }) => fn.max('generations.createdAt'), 'desc')
    .execute()
  return rows.map(asSaved)
}

/** Those from before recipes had a pace, of which nobody has looked yet with what they were made. */
export async function unstampedRecipes(db: Database): Promise<{ hash: string; recipe: Recipe }[]> {
  const rows = await db
    .selectFrom('recipes')
    .selectAll()
    .where('pace', 'is', null)
    .where('made', 'is', null)
    .execute()
  return rows.map((row) => ({ hash: bytesToHash(row.hash), recipe: asSaved(row).recipe }))
}

/** Notes what a recipe from before was made with. Its hash, and so its clips, stay what they are. */
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
