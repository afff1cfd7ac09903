import { finishedWithChapters, updateGeneration } from '../database/generations.ts'
import type { Generation } from '../novel/generation.ts'
import type { Studio } from './studio.ts'

/** A request forgives what failed before: nothing in its chapters counts as tried, and all that is missing is tried again. */
export async function tryAgain(studio: Studio, { id, recipe }: Generation): Promise<void> {
  await speakAgain(studio, recipe, await studio.book.forgive({ id, recipe }), id)
}

/**
 * Something of these chapters is to be spoken in a recipe that was spoken, or set aside, before: whoever waits for it
 * gets it, and generations that had ended with it go on. `but`: one that its own request takes up.
 */
export async function speakAgain(
  studio: Studio,
  recipe: string,
  chapterIds: readonly number[],
  but?: string,
): Promise<void> {
  if (chapterIds.length === 0) return
  const { db, dispatcher, announcer } = studio
  for (const id of await finishedWithChapters(db, recipe, chapterIds)) {
    if (id === but) continue
    await updateGeneration(db, id, { completedAt: null })
    announcer.tell({ kind: 'generation', id })
    await dispatcher.look(id)
  }
  await dispatcher.reopen(recipe, chapterIds)
}
