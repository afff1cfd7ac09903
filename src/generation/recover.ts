import { deleteIncompleteNovels, novelFiles } from '../database/novels.ts'
import { finishedGenerations, updateGeneration } from '../database/generations.ts'
import { wholeRecordings } from '../database/recordings.ts'
import { unfinishedInstalls } from '../database/voice-installs.ts'
import { listVoices } from '../database/voices.ts'
import { chaptersByGeneration } from '../database/chapters.ts'
import { sweepFiles, sweepRecordings, sweepVoices } from '../library/sweep.ts'
import type { Studio } from './studio.ts'
import { tallyOf } from './tally.ts'
import { breathe } from './turns.ts'
import { renewRecipes } from './voices-changed.ts'

/**
 * Takes up, at start, what the last run left: half imported novels and stray files go, and everything that was asked
 * for and not finished goes on.
 */
export async function recover(studio: Studio): Promise<void> {
  const { db, folder, log, dispatcher } = studio
  await deleteIncompleteNovels(db)
  const novels = await novelFiles(db)
  const removed = await sweepFiles(folder, {
    sources: new Set(novels.map(({ id }) => id)),
    covers: new Set(novels.filter(({ coverType }) => coverType !== null).map(({ id }) => id)),
  })
  const [installed, installs] = [await listVoices(db), await unfinishedInstalls(db)]
  removed.push(
    ...(await sweepVoices(folder, {
      voices: new Set(installed.map((voice) => voice.folder)),
      downloads: new Set(installs.map(({ id }) => id)),
    })),
  )
  const recorded = await wholeRecordings(db)
  removed.push(...(await sweepRecordings(folder, new Set(recorded.map(({ key }) => key)))))
  if (removed.length > 0) log.info({ removed }, 'files left by a crash were removed')
  await studio.agenda.reload()
  await renewRecipes(studio)
  await dispatcher.refresh()
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
