import { type Recipe, recipeHash } from '../novel/recipe.ts'
import type { Database } from './database.ts'
import { bytes, hex } from './hash.ts'

export async function saveRecipe(db: Database, recipe: Recipe): Promise<void> {
  const { voice, speed, engine, studio } = recipe
  await db
    .insertInto('recipes')
    .values({
      hash: bytes(recipeHash(recipe)),
      voice,
      speed,
      engine,
      studio,
      pauses: JSON.stringify(recipe.pauses),
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute()
}

export async function recipeByHash(db: Database, hash: string): Promise<Recipe | undefined> {
  const row = await db.selectFrom('recipes').selectAll().where('hash', '=', bytes(hash)).executeTakeFirst()
  if (!row) return undefined
  const { voice, speed, engine, studio } = row
  return { voice, speed, engine, studio, pauses: JSON.parse(row.pauses) as Recipe['pauses'] }
}

/** The hashes of the recipes that somebody has asked for in this voice and speed. */
export async function recipesSpokenIn(db: Database, voice: string, speed: number): Promise<string[]> {
  const rows = await db
    .selectFrom('recipes')
    .select('hash')
    .where('voice', '=', voice)
    .where('speed', '=', speed)
    .execute()
  return rows.map((row) => hex(row.hash))
}
