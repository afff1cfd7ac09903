import type { Database } from '../database-tables.ts'

/** Reads a row, whichever: throws if the database does not answer. */
export async function checkDatabase(db: Database): Promise<void> {
  await db.selectFrom('novels').select('id').limit(1).executeTakeFirst()
}
