import type { Database } from '../database-tables.ts'
import { hideNovel } from './deletion-queries.ts'
import { type Eyes, isSeenBy } from './kept-novel-queries.ts'
import type { NovelRow } from './novel-queries.ts'
import { novelState, statesOfNovels } from '../novel-state.ts'

/** A novel in the trash, with when it came there. */
export type TrashedNovel = NovelRow & { readonly deletedAt: string }

/** Moves a novel to the trash, where no other query finds it. Returns whether it was there to be moved. */
export async function moveNovelToTrash(db: Database, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('novels')
    .set({ complete: novelState.trashed, deletedAt: new Date().toISOString() })
    .where('id', '=', id)
    .where('complete', '=', novelState.shelved)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** Puts a novel back. Returns whether it was in the trash. */
export async function putNovelBack(db: Database, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('novels')
    .set({ complete: novelState.shelved, deletedAt: null })
    .where('id', '=', id)
    .where('complete', '=', novelState.trashed)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/** The novels in the trash that these eyes see, the last deleted first. `ownAlone`: not those of the house. */
export async function trashedNovels(
  db: Database,
  eyes: Eyes,
  {
    limit,
    offset,
    ownAlone,
  }: { readonly limit: number; readonly offset: number; readonly ownAlone: boolean },
): Promise<TrashedNovel[]> {
  const rows = await db
    .selectFrom('novels')
    .selectAll()
    .where('complete', '=', novelState.trashed)
    .where(isSeenBy(eyes))
    .$if(ownAlone, (query) => query.where('keeper', 'is not', null))
    .orderBy('deletedAt', 'desc')
    .orderBy('id')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map((row) => ({ ...row, deletedAt: row.deletedAt ?? row.createdAt }))
}

/** The novel in the trash that was imported from a file (`sourceOf`). */
export async function trashedBySource(db: Database, source: string): Promise<NovelRow | undefined> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('sourceSha256', '=', source)
    .where('complete', '=', novelState.trashed)
    .executeTakeFirst()
}

/** Ids of the novels that were moved to the trash before a time (ISO 8601). */
export async function trashedBefore(db: Database, time: string): Promise<string[]> {
  const rows = await db
    .selectFrom('novels')
    .select('id')
    .where('complete', '=', novelState.trashed)
    .where('deletedAt', '<', time)
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * Hides a novel, in the trash or not, and its generations for good, and lets its source file be imported again. Its rows,
 * up to a million, are deleted afterwards in batches. `trashedBefore`: only if it is in the trash since before this time
 * (ISO 8601). Returns whether there was such a novel.
 */
export async function hideNovelForGood(db: Database, id: string, trashedBefore?: string): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const { numUpdatedRows } = await commit
      .updateTable('novels')
      .set({ complete: novelState.hidden })
      .where('id', '=', id)
      .where('complete', 'in', trashedBefore === undefined ? statesOfNovels : [novelState.trashed])
      .$if(trashedBefore !== undefined, (update) => update.where('deletedAt', '<', trashedBefore ?? ''))
      .executeTakeFirstOrThrow()
    if (numUpdatedRows === 0n) return false
    await hideNovel(commit, id)
    return true
  })
}
