import type { Database } from '../database/database.ts'
import { type FailedClip, failureOf, saveFailure } from '../database/failures.ts'
import type { ClipKey } from '../novel/recipe.ts'
import type { TallyBook } from './tally-book.ts'

const mostAttempts = 3

/** Two, then four seconds, and up to a second more so that many do not come at once. */
const backoff = (attempts: number): number => Math.round(1000 * 2 ** attempts + Math.random() * 1000)

/**
 * Writes down that a segment could not be spoken: tried again later, or set aside after three attempts. Returns the
 * chapters that it is part of.
 */
export async function noteFailure(
  db: Database,
  book: TallyBook,
  key: ClipKey,
  error: unknown,
  now: number,
): Promise<{ failed: FailedClip; chapters: number[] }> {
  const attempts = ((await failureOf(db, key))?.attempts ?? 0) + 1
  const setAside = attempts >= mostAttempts
  const reason = error instanceof Error ? error.message : String(error)
  const failed = { attempts, reason, setAside, nextAt: setAside ? 0 : now + backoff(attempts) }
  const save = () => saveFailure(db, key, failed)
  if (setAside) return { failed, chapters: await book.setAside(key, save) }
  await save()
  return { failed, chapters: [] }
}

/** Lets others be tried before a segment, without counting an attempt against it. */
export async function postpone(db: Database, key: ClipKey, reason: string, nextAt: number): Promise<void> {
  const attempts = (await failureOf(db, key))?.attempts ?? 0
  await saveFailure(db, key, { attempts, reason, setAside: false, nextAt })
}
