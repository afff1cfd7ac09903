import type { Selectable } from 'kysely'
import { type Anchor, relocate, segmentAt } from '../../novel/bookmark-anchor.ts'
import { type ChaptersEdit, placeAfterEdit } from '../../novel/chapter-edit.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'

interface MarkedText {
  readonly blocks: readonly { readonly text: string }[]
  readonly segments: readonly { readonly block: number; readonly start: number; readonly end: number }[]
}

/**
 * Adjusts the bookmarks of all listeners in chapters whose text was replaced, after that and in its transaction: each stays
 * with its sentence.
 */
export async function moveBookmarks(
  commit: Database,
  novelId: string,
  numbers: readonly number[],
): Promise<void> {
  await serializeBookmarks(commit, novelId)
  const replaced = new Set(numbers)
  const rows = await commit.selectFrom('bookmarks').selectAll().where('novelId', '=', novelId).execute()
  const moving = Map.groupBy(
    rows.filter(({ chapterNumber }) => replaced.has(chapterNumber)),
    ({ chapterNumber }) => chapterNumber,
  )
  for (const [chapterNumber, bookmarks] of moving) {
    const text = await textOf(commit, novelId, chapterNumber)
    if (text) await placeBookmarks(commit, chapterNumber, text, bookmarks)
  }
}

/** Moves bookmarks along with an edit of the chapters, likewise. */
export async function moveBookmarksWithEdit(
  commit: Database,
  novelId: string,
  edit: ChaptersEdit,
): Promise<void> {
  await serializeBookmarks(commit, novelId)
  const rows = await commit
    .selectFrom('bookmarks')
    .selectAll()
    .where('novelId', '=', novelId)
    .where('chapterNumber', '>=', edit.at)
    .execute()
  const places = rows.map((row) => ({ row, place: placeAfterEdit(edit, row) }))
  for (const [chapterNumber, moved] of Map.groupBy(places, ({ place }) => place.chapterNumber)) {
    const text = await textOf(commit, novelId, chapterNumber)
    if (!text) continue
    const bookmarks = moved.map(({ row, place }) => ({
      ...row,
      ...anchorOf(text.segments[place.segment], row),
    }))
    await placeBookmarks(commit, chapterNumber, text, bookmarks)
  }
}

function anchorOf(segment: Anchor | undefined, { block, start }: Anchor): Anchor {
  return segment ? { block: segment.block, start: segment.start } : { block, start }
}

/** Puts bookmarks at their sentences in a chapter, looked for near their places. */
async function placeBookmarks(
  commit: Database,
  chapterNumber: number,
  text: MarkedText,
  bookmarks: readonly Selectable<Tables['bookmarks']>[],
): Promise<void> {
  for (const bookmark of bookmarks) {
    const anchor = relocate(bookmark, text.blocks)
    await commit
      .updateTable('bookmarks')
      .set({ ...anchor, chapterNumber, segment: segmentAt(text.segments, anchor) })
      .where('listener', '=', bookmark.listener)
      .where('novelId', '=', bookmark.novelId)
      .where('id', '=', bookmark.id)
      .execute()
  }
}

/** While a chapter's text is replaced, its segments are others. */
export async function serializeBookmarks(transaction: Database, novelId: string): Promise<void> {
  await sqlDialect(transaction).serialize(transaction, `bookmarks ${novelId}`)
}

/** `undefined`: there is no such chapter. */
export async function textOf(
  db: Database,
  novelId: string,
  chapterNumber: number,
): Promise<MarkedText | undefined> {
  const stored = await db
    .selectFrom('chapters')
    .innerJoin('chapterTexts', 'chapterId', 'chapters.id')
    .select(['blocks', 'segments'])
    .where('novelId', '=', novelId)
    .where('number', '=', chapterNumber)
    .executeTakeFirst()
  return (
    stored && {
      blocks: parseStoredJson(stored.blocks) as MarkedText['blocks'],
      segments: parseStoredJson(stored.segments) as MarkedText['segments'],
    }
  )
}
