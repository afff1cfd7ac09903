import { segmentIndexAfter, type SegmentsChange } from '../novel/segment.ts'
import type { Database } from './tables.ts'

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

/** Moves a position in a chapter with its segments. */
export async function movePosition(
  db: Database,
  novelId: string,
  chapterNumber: number,
  change: SegmentsChange,
): Promise<void> {
  const position = await positionOf(db, novelId)
  if (position?.chapterNumber !== chapterNumber) return
  const segment = segmentIndexAfter(position.segment, change)
  await db.updateTable('positions').set({ segment }).where('novelId', '=', novelId).execute()
}
