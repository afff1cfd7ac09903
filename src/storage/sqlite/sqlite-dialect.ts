import { sql } from 'kysely'
import type { SqlDialect } from '../sql-dialect.ts'
import { clipStatistics, incrementalVacuum } from './clips-database-file.ts'

export const sqliteDialect: SqlDialect = {
  shared: false,
  numbers: (values) => sql`json_each(${JSON.stringify(values)})`,
  texts: (values) => sql`json_each(${JSON.stringify(values)})`,
  clock: sql`CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)`,
  serialize: () => Promise.resolve(),
  lockRows: (query) => query,
  unlocked: sql``,
  exclude: (db, _topic, work) => db.connection().execute(work),
  readTogether: (db, read) => read(db),
  clipBytes: sql`length(clip.adts)`,
  clipStatistics,
  reclaimSpace: incrementalVacuum,
  async lastId(db, table) {
    const { rows } = await sql<{
      seq: number
    }>`SELECT seq FROM sqlite_sequence WHERE name = ${table}`.execute(db)
    return rows[0]?.seq ?? 0
  },
  async setLastId(db, table, id) {
    await db.transaction().execute(async (transaction) => {
      await sql`DELETE FROM sqlite_sequence WHERE name = ${table}`.execute(transaction)
      await sql`INSERT INTO sqlite_sequence (name, seq) VALUES (${table}, ${id})`.execute(transaction)
    })
  },
}
