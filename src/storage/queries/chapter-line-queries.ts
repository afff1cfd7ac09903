import { sql } from 'kysely'
import type { Line } from '../../novel/cast.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { parseStoredJson } from './column-values.ts'

/** How often somebody speaks in a chapter, by `countKey`, with the first line. */
export type ChapterSpeakers = Readonly<
  Record<
    string,
    {
      readonly lines: number
      readonly block: number
      readonly start: number
      readonly end: number
      readonly text: string
    }
  >
>

const rowsPerStatement = 50

/** Stores what an analysis found; of chapters that are gone by now nothing. */
export async function saveChapterLines(
  db: Database,
  rows: readonly { readonly chapterId: number; readonly lines: string; readonly speakers: string }[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsPerStatement) {
    const batch = rows.slice(at, at + rowsPerStatement)
    await db.transaction().execute(async (commit) => {
      const ids = batch.map(({ chapterId }) => chapterId)
      const there = await sqlDialect(commit)
        .lockRows(commit.selectFrom('chapters').select('id').where('id', 'in', ids))
        .execute()
      const known = new Set(there.map(({ id }) => id))
      const values = batch.filter(({ chapterId }) => known.has(chapterId))
      if (values.length === 0) return
      await commit
        .insertInto('chapterLines')
        .values(values)
        .onConflict((conflict) =>
          conflict.column('chapterId').doUpdateSet(({ ref }) => ({
            lines: ref('excluded.lines'),
            speakers: ref('excluded.speakers'),
          })),
        )
        .execute()
    })
  }
}

/** The lines of a chapter, as stored JSON; `undefined` if it was not analysed. */
export async function storedLines(db: Database, chapterId: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('chapterLines')
    .select('lines')
    .where('chapterId', '=', chapterId)
    .executeTakeFirst()
  return row?.lines
}

export async function linesOf(db: Database, chapterId: number): Promise<readonly Line[] | undefined> {
  const lines = await storedLines(db, chapterId)
  return lines === undefined ? undefined : (parseStoredJson(lines) as Line[])
}

/** Who speaks in the chapters of a novel, in reading order; without those that were not analysed. */
export async function speakersOf(
  db: Database,
  novelId: string,
): Promise<{ readonly number: number; readonly speakers: ChapterSpeakers }[]> {
  const rows = await db
    .selectFrom('chapters')
    .innerJoin('chapterLines', 'chapterId', 'chapters.id')
    .select(['number', 'speakers'])
    .where('novelId', '=', novelId)
    .orderBy('number')
    .execute()
  return rows.map(({ number, speakers }) => ({
    number,
    speakers: parseStoredJson(speakers) as ChapterSpeakers,
  }))
}

/** How many chapters of a novel were never analysed, as those that an edit made. */
export async function countUnread(db: Database, novelId: string): Promise<number> {
  const { unread } = await db
    .selectFrom('chapters')
    .leftJoin('chapterLines', 'chapterId', 'chapters.id')
    .select(({ fn }) => fn.countAll<number>().as('unread'))
    .where('novelId', '=', novelId)
    .where('chapterLines.chapterId', 'is', null)
    .executeTakeFirstOrThrow()
  return unread
}

/** Chapters with the same text have the same lines: those of `from` are stored for `to` too. */
export async function copyLines(
  commit: Database,
  pairs: readonly (readonly [from: number, to: number])[],
): Promise<void> {
  for (const [from, to] of pairs)
    await sql`
      INSERT INTO "chapterLines" ("chapterId", lines, speakers)
      SELECT CAST(${to} AS integer), lines, speakers FROM "chapterLines" WHERE "chapterId" = ${from}`.execute(
      commit,
    )
}
