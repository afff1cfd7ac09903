import type { Selectable } from 'kysely'
import { segmentAt } from '../../novel/bookmark-anchor.ts'
import type { Database, Tables } from '../database-tables.ts'
import { serializeBookmarks, textOf } from './bookmark-move-queries.ts'
import type { InNovel } from './playback-queries.ts'
import { novelState } from '../novel-state.ts'
import { isSeenBy } from './kept-novel-queries.ts'

export type BookmarkRow = Selectable<Tables['bookmarks']>

/** Where a bookmark is put: at a segment, or at a character of a block. */
export interface NewBookmark {
  readonly id: string
  readonly chapterNumber: number
  readonly at: number | { readonly block: number; readonly start: number }
  readonly note: string
  /** Left out: now, or when the bookmark of this id was made. */
  readonly createdAt?: string | undefined
}

/**
 * Puts a bookmark, or changes the one of this id, in one durable commit: asking twice is asking once. A new one without a note at
 * a sentence that is marked without a note is that one, whose id it has. `undefined`: there is no such chapter, or no text at
 * this place.
 */
export async function saveBookmark(
  db: Database,
  { listener, novelId }: InNovel,
  { id, chapterNumber, at, note, createdAt }: NewBookmark,
): Promise<BookmarkRow | undefined> {
  return db.transaction().execute(async (commit) => {
    // While the chapter's text is replaced its segments are others.
    await serializeBookmarks(commit, novelId)
    const text = await textOf(commit, novelId, chapterNumber)
    const segment = typeof at === 'number' ? at : text && segmentAt(text.segments, at)
    const sentence = segment === undefined ? undefined : text?.segments[segment]
    if (segment === undefined || !sentence) return undefined
    const { block, start, end } = sentence
    const quote = text?.blocks[block]?.text.slice(start, end).trim() ?? ''
    const known = await bookmarksQuery(commit, { listener, novelId }).where('id', '=', id).executeTakeFirst()
    if (!known && note === '') {
      const same = await bookmarksQuery(commit, { listener, novelId })
        .where('chapterNumber', '=', chapterNumber)
        .where('block', '=', block)
        .where('start', '=', start)
        .where('note', '=', '')
        .executeTakeFirst()
      if (same) return same
    }
    const updatedAt = new Date().toISOString()
    const row = { chapterNumber, block, start, segment, quote, note, updatedAt }
    const made = { createdAt: createdAt ?? known?.createdAt ?? updatedAt }
    await commit
      .insertInto('bookmarks')
      .values({ listener, novelId, id, ...row, ...made })
      .onConflict((conflict) =>
        conflict.columns(['listener', 'novelId', 'id']).doUpdateSet({ ...row, ...made }),
      )
      .execute()
    return { listener, novelId, id, ...row, ...made }
  })
}

/** Returns whether there was one. */
export async function deleteBookmark(
  db: Database,
  { listener, novelId }: InNovel,
  id: string,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('bookmarks')
    .where('listener', '=', listener)
    .where('novelId', '=', novelId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows > 0n
}

/** In reading order. */
export async function bookmarksOf(db: Database, of: InNovel): Promise<BookmarkRow[]> {
  return bookmarksQuery(db, of)
    .orderBy('chapterNumber')
    .orderBy('block')
    .orderBy('start')
    .orderBy('id')
    .execute()
}

/** A listener's bookmarks in all visible novels: the novel that was marked last first, within it in reading order. */
export async function allBookmarks(db: Database, listener: string): Promise<BookmarkRow[]> {
  const rows = await db
    .selectFrom('bookmarks')
    .innerJoin('novels', 'novels.id', 'bookmarks.novelId')
    .selectAll('bookmarks')
    .where('listener', '=', listener)
    .where('complete', '=', novelState.shelved)
    .where(isSeenBy(listener))
    .orderBy('chapterNumber')
    .orderBy('block')
    .orderBy('start')
    .execute()
  const latest = (of: readonly BookmarkRow[]): string =>
    of.reduce((last, { createdAt }) => (createdAt > last ? createdAt : last), '')
  const byNovel = [...Map.groupBy(rows, ({ novelId }) => novelId).values()]
  return byNovel.toSorted((a, b) => latest(b).localeCompare(latest(a))).flat()
}

function bookmarksQuery(db: Database, { listener, novelId }: InNovel) {
  return db
    .selectFrom('bookmarks')
    .selectAll()
    .where('listener', '=', listener)
    .where('novelId', '=', novelId)
}
