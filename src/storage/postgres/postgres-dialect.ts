import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import type { SqlDialect } from '../sql-dialect.ts'
import { readTogether, transactAtOnce } from './one-flight.ts'

export const postgresDialect: SqlDialect = {
  shared: true,
  numbers: (values) => sql`unnest(${values}::bigint[]) AS listed (value)`,
  texts: (values) => sql`unnest(${values}::text[]) AS listed (value)`,
  clock: sql`(extract(epoch FROM statement_timestamp()) * 1000)::bigint`,
  serialize,
  lockRows: (query) => query.forNoKeyUpdate(),
  unlocked: sql`FOR UPDATE SKIP LOCKED`,
  exclude: (db, topic, work) =>
    db.transaction().execute(async (transaction) => {
      await serialize(transaction, topic)
      return work(transaction)
    }),
  readTogether,
  transactAtOnce,
  hashOfDigits: (integer) => sql`substring(sha256(convert_to(${integer}::text, 'UTF8')) FROM 1 FOR 16)`,
  clipBytes: sql`coalesce(clip.bytes, length(clip.adts))`,
  clipStatistics,
  // Autovacuum makes free pages usable again.
  reclaimSpace: () => Promise.resolve(false),
  async lastId(db, table) {
    const { rows } = await sql<{ id: number | null }>`
      SELECT pg_sequence_last_value(pg_get_serial_sequence(quote_ident(${table}::text), 'id')::regclass) AS id`.execute(
      db,
    )
    return rows[0]?.id ?? 0
  },
  async setLastId(db, table, id) {
    // A sequence begins at 1, and the third argument says whether that was given away already.
    await sql`
      SELECT setval(pg_get_serial_sequence(quote_ident(${table}::text), 'id'), greatest(${id}::bigint, 1), ${id}::bigint > 0)`.execute(
      db,
    )
  },
}

async function serialize(transaction: Database, topic: string, mode = 'alone'): Promise<void> {
  const lock = sql.raw(mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock')
  await sql`SELECT ${lock}(hashtextextended(${topic}, 0))`.execute(transaction)
}

async function clipStatistics(db: Database): Promise<{ clips: number; bytes: number }> {
  const { rows } = await sql<{ clips: number; bytes: number }>`
    SELECT count(*) AS clips, pg_total_relation_size('clips.clips') + coalesce(sum(bytes), 0) AS bytes
    FROM clips.clips`.execute(db)
  return rows[0] ?? { clips: 0, bytes: 0 }
}
