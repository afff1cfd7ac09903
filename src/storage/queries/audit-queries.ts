import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database-tables.ts'

export type AuditRow = Selectable<Tables['auditLog']>

/** In the transaction of what it tells, so that neither is there without the other. */
export async function insertAudit(db: Database, row: AuditRow): Promise<void> {
  await db.insertInto('auditLog').values(row).execute()
}

/** The newest first. `before`: the id of the last one that was seen. */
export async function auditRows(db: Database, limit: number, before?: string): Promise<AuditRow[]> {
  return db
    .selectFrom('auditLog')
    .selectAll()
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
