import { setTimeout as wait } from 'node:timers/promises'
import { putSalvaged, SalvagedClips } from '../database/salvage.ts'
import { isFull } from '../database/sqlite-errors.ts'
import { discardSalvaged } from '../library/trash.ts'
import { auditFinished } from './recover.ts'
import type { Studio } from './studio.ts'
import { breathe } from './turns.ts'

/** Between two tries on a full disk. */
const restMs = 5000
/** After so many commits progress is counted anew, so that it is seen to grow. */
const commitsPerCount = 100

/**
 * Brings what can be read of a damaged `clips.db` into the new one, then has the rest spoken again. Meanwhile nothing
 * is handed out, or what is about to come back would be spoken twice. Cut short, it begins again at the next start.
 */
export async function salvageClips(studio: Studio, aside: string, signal: AbortSignal): Promise<void> {
  const { db, book, folder, log, problems } = studio
  await book.recount(undefined, () => Promise.resolve())
  const salvaged = new SalvagedClips(aside)
  let clips = 0
  try {
    let commits = 0
    for await (const rows of salvaged.rows(breathe)) {
      await putWhenThereIsRoom(() => book.undisturbed(() => putSalvaged(db, rows)), signal)
      clips += rows.length
      if (++commits % commitsPerCount === 0) await book.recount(undefined, () => Promise.resolve())
      await breathe()
      if (signal.aborted) return
    }
  } finally {
    salvaged.close()
  }
  await discardSalvaged(folder, aside, Date.now())
  await book.recount(undefined, () => Promise.resolve())
  log.warn({ clips, lost: salvaged.lost }, 'what could be read of the damaged clips.db is in the new one')
  problems.solved('storage.salvaging')
  await studio.dispatcher.refresh()
  await auditFinished(studio, signal)
}

async function putWhenThereIsRoom(put: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await put()
    } catch (error) {
      if (!isFull(error)) throw error
      await wait(restMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
