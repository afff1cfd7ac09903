import type { Database } from '../database-tables.ts'
import type { ClipColumns } from './column-values.ts'

/** A clip's row as stored, with a correct checksum and columns that a new table accepts. */
export interface SalvagedRow extends ClipColumns {
  readonly recipe: Uint8Array
  readonly words: Uint8Array
  readonly frames: number
}

/** Inserts salvaged rows, in one commit. Clips that have been spoken again meanwhile are kept. */
export async function insertSalvagedClips(db: Database, rows: readonly SalvagedRow[]): Promise<void> {
  await db
    .insertInto('clips.clips')
    .values(rows.map((row) => ({ ...row })))
    .onConflict((conflict) => conflict.columns(['recipe', 'words']).doNothing())
    .execute()
}
