import { updateGeneration } from '../database/generations.ts'
import { novelById } from '../database/novels.ts'
import { recipeByHash, saveRecipe } from '../database/recipes.ts'
import { Failure } from '../novel/failure.ts'
import { recipeHash } from '../novel/recipe.ts'
import { isStillSpoken } from './begun-recipe.ts'
import type { Studio } from './studio.ts'

/** A voice came, went or changed: what waited for it goes on, in the sound that it has now. */
export async function voicesChanged(studio: Studio): Promise<void> {
  await studio.voices.reload()
  await renewRecipes(studio)
  await studio.dispatcher.refresh()
}

/**
 * What was asked for before an engine or the studio changed is finished with what there is now. What can still be spoken
 * as it was begun goes on so.
 */
export async function renewRecipes({ db, agenda, voices, log }: Studio): Promise<void> {
  for (const { generation } of agenda.all()) {
    const [novel, old] = [await novelById(db, generation.novelId), await recipeByHash(db, generation.recipe)]
    if (!novel || !old) continue
    try {
      const recipe = voices.recipe(novel, { voice: old.recipe.voice, speed: old.recipe.speed })
      if (recipeHash(recipe) === generation.recipe || isStillSpoken(old, recipe)) continue
      await saveRecipe(db, recipe)
      await updateGeneration(db, generation.id, { recipe: recipeHash(recipe) })
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      log.warn({ generation: generation.id, reason: error.message }, 'a generation waits for its voice')
    }
  }
}
