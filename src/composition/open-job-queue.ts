import type { Logger } from 'pino'
import type { JobQueue } from '../jobs/job-queue.ts'
import { PgBossJobQueue } from '../jobs/postgres/pg-boss-job-queue.ts'
import type { Database } from '../storage/database-tables.ts'
import { countJobs } from '../storage/postgres/job-counts.ts'
import { jobConnectionConfig, withState } from '../storage/postgres/postgres-driver.ts'

/** Opens the job queue that the servers of a Postgres share. `schema`: that of pg-boss, which alone writes there. */
export async function openPostgresJobQueue(
  url: string,
  db: Database,
  log: Pick<Logger, 'error' | 'warn' | 'debug'>,
  schema = 'jobs',
): Promise<JobQueue> {
  return PgBossJobQueue.open({
    connection: jobConnectionConfig(url),
    schema,
    log,
    asStorageError: withState,
    countJobs: () => countJobs(db, schema),
  })
}
