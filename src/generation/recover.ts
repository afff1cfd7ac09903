import { hideIncompleteNovels } from '../database/delete-novel.ts'
import { finishedGenerations, updateGeneration } from '../database/generations.ts'
import { chaptersByGeneration } from '../database/chapters.ts'
import { isFull } from '../database/sqlite-errors.ts'
import { stampServerRecipes } from './begun-recipe.ts'
import type { Application } from './studio.ts'
import { sweepFiles } from './sweep-files.ts'
import { totalCounts } from './tally.ts'
import { yieldToEventLoop } from './turns.ts'
import { renewRecipes } from './voices-changed.ts'

/**
 * Takes up, at start, what the last run left: half imported novels and leftover files go, and everything that was asked
 * for and not finished goes on. What finds no room on the disk is left to the moment when there is some, or to the next
 * start: what is spoken can be heard without it.
 */
export async function recover(application: Application): Promise<void> {
  const { db, activeGenerations, dispatcher, log } = application
  const steps = [
    () => hideIncompleteNovels(db),
    () => sweepFiles(application),
    () => activeGenerations.reload(),
    () => stampServerRecipes(application),
    () => renewRecipes(application),
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

const generationsPerPage = 50

/**
 * Looks through what was finished for clips that are no longer there (a lost `clips.db`) and has them spoken again.
 * Runs beside everything else.
 */
export async function auditFinished(application: Application, signal: AbortSignal): Promise<void> {
  const { db, counts, dispatcher, eventBus } = application
  let reopened = 0
  for (let offset = 0; ; offset += generationsPerPage) {
    const generations = await finishedGenerations(db, generationsPerPage, offset)
    for (const { id, wish, recipe } of generations) {
      if (signal.aborted) return
      if (wish === 'cancelled') continue
      const { total, done, setAside } = await totalCounts(counts, recipe, await chaptersByGeneration(db, id))
      if (done + setAside >= total) continue
      await updateGeneration(db, id, { completedAt: null })
      eventBus.publish({ kind: 'generation', id })
      reopened++
      // It is no longer in the list, so the next page begins one earlier.
      offset--
    }
    if (generations.length < generationsPerPage) break
    await yieldToEventLoop()
  }
  if (reopened > 0) {
    application.log.warn({ reopened }, 'finished generations lack clips, which are spoken again')
    await dispatcher.refresh()
  }
}
