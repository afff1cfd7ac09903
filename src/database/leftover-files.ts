import type { Database } from './tables.ts'

/** Files and folders, below the data folder, of novels and voices that were deleted or not yet written down. */
export async function leftoverFiles(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('leftoverFiles').select('path').execute()
  return rows.map(({ path }) => path)
}

/**
 * Before files are put where they shall stay: a crash before their row is written leaves them to the next start. The
 * row's own commit takes this back.
 */
export async function noteLeftover(db: Database, path: string): Promise<void> {
  await db
    .insertInto('leftoverFiles')
    .values({ path })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** They are removed. */
export async function forgetLeftovers(db: Database, paths: readonly string[]): Promise<void> {
  const perStatement = 500
  for (let at = 0; at < paths.length; at += perStatement) {
    await db
      .deleteFrom('leftoverFiles')
      .where('path', 'in', paths.slice(at, at + perStatement))
      .execute()
  }
}
