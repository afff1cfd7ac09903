import type { Logger } from 'pino'
import type { Settings } from '../config.ts'
import { InProcessJobQueue } from '../jobs/in-process/in-process-job-queue.ts'
import type { JobQueue } from '../jobs/job-queue.ts'
import type { Database } from '../storage/database-tables.ts'

/** Opens the job queue of the settings: of all servers of a database server, or of this process. */
export async function openJobQueue(settings: Settings, db: Database, log: Logger): Promise<JobQueue> {
  const url = settings.NIGHTJAR_DATABASE
  return url === '' ? new InProcessJobQueue(log) : openPostgresJobQueue(url, db, log)
}

/** Opens the job queue that the servers of a Postgres share. `schema`: that of pg-boss, which alone writes there. */
export async function openPostgresJobQueue(
  url: string,
  db: Database,
  log: Pick<Logger, 'error' | 'warn' | 'debug'>,
  schema = 'jobs',
): Promise<JobQueue> {
  // Loading it takes 0.1 s and 26 MB, which a server without it is spared.
  const [
    { PgBossJobQueue },
    { connectionsOf },
    { countJobs, repairJobsAlone, takenJobs },
    { hintConnections, jobConnectionConfig, withState },
  ] = await Promise.all([
    import('../jobs/postgres/pg-boss-job-queue.ts'),
    import('../storage/postgres/connection-watch.ts'),
    import('../storage/postgres/job-counts.ts'),
    import('../storage/postgres/postgres-driver.ts'),
  ])
  return PgBossJobQueue.open({
    connection: jobConnectionConfig(url, connectionsOf(db)),
    hints: hintConnections(url, connectionsOf(db)),
    schema,
    log,
    asStorageError: withState,
    countJobs: () => countJobs(db, schema),
    takenJobs: () => takenJobs(db, schema),
    repairAlone: (repair) => repairJobsAlone(url, schema, repair),
  })
}
