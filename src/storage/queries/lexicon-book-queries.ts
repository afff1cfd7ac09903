import type { Database } from '../database-tables.ts'
import type { LexiconState } from '../lexicon-tables.ts'
import { novelState, statesWithFiles } from '../novel-state.ts'
import { type ScopePlace, seriesKey } from './lexicon-queries.ts'
import { metadataOf, type NovelRow } from './novel-queries.ts'

/** Where a novel stands; `token` tells whether it was wanted again since. */
export interface LexiconBook {
  readonly state: LexiconState
  readonly token: string
  readonly chaptersDone: number
  readonly chaptersTotal: number
}

export async function lexiconBook(db: Database, novelId: string): Promise<LexiconBook | undefined> {
  return db
    .selectFrom('lexiconBooks')
    .select(['state', 'token', 'chaptersDone', 'chaptersTotal'])
    .where('novelId', '=', novelId)
    .executeTakeFirst()
}

/** The novels in which the entries of a place hold, also those in the trash. */
export async function novelsWithin(db: Database, place: ScopePlace): Promise<string[]> {
  const query = db
    .selectFrom('novels')
    .select(['id', 'author', 'metadata'])
    .where('complete', 'in', statesWithFiles)
    .orderBy('createdAt', 'desc')
  const isWithin = (row: Pick<NovelRow, 'author' | 'metadata'>): boolean =>
    place.scope !== 'series' || seriesKey(row.author, metadataOf(row).series?.name) === place.key
  const rows = await (place.novelId === null ? query : query.where('id', '=', place.novelId)).execute()
  return rows.filter(isWithin).map(({ id }) => id)
}

const rowsPerStatement = 200
const notBegun = { chaptersDone: 0, chaptersTotal: 0 } as const

/** Has novels brought up to date, in the caller's transaction. */
export async function wantLexicon(
  commit: Database,
  novelIds: readonly string[],
  token: string,
): Promise<void> {
  for (let at = 0; at < novelIds.length; at += rowsPerStatement)
    await commit
      .insertInto('lexiconBooks')
      .values(
        novelIds
          .slice(at, at + rowsPerStatement)
          .map((novelId) => ({ novelId, state: 'wanted' as const, token, ...notBegun })),
      )
      .onConflict((conflict) =>
        conflict.column('novelId').doUpdateSet({ state: 'wanted', token, ...notBegun }),
      )
      .execute()
}

/** Notes how far a book is, unless it was wanted again. */
export async function noteProgress(
  db: Database,
  novelId: string,
  token: string,
  chapters: { readonly done: number; readonly total: number },
): Promise<void> {
  await db
    .updateTable('lexiconBooks')
    .set({ chaptersDone: chapters.done, chaptersTotal: chapters.total })
    .where('novelId', '=', novelId)
    .where('token', '=', token)
    .where('state', '=', 'wanted')
    .execute()
}

/** Notes what became of it, in the caller's transaction, unless it was wanted again. Returns whether it was noted. */
export async function endLexicon(
  commit: Database,
  novelId: string,
  token: string,
  state: 'applied' | 'failed',
): Promise<boolean> {
  const { numUpdatedRows } = await commit
    .updateTable('lexiconBooks')
    .set({ state })
    .where('novelId', '=', novelId)
    .where('token', '=', token)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/**
 * An edit of a novel's chapters was taken back or done again, in the caller's transaction: the book is not said as the
 * lexicon has it any more, or is again, or that is to be seen.
 */
export async function noteRevertedLexicon(
  commit: Database,
  novelId: string,
  revert: { readonly direction: 'undo' | 'redo'; readonly ofLexicon: boolean },
): Promise<void> {
  const update = commit.updateTable('lexiconBooks').where('novelId', '=', novelId)
  if (!revert.ofLexicon) await update.set({ state: 'wanted' }).where('state', '=', 'applied').execute()
  else if (revert.direction === 'undo') await update.set({ state: 'undone' }).execute()
  else await update.set({ state: 'applied' }).where('state', '=', 'undone').execute()
}

/** The novels on the shelf that are to be brought up to date. */
export async function wantedLexicons(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('lexiconBooks')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select('novelId')
    .where('state', '=', 'wanted')
    .where('complete', '=', novelState.shelved)
    .execute()
  return rows.map(({ novelId }) => novelId)
}
