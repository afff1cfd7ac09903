import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import { PostgresSession } from './postgres-session.ts'

/** All jobs of pg-boss that are held, by whichever process, and which of its attempts each is. */
export async function takenJobs(
  db: Database,
  schema: string,
): Promise<readonly { readonly name: string; readonly id: string; readonly retryCount: number }[]> {
  const { rows } = await sql<{ name: string; id: string; retryCount: number }>`
    SELECT name, id, retry_count AS "retryCount" FROM ${sql.id(schema, 'job')} WHERE state = 'active'`.execute(
    db,
  )
  return rows
}

/** By queue of pg-boss, whose schema is named: jobs that wait, jobs that are held, and the age in seconds of the oldest one that waits. */
export async function countJobs(
  db: Database,
  schema: string,
): Promise<ReadonlyMap<string, { waiting: number; active: number; oldestSeconds: number }>> {
  const { rows } = await sql<{ name: string; waiting: number; active: number; oldestSeconds: number }>`
    SELECT queue.name, count(*) FILTER (WHERE state < 'active') AS waiting,
      count(*) FILTER (WHERE state = 'active') AS active,
      coalesce(extract(epoch FROM now() - min(job.created_on) FILTER (WHERE state < 'active')), 0)::float8
        AS "oldestSeconds"
    FROM ${sql.id(schema, 'queue')} AS queue
    LEFT JOIN ${sql.id(schema, 'job')} AS job ON job.name = queue.name AND state < 'completed'
    GROUP BY queue.name`.execute(db)
  return new Map(rows.map(({ name, ...counts }) => [name, counts]))
}

/**
 * Runs `repair` while no other server does. It is told whether there are tables of pg-boss, and given what removes them
 * all. Returns what it returns.
 */
export async function repairJobsAlone(
  url: string,
  schema: string,
  repair: (tables: { readonly isThere: boolean; drop(): Promise<void> }) => Promise<boolean>,
): Promise<boolean> {
  // In a session of its own: what is dropped must be gone for other connections, while the lock is held.
  await using session = await PostgresSession.open(url)
  await session.query(`SELECT pg_advisory_lock(hashtextextended('nightjar job tables', 0))`)
  const [found] = await session.query<{ isThere: boolean }>(
    `SELECT to_regclass($1) IS NOT NULL AS "isThere"`,
    [`${schema}.version`],
  )
  return await repair({
    isThere: found?.isThere === true,
    drop: async () => void (await session.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)),
  })
}
