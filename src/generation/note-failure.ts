import type { Database } from '../database/tables.ts'
import { type FailedClip, failureOf } from '../database/failures.ts'
import type { ClipKey } from '../novel/recipe.ts'
import type { ProgressCounts } from './tally-book.ts'

const maxAttempts = 3

/** Two, then four seconds, and up to a second more so that many do not come at once. */
const backoffMs = (attempts: number): number => Math.round(1000 * 2 ** attempts + Math.random() * 1000)

/**
 * Writes down that an engine could not speak a segment: tried again later, or set aside after three attempts. Returns
 * the chapters that it is part of.
 */
export async function recordFailure(
  db: Database,
  counts: ProgressCounts,
  key: ClipKey,
  error: unknown,
  now: number,
): Promise<{ failed: FailedClip; chapters: number[] }> {
  const attempts = ((await failureOf(db, key))?.attempts ?? 0) + 1
  const setAside = attempts >= maxAttempts
  const reason = error instanceof Error ? error.message : String(error)
  const failed = { attempts, reason, setAside, nextAt: setAside ? 0 : now + backoffMs(attempts) }
  return { failed, chapters: await counts.recordFailure(key, failed) }
}

/** Lets others be tried before a segment, without counting an attempt against it. */
export async function postpone(
  db: Database,
  counts: ProgressCounts,
  key: ClipKey,
  reason: string,
  nextAt: number,
): Promise<void> {
  const attempts = (await failureOf(db, key))?.attempts ?? 0
  await counts.recordFailure(key, { attempts, reason, setAside: false, nextAt })
}

/**
 * What a segment's randomness is drawn from: its key, and from the second attempt on the attempt too, for an engine
 * that is given the same again says the same again.
 */
export function seedOf({ recipe, words }: ClipKey, attempts: number): string {
  return attempts === 0 ? `${recipe}${words}` : `${recipe}${words}#${attempts}`
}
