import { updateGeneration } from '../database/generations.ts'
import { novelById } from '../database/novels.ts'
import { recipeByHash, saveRecipe } from '../database/recipes.ts'
import { Failure } from '../novel/failure.ts'
import type { Generation } from '../novel/generation.ts'
import { recipeHash } from '../novel/recipe.ts'
import { isStillSpoken } from './begun-recipe.ts'
import type { Studio } from './studio.ts'

/** A voice came, went or changed: what waited for it goes on, in the sound that it has now. */
export async function voicesChanged(studio: Studio): Promise<void> {
  await studio.voices.reload()
  await renewRecipes(studio)
  await studio.dispatcher.refresh()
}

/** Every generation that waits is looked at, as `renewRecipe` does. */
export async function renewRecipes(studio: Studio): Promise<void> {
  for (const { generation } of studio.agenda.all()) await renewRecipe(studio, generation)
}

/**
 * What was asked for before an engine or the studio changed is finished with what there is now. What can still be spoken
 * as it was begun goes on so, and what nobody knows yet with what it was made waits. Returns whether the generation has
 * another recipe now.
 */
export async function renewRecipe(
  { db, voices, log }: Pick<Studio, 'db' | 'voices' | 'log'>,
  generation: Generation,
): Promise<boolean> {
  const [novel, old] = [await novelById(db, generation.novelId), await recipeByHash(db, generation.recipe)]
  if (!novel || old?.made === undefined) return false
  try {
    const recipe = voices.recipe(novel, { voice: old.recipe.voice, speed: old.recipe.speed })
    if (recipeHash(recipe) === generation.recipe || isStillSpoken(old, recipe)) return false
    await saveRecipe(db, recipe)
    await updateGeneration(db, generation.id, { recipe: recipeHash(recipe) })
    return true
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    log.warn({ generation: generation.id, reason: error.message }, 'a generation waits for its voice')
    return false
  }
}
