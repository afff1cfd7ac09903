import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { type ListeningPlace, readingWindow } from '../../novel/reading-window.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { type ChapterRow, chaptersOf } from './chapter-queries.ts'
import { heardCounts } from './playback-queries.ts'

/** That so many chapters of a novel are kept spoken ahead of whoever listens. */
export interface KeptAhead {
  readonly novelId: string
  /** Of the generation that has the chapters of the window. */
  readonly generationId: string
  readonly chapters: number
  /** `null`: the novel's. */
  readonly voice: string | null
  readonly speed: number | null
  /** In which chapters listeners were when its window was last moved, see `ReadingWindow`. */
  readonly places: string
}

export async function keptAheadOf(db: Database, novelId: string): Promise<KeptAhead | undefined> {
  return db
    .selectFrom('keptAhead')
    .select(['novelId', 'generationId', 'chapters', 'voice', 'speed', 'places'])
    .where('novelId', '=', novelId)
    .executeTakeFirst()
}

/** Ids of the visible novels that have one. */
export async function novelsKeptAhead(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('keptAhead')
    .innerJoin('novels', 'novels.id', 'novelId')
    .select('novelId')
    .where('complete', '=', novelState.shelved)
    .orderBy('novelId')
    .execute()
  return rows.map(({ novelId }) => novelId)
}

/** Whether somebody is in another chapter than when the window was last moved. Reads a row for each listener. */
export async function hasListenerMoved(db: Database, novelId: string): Promise<boolean> {
  const rows = await db
    .selectFrom('keptAhead')
    .leftJoin('positions', 'positions.novelId', 'keptAhead.novelId')
    .select(['places', 'chapterNumber'])
    .where('keptAhead.novelId', '=', novelId)
    .execute()
  const [first] = rows
  return first !== undefined && first.places !== placesText(rows.map(({ chapterNumber }) => chapterNumber))
}

function placesText(numbers: readonly (number | null)[]): string {
  const known = new Set(numbers.filter((number) => number !== null))
  return [...known].toSorted((one, other) => one - other).join()
}

/** What is to be spoken of a novel. */
export interface ReadingWindow {
  readonly chapters: readonly ChapterRow[]
  /** Numbers of the chapters in which somebody listens, ascending, separated by commas. */
  readonly places: string
}

/** The chapters of a novel that are to be spoken so that `ahead` of them lie before each listener. */
export async function windowOf(db: Database, novelId: string, ahead: number): Promise<ReadingWindow> {
  const chapters = await chaptersOf(db, novelId)
  const positions = await db
    .selectFrom('positions')
    .select(['listener', 'chapterNumber'])
    .where('novelId', '=', novelId)
    .execute()
  const places: ListeningPlace[] = []
  for (const { listener, chapterNumber } of positions)
    places.push({ chapterNumber, heard: await heardCounts(db, listener, novelId) })
  return {
    chapters: readingWindow(chapters, places, ahead),
    places: placesText(places.map(({ chapterNumber }) => chapterNumber)),
  }
}

export async function saveKeptAhead(db: Database, { novelId, ...kept }: KeptAhead): Promise<void> {
  await db
    .insertInto('keptAhead')
    .values({ novelId, ...kept })
    .onConflict((conflict) => conflict.column('novelId').doUpdateSet(kept))
    .execute()
}

/** Number of the last chapter of a novel that is read out. */
export async function lastNarrated(db: Database, novelId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('chapters')
    .select('number')
    .where('novelId', '=', novelId)
    .where('narrated', '=', 1)
    .where('segmentCount', '>', 0)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.number
}

export async function deleteKeptAhead(db: Database, novelId: string): Promise<void> {
  await db.deleteFrom('keptAhead').where('novelId', '=', novelId).execute()
}

/** In place of the hash of a generation's chapters: nobody who asks for the same ones means this generation. */
export function ownChapterSet(generationId: string): Uint8Array {
  return createHash('sha256').update(`ahead ${generationId}`).digest().subarray(0, 16)
}

/** Gives a generation these chapters and no others. Returns how many it did not have, and how many it has no more. */
export async function replaceChapters(
  db: Database,
  generationId: string,
  chapterIds: readonly number[],
): Promise<{ readonly added: number; readonly removed: number }> {
  const rows = await db
    .selectFrom('generationChapters')
    .select('chapterId')
    .where('generationId', '=', generationId)
    .execute()
  const had = new Set(rows.map(({ chapterId }) => chapterId))
  const wanted = new Set(chapterIds)
  const added = chapterIds.filter((id) => !had.has(id))
  const removed = [...had].filter((id) => !wanted.has(id))
  const listed = (ids: readonly number[]) => sqlDialect(db).numbers(ids)
  if (removed.length > 0)
    await db
      .deleteFrom('generationChapters')
      .where('generationId', '=', generationId)
      .where('chapterId', 'in', sql<number>`(SELECT value FROM ${listed(removed)})`)
      .execute()
  if (added.length > 0)
    await sql`
      INSERT INTO "generationChapters" ("generationId", "chapterId")
      SELECT cast(${generationId} AS text), value FROM ${listed(added)}`.execute(db)
  return { added: added.length, removed: removed.length }
}
