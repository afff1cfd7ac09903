import { setTimeout as wait } from 'node:timers/promises'
import { keepUnsalvaged } from '../database/clips-file.ts'
import { putSalvaged, SalvagedClips } from '../database/salvage.ts'
import { isFull, isStorageTrouble } from '../database/sqlite-errors.ts'
import { discardSalvaged } from '../library/trash.ts'
import { Failure } from '../novel/failure.ts'
import { auditFinished } from './recover.ts'
import type { Studio } from './studio.ts'
import { breathe } from './turns.ts'

/** How long a salvage waits for the disk, which may be full: nothing is spoken meanwhile, so not for ever. */
interface Patience {
  /** Between two tries. */
  readonly restMs: number
  /** So many without success are enough. */
  readonly tries: number
}

const fewMinutes: Patience = { restMs: 5000, tries: 60 }
/** After so many commits progress is counted anew, so that it is seen to grow. */
const commitsPerCount = 100

/**
 * Brings what can be read of a damaged `clips.db` into the new one, then has the rest spoken again. Meanwhile nothing
 * is handed out, or what is about to come back would be spoken twice. Cut short, it begins again at the next start.
 * Whatever goes wrong with it, the work goes on behind it, and the damaged file is kept.
 */
export async function salvageClips(
  studio: Studio,
  aside: string,
  signal: AbortSignal,
  patience = fewMinutes,
): Promise<void> {
  const { log, problems } = studio
  try {
    await bringOver(studio, aside, signal, patience)
  } catch (error) {
    if (!signal.aborted) giveUp(studio, aside, error)
  }
  if (signal.aborted) return
  problems.solved('storage.salvaging')
  try {
    await studio.book.recount(undefined, () => Promise.resolve())
    await studio.dispatcher.refresh()
    await auditFinished(studio, signal)
  } catch (error) {
    log.error(
      { err: error },
      'what a damaged clips.db has lost could not all be asked for; the next start does it',
    )
  }
}

/** Returns when it is done or the signal aborts. Throws what SQLite says, of a full disk only in the end. */
async function bringOver(
  { db, book, folder, log }: Studio,
  aside: string,
  signal: AbortSignal,
  patience: Patience,
): Promise<void> {
  await book.recount(undefined, () => Promise.resolve())
  const salvaged = new SalvagedClips(aside)
  let clips = 0
  try {
    let commits = 0
    for await (const rows of salvaged.rows(breathe)) {
      await putWhenItCan(() => book.undisturbed(() => putSalvaged(db, rows)), signal, patience)
      if (signal.aborted) return
      clips += rows.length
      if (++commits % commitsPerCount === 0) await book.recount(undefined, () => Promise.resolve())
      await breathe()
    }
  } finally {
    salvaged.close()
  }
  log.warn({ clips, lost: salvaged.lost }, 'what could be read of the damaged clips.db is in the new one')
  await discardSalvaged(folder, aside, Date.now()).catch((error: unknown) =>
    log.error({ err: error, aside }, 'what is left of the damaged clips.db could not be put into the trash'),
  )
}

/** The disk or another program refuses for a while; damage of `nightjar.db` is for good. */
function mayPass(error: unknown): boolean {
  return isStorageTrouble(error) && !(error instanceof Failure)
}

/** What the disk refuses it may allow at the next start, which tries again; anything else would be met again. */
function giveUp({ folder, log, problems }: Studio, aside: string, error: unknown): void {
  let kept = aside
  try {
    if (!mayPass(error)) kept = keepUnsalvaged(folder.clipsDb, aside)
  } catch (cause) {
    log.error({ err: cause, aside }, 'a damaged clips.db could not be moved away')
  }
  const detail = isFull(error) ? 'there is no room for it' : 'the log has the details'
  const sentence = problems.note('storage.unsalvaged', { folder: folder.root, detail, file: kept })
  log.error({ err: error }, sentence)
}

async function putWhenItCan(
  put: () => Promise<void>,
  signal: AbortSignal,
  { restMs, tries }: Patience,
): Promise<void> {
  for (let tried = 1; !signal.aborted; tried++) {
    try {
      return await put()
    } catch (error) {
      if (!mayPass(error) || tried >= tries) throw error
      await wait(restMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
