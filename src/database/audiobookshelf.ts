import type { Database } from './tables.ts'

/** Where a novel was written, below the folder of the setting. */
export async function audiobookshelfPathOf(db: Database, novelId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('audiobookshelfBooks')
    .select('path')
    .where('novelId', '=', novelId)
    .executeTakeFirst()
  return row?.path
}

export async function saveAudiobookshelfPath(db: Database, novelId: string, path: string): Promise<void> {
  await db
    .insertInto('audiobookshelfBooks')
    .values({ novelId, path })
    .onConflict((conflict) => conflict.column('novelId').doUpdateSet({ path }))
    .execute()
}
