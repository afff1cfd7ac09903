import type { Casting } from '../../novel/casting.ts'
import type { Database } from '../../storage/database-tables.ts'
import { countRemade } from '../../storage/queries/progress-queries.ts'
import { yieldToEventLoop } from '../concurrency.ts'

/** Chapters counted before yielding: some milliseconds. */
const chaptersPerStep = 40

/** How many segments of chapters have a clip in one casting and none in the other, by chapter; none: left out. */
export async function remadeCounts(
  db: Database,
  chapterIds: readonly number[],
  from: Casting,
  to: Casting,
): Promise<ReadonlyMap<number, number>> {
  const counted = new Map<number, number>()
  if (from.id === to.id) return counted
  for (let at = 0; at < chapterIds.length; at += chaptersPerStep) {
    const some = await countRemade(db, chapterIds.slice(at, at + chaptersPerStep), from, to)
    for (const [id, count] of some) counted.set(id, count)
    await yieldToEventLoop()
  }
  return counted
}
