import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { PostgresCluster, postgresPrograms } from '../../../test/program/postgres-cluster.ts'
import { postgresJobQueue } from '../../../test/program/postgres-job-queue.ts'
import { maySkip } from '../../../test/program/skip-policy.ts'

const skipped = maySkip(postgresPrograms() !== undefined)
const cluster = skipped ? undefined : new PostgresCluster()
afterAll(() => cluster?.[Symbol.dispose]())
const open = (schema: string) => postgresJobQueue(cluster?.url() ?? '', schema)

test.skipIf(skipped)(
  'the tables of the queue are dropped under two servers: they are made anew, and it is told that all is to be sent again',
  async () => {
    await using one = await open('dropped')
    await using other = await open('dropped')
    await one.queue.send('transcode', { key: 'lost' })
    const told: string[] = []
    using toldOne = one.queue.onForgotten(() => told.push('one'))
    using toldOther = other.queue.onForgotten(() => told.push('other'))
    await sql`DROP SCHEMA dropped CASCADE`.execute(one.db)
    const [taken, , , counts] = await Promise.all([
      one.queue.take('transcode', 1),
      one.queue.cancel('install-voice', 'x'),
      other.queue.send('pack', { casting: 'c', chapterId: 1 }),
      other.queue.counts(),
    ])
    expect(taken).toEqual([])
    expect(counts).toBeInstanceOf(Map)
    expect(told).not.toEqual([])
    expect([toldOne, toldOther]).toHaveLength(2)
    await one.queue.send('transcode', { key: 'sent again' })
    const [job] = await other.queue.take('transcode', 1)
    expect(job?.data).toEqual({ key: 'sent again' })
    await job?.complete()
  },
)

test.skipIf(skipped)(
  'a transaction that meets them fails as when the storage is away, and succeeds the next time',
  async () => {
    await using here = await open('within')
    const { db, queue } = here
    const send = () =>
      db.transaction().execute(async (transaction) => {
        await queue.send('transcode', { key: 'k' }, { transaction })
      })
    await send()
    await sql`DROP TABLE within.job CASCADE`.execute(db)
    await expect(send()).rejects.toMatchObject({ code: 'storage.failing' })
    await send()
    expect(await queue.take('transcode', 1)).toHaveLength(1)
  },
)

test.skipIf(skipped).each(['TABLE version', 'FUNCTION create_queue'])(
  'a server starts though a half-done change took the %s away',
  async (gone) => {
    const schema = `half_${gone.split(' ')[1]}`
    const before = await open(schema)
    await before[Symbol.asyncDispose]()
    const { db, ...admin } = await open('admin')
    const [kind = '', name = ''] = gone.split(' ')
    await sql`DROP ${sql.raw(kind)} ${sql.id(schema, name)} CASCADE`.execute(db)
    await admin[Symbol.asyncDispose]()
    await using after = await open(schema)
    await after.queue.send('transcode', { key: 'k' })
    expect(await after.queue.take('transcode', 1)).toHaveLength(1)
  },
)
