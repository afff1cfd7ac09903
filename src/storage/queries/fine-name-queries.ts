import type { Database } from '../database-tables.ts'

/** The words of a novel that somebody heard and found well said, in lower case. */
export async function fineNames(db: Database, novelId: string): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('fineNames').select('word').where('novelId', '=', novelId).execute()
  return new Set(rows.map(({ word }) => word))
}

/** Remembers that words are well said, or forgets it. */
export async function saveFineNames(
  db: Database,
  novelId: string,
  words: readonly string[],
  fine: boolean,
): Promise<void> {
  const keys = [...new Set(words.map((word) => word.toLowerCase()))]
  if (keys.length === 0) return
  if (fine)
    await db
      .insertInto('fineNames')
      .values(keys.map((word) => ({ novelId, word })))
      .onConflict((conflict) => conflict.columns(['novelId', 'word']).doNothing())
      .execute()
  else await db.deleteFrom('fineNames').where('novelId', '=', novelId).where('word', 'in', keys).execute()
}
