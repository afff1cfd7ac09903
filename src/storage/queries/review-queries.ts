import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'

/** UTF-16 units of a chapter's blocks (JSON) in which its first words are looked for. */
const beginning = 1500

/** The first characters of the blocks of these chapters, as JSON that is cut off, by chapter id. */
export async function chapterBeginnings(
  db: Database,
  chapterIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('chapterTexts')
    .select(['chapterId', sql<string>`substr(blocks, 1, ${beginning})`.as('start')])
    .where('chapterId', 'in', chapterIds)
    .execute()
  return new Map(rows.map(({ chapterId, start }) => [chapterId, start]))
}
