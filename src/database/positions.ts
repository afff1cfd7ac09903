import type { Database } from './database.ts'

/** Where a listener is in a novel: seconds from the chapter's first sample. */
export interface StoredPosition {
  readonly chapterNumber: number
  readonly segment: number
  readonly seconds: number
  readonly updatedAt: string
}

export async function positionOf(db: Database, novelId: string): Promise<StoredPosition | undefined> {
  return db
    .selectFrom('positions')
    .select(['chapterNumber', 'segment', 'seconds', 'updatedAt'])
    .where('novelId', '=', novelId)
    .executeTakeFirst()
}

export async function savePosition(
  db: Database,
  novelId: string,
  position: Omit<StoredPosition, 'updatedAt'>,
): Promise<StoredPosition> {
  const row = { ...position, updatedAt: new Date().toISOString() }
  await db
    .insertInto('positions')
    .values({ novelId, ...row })
    .onConflict((conflict) => conflict.column('novelId').doUpdateSet(row))
    .execute()
  return row
}
