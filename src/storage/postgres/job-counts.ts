import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'

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
