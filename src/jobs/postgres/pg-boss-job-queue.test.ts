import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { jobQueueContract } from '../../../test/contracts/job-queue-contract.ts'
import { PostgresCluster, postgresPrograms } from '../../../test/program/postgres-cluster.ts'
import { postgresJobQueue } from '../../../test/program/postgres-job-queue.ts'
import { maySkip } from '../../../test/program/skip-policy.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'

const skipped = maySkip(postgresPrograms() !== undefined)
const cluster = skipped ? undefined : new PostgresCluster({ durable: true })
afterAll(() => cluster?.[Symbol.dispose]())

let schemas = 0

describe.skipIf(skipped)('pg-boss', () => {
  jobQueueContract('of two servers in a Postgres', async () => {
    const logged: object[] = []
    const schema = `jobs_${++schemas}`
    // Both at once bring the schema up to date.
    const [one, other] = await Promise.all([
      postgresJobQueue(cluster?.url() ?? '', schema, logged),
      postgresJobQueue(cluster?.url() ?? '', schema, logged),
    ])
    return {
      queue: one.queue,
      other: other.queue,
      db: one.db,
      logged,
      close: async () => {
        await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()])
      },
    }
  })
})

test.skipIf(skipped)('what is only a hint where to look does not wait for the disk', async () => {
  await using one = await postgresJobQueue(cluster?.url() ?? '', 'hints')
  const written = sql<{ isWritten: boolean }>`
    SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() AS "isWritten"`
  // Whatever else commits in that moment writes it, too.
  await waitUntil(async () => {
    await one.queue.send('speak-run', { casting: 'c', chapterId: 1, from: 0, to: 20 })
    return (await written.execute(one.db)).rows[0]?.isWritten === false
  })
  const [run] = await one.queue.take('speak-run', 1)
  await run?.complete()
  expect(run?.data.chapterId).toBe(1)
})
