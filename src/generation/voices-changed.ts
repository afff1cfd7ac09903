import { renewRecipe } from './begun-recipe.ts'
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
