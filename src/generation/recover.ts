import { hideIncompleteNovels } from '../database/delete-novel.ts'
import { finishedGenerations, updateGeneration } from '../database/generations.ts'
import { chaptersByGeneration } from '../database/chapters.ts'
import { isFull } from '../database/sqlite-errors.ts'
import { stampServerRecipes } from './begun-recipe.ts'
import type { Studio } from './studio.ts'
import { sweepFiles } from './sweep-files.ts'
import { tallyOf } from './tally.ts'
import { breathe } from './turns.ts'
import { renewRecipes } from './voices-changed.ts'

/**
 * Takes up, at start, what the last run left: half imported novels and leftover files go, and everything that was asked
 * for and not finished goes on. What finds no room on the disk is left to the moment when there is some, or to the next
 * start: what is spoken can be heard without it.
 */
export async function recover(studio: Studio): Promise<void> {
  const { db, agenda, dispatcher, log } = studio
  const steps = [
    () => hideIncompleteNovels(db),
    () => sweepFiles(studio),
    () => agenda.reload(),
    () => stampServerRecipes(studio),
    () => renewRecipes(studio),
    () => dispatcher.refresh(),
  ]
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      if (!isFull(error)) throw error
      log.warn({ err: error }, 'the disk is full: a part of what the last run left is put right later')
    }
  }
}

const generationsPerLook = 50

/**
 * Looks through what was finished for clips that are no longer there (a lost `clips.db`) and has them spoken again.
 * Runs beside everything else.
 */
export async function auditFinished(studio: Studio, signal: AbortSignal): Promise<void> {
  const { db, book, dispatcher, announcer } = studio
  let reopened = 0
  for (let offset = 0; ; offset += generationsPerLook) {
    const generations = await finishedGenerations(db, generationsPerLook, offset)
    for (const { id, wish, recipe } of generations) {
      if (signal.aborted) return
      if (wish === 'cancelled') continue
      const { total, done, setAside } = await tallyOf(book, recipe, await chaptersByGeneration(db, id))
      if (done + setAside >= total) continue
      await updateGeneration(db, id, { completedAt: null })
      announcer.tell({ kind: 'generation', id })
      reopened++
      // It is no longer in the list, so the next page begins one earlier.
      offset--
    }
    if (generations.length < generationsPerLook) break
    await breathe()
  }
  if (reopened > 0) {
    studio.log.warn({ reopened }, 'finished generations lack clips, which are spoken again')
    await dispatcher.refresh()
  }
}
