import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { PostgresCluster, postgresPrograms } from './program/postgres-cluster.ts'
import { silentNetwork } from './program/silent-network.ts'
import { maySkip } from './program/skip-policy.ts'
import { waitUntil } from './program/wait-until.ts'
import { openPostgresJobQueue } from '../src/composition/open-job-queue.ts'
import type { JobQueue } from '../src/jobs/job-queue.ts'
import type { Database } from '../src/storage/database-tables.ts'
import { isStorageError } from '../src/storage/storage-errors.ts'
import { openPostgres } from '../src/storage/postgres/postgres-database.ts'

const skipped = maySkip(postgresPrograms() !== undefined)

const ask = (db: Database) => sql`SELECT 1`.execute(db)
const look = (jobs: JobQueue) => jobs.take('pack', 1)
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (isStorageError(error) ? 'trouble of the storage' : String(error)),
  )

/** Many at once, so that all connections are used. */
async function areAnswered(db: Database, jobs: JobQueue): Promise<boolean> {
  const asked = [...Array.from({ length: 8 }, () => ask(db)), look(jobs), look(jobs), look(jobs)]
  return (await Promise.all(asked.map(outcome))).every((each) => each === 'answered')
}

test.skipIf(skipped)(
  'connections that are lost without a word hold nobody up: all of them are opened anew when the database is there again',
  async () => {
    using cluster = new PostgresCluster()
    await using network = await silentNetwork(cluster.socket)
    const url = `postgres://nightjar@127.0.0.1:${network.port}/postgres`
    const { db } = await openPostgres({ url, folder: 'data', heartbeatMs: 300 })
    const jobs = await openPostgresJobQueue(url, db, pino({ level: 'silent' }))
    try {
      // Several connections are idle when the network goes. A machine that stands still may have lost one by itself.
      await waitUntil(() => areAnswered(db, jobs))
      network.cut()
      const asked = [ask(db), ask(db), look(jobs), look(jobs)].map(outcome)
      network.mend()
      for (const each of await Promise.all(asked)) expect(each).toBe('trouble of the storage')
      // One that is being closed may still be handed out.
      await waitUntil(() => areAnswered(db, jobs))
    } finally {
      await jobs.stop(0)
      await db.destroy()
    }
  },
  60_000,
)
