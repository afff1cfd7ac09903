import type { JobQueue } from '../../src/jobs/job-queue.ts'
import { openPostgresJobQueue } from '../../src/composition/open-job-queue.ts'
import { openPostgresBesideServer } from '../../src/storage/postgres/postgres-database.ts'
import type { Database } from '../../src/storage/database-tables.ts'

/** The job queue of a server on this Postgres, with what it logs as errors. */
export async function postgresJobQueue(url: string, schema: string, logged: object[] = []) {
  const db: Database = openPostgresBesideServer(url)
  const ignore = (): void => undefined
  const log = { error: (details: object) => logged.push(details), warn: ignore, debug: ignore }
  const queue: JobQueue = await openPostgresJobQueue(url, db, log, schema)
  return {
    queue,
    db,
    async [Symbol.asyncDispose]() {
      await queue.stop(0)
      await db.destroy()
    },
  }
}
