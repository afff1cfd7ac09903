import { giveBackPages, sweepClips } from '../database/clips.ts'
import type { Studio } from './studio.ts'
import { breathe } from './turns.ts'

/** Small enough that a request never waits for more than some milliseconds. */
const textsPerStep = 200
const pagesPerStep = 2000

/**
 * Removes the clips of deleted texts that no novel needs any more and gives their space back to the disk. Runs after a
 * deletion and at start (a crash may have cut the last one short), a step at a time, and
 * not while there are books that the database does not know: the clips may be theirs.
 */
export async function sweepUnneededClips(
  { db, book, log, unknownBooks }: Studio,
  signal: AbortSignal,
): Promise<void> {
  let removed = 0
  while (!signal.aborted && unknownBooks.size === 0) {
    const step = await book.undisturbed(() => sweepClips(db, textsPerStep))
    removed += step.removed
    if (!step.more) break
    await breathe()
  }
  while (!signal.aborted && (await giveBackPages(db, pagesPerStep))) await breathe()
  if (removed > 0) log.info({ removed }, 'clips that no novel needs were removed')
}
