import { afterAll, describe } from 'vitest'
import { jobQueueContract } from '../../../test/contracts/job-queue-contract.ts'
import { PostgresCluster, postgresPrograms } from '../../../test/program/postgres-cluster.ts'
import { postgresJobQueue } from '../../../test/program/postgres-job-queue.ts'
import { maySkip } from '../../../test/program/skip-policy.ts'

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
