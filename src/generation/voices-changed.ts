import { renewRecipe } from './begun-recipe.ts'
import type { Application } from './studio.ts'

/** A voice came, went or changed: what waited for it goes on, in the sound that it has now. */
export async function applyVoiceChange(application: Application): Promise<void> {
  await application.voices.reload()
  await renewRecipes(application)
  await application.dispatcher.refresh()
}

/** Every generation that waits is looked at, as `renewRecipe` does. */
export async function renewRecipes(application: Application): Promise<void> {
  for (const { generation } of application.activeGenerations.all()) await renewRecipe(application, generation)
}
