import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'

/** UTF-16 units of a chapter's blocks (JSON) in which its first words are looked for. */
const beginning = 1500

/** The first characters of each chapter's blocks, as JSON that is cut off, by the chapter's number. */
export async function chapterBeginnings(db: Database, novelId: string): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('chapters')
    .innerJoin('chapterTexts', 'chapterId', 'chapters.id')
    .select(['number', sql<string>`substr(blocks, 1, ${beginning})`.as('start')])
    .where('novelId', '=', novelId)
    .execute()
  return new Map(rows.map(({ number, start }) => [number, start]))
}
