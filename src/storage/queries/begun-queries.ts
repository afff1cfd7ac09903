import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { enoughHeard } from '../../novel/heard.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { isSeenBy } from './kept-novel-queries.ts'
import type { InNovel } from './playback-queries.ts'

/** Of the novels that were listened to last, so many are looked at: among those before them nobody looks for one to go on with. */
const looked = 40

/**
 * Ids of the novels that a listener has begun, has not heard to the end and has not taken off the list: the one listened to
 * last first. At most one statement for each that is looked at, so that hundreds of novels cost no more than forty.
 */
export async function begunNovels(db: Database, listener: string, limit: number): Promise<string[]> {
  const latest = await db
    .selectFrom('positions')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select('novelId')
    .where('listener', '=', listener)
    .where('unlisted', '=', 0)
    .where('complete', '=', novelState.shelved)
    .where(isSeenBy(listener))
    .orderBy('updatedAt', 'desc')
    .orderBy('novelId')
    .limit(looked)
    .execute()
  const begun: string[] = []
  for (const { novelId } of latest) {
    if (await hasUnheard(db, { listener, novelId })) begun.push(novelId)
    if (begun.length === limit) break
    await yieldToEventLoop()
  }
  return begun
}

/** From the end: of a novel that is begun the last chapter is the first that was not heard. */
async function hasUnheard(db: Database, { listener, novelId }: InNovel): Promise<boolean> {
  const unheard = await db
    .selectFrom('chapters')
    .leftJoin('heard', (join) =>
      join
        .onRef('heard.novelId', '=', 'chapters.novelId')
        .onRef('heard.chapterNumber', '=', 'chapters.number')
        .on('heard.listener', '=', listener),
    )
    .select('chapters.id')
    .where('chapters.novelId', '=', novelId)
    .where('narrated', '=', 1)
    .where('segmentCount', '>', 0)
    .where((row) =>
      row(row.fn.coalesce('heard.segments', row.lit(0)), '<', row('segmentCount', '*', row.lit(enoughHeard))),
    )
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return unheard !== undefined
}

/**
 * Takes a novel off the list of those to go on with, or puts it there again; listening to it does so too. Returns whether
 * the listener has a position in it.
 */
export async function listBegun(db: Database, of: InNovel, listed: boolean): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('positions')
    .set({ unlisted: listed ? 0 : 1 })
    .where('listener', '=', of.listener)
    .where('novelId', '=', of.novelId)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
