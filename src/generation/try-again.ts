import { finishedWithChapters, updateGeneration } from '../database/generations.ts'
import type { Generation } from '../novel/generation.ts'
import type { Application } from './studio.ts'

/** A request forgives what failed before: nothing in its chapters counts as tried, and all that is missing is tried again. */
export async function retryFailed(application: Application, { id, recipe }: Generation): Promise<void> {
  await requeueChapters(application, recipe, await application.counts.clearFailures({ id, recipe }), id)
}

/**
 * Something of these chapters is to be spoken in a recipe that was spoken, or set aside, before: whoever waits for it
 * gets it, and generations that had ended with it go on. `but`: one that its own request takes up.
 */
export async function requeueChapters(
  application: Application,
  recipe: string,
  chapterIds: readonly number[],
  except?: string,
): Promise<void> {
  if (chapterIds.length === 0) return
  const { db, dispatcher, eventBus } = application
  for (const id of await finishedWithChapters(db, recipe, chapterIds)) {
    if (id === except) continue
    await updateGeneration(db, id, { completedAt: null })
    eventBus.publish({ kind: 'generation', id })
    await dispatcher.refreshOne(id)
  }
  await dispatcher.requeue(recipe, chapterIds)
}
