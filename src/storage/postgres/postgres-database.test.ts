import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { PostgresCluster, postgresPrograms } from '../../../test/program/postgres-cluster.ts'
import { maySkip } from '../../../test/program/skip-policy.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { countNovels } from '../queries/novel-queries.ts'
import { isStorageError } from '../storage-errors.ts'
import { holdPostgres } from './postgres-copy.ts'
import { openPostgres } from './postgres-database.ts'

const skipped = maySkip(postgresPrograms() !== undefined)
const cluster = skipped ? undefined : new PostgresCluster({ durable: true })
afterAll(() => cluster?.[Symbol.dispose]())

let url = ''
let databases = 0
beforeEach(async () => {
  const name = `database${++databases}`
  await administer(`CREATE DATABASE ${name}`)
  url = cluster?.url(name) ?? ''
})

async function administer(statement: string): Promise<void> {
  const client = new Client(cluster?.url())
  await client.connect()
  await client.query(statement)
  await client.end()
}

const folder = '/data'

test.skipIf(skipped)(
  'any number of servers with the same objects use a database, which no copy may have for itself',
  async () => {
    const at = (identity: string) =>
      openPostgres({
        url: url.replace('nightjar@', 'nightjar:secret@'),
        folder,
        identify: () => Promise.resolve(identity),
      })
    const { db } = await at('a bucket')
    const { db: second } = await at('a bucket')
    const other = at('another bucket')
    await expect(other).rejects.toMatchObject({ code: 'database.other-objects' })
    await expect(other).rejects.toThrow('database1 at ')
    await expect(other).rejects.not.toThrow('secret')
    await db.destroy()
    expect(await holdPostgres(url)).toBeUndefined()
    await second.destroy()
    const { db: third } = await at('another bucket')
    await third.destroy()
    await using copy = await holdPostgres(url)
    expect(copy).toBeDefined()
    await expect(at('a bucket')).rejects.toMatchObject({ code: 'database.in-use' })
  },
)

test.skipIf(skipped)('servers that open an empty database at once all find it ready', async () => {
  const opened = await Promise.all(Array.from({ length: 4 }, () => openPostgres({ url, folder })))
  for (const { db } of opened) {
    expect(await countNovels(db, undefined, undefined)).toBe(0)
    await db.destroy()
  }
})

test.skipIf(skipped)('an empty database beside books is refused, as is one of a newer version', async () => {
  const empty = openPostgres({ url, folder, books: () => Promise.resolve(3) })
  await expect(empty).rejects.toMatchObject({ code: 'database.lost' })
  await expect(empty).rejects.toThrow('/data holds 3 books and the database database3 at ')
  const { db } = await openPostgres({ url, folder })
  await sql`INSERT INTO kysely_migration VALUES ('9999-later', '2030')`.execute(db)
  await db.destroy()
  await expect(openPostgres({ url, folder })).rejects.toMatchObject({ code: 'database.newer' })
})

test.skipIf(skipped)('a database in another encoding than UTF-8 is refused', async () => {
  await administer("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
  const latin = openPostgres({ url: cluster?.url('latin') ?? '', folder })
  await expect(latin).rejects.toThrow('its encoding is LATIN1, and has to be UTF8')
})

test('a database that does not answer is named as the reason', async () => {
  const nowhere = openPostgres({ url: 'postgres://nobody@127.0.0.1:1/none', folder })
  await expect(nowhere).rejects.toMatchObject({ code: 'database.unreachable' })
  await expect(nowhere).rejects.toThrow('ECONNREFUSED')
})

test.skipIf(skipped)(
  'after a restart of Postgres all that was committed is there, and the database knows its server again',
  async () => {
    const { db } = await openPostgres({ url, folder })
    await insertSmallNovel(db, [['One.']])
    cluster?.stop()
    const error: unknown = await countNovels(db, undefined, undefined).catch((cause: unknown) => cause)
    expect(isStorageError(error)).toBe(true)
    cluster?.start()
    // Each connection that is lost is noticed by itself, perhaps by a statement.
    await waitUntil(async () => (await countNovels(db, undefined, undefined).catch(() => 0)) === 1)
    const locks = sql<{ held: number }>`
    SELECT count(*) AS held FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
    await waitUntil(async () => (await locks.execute(db)).rows[0]?.held === 1)
    await db.destroy()
  },
)

test.skipIf(skipped)(
  'a plan is not made for the values of one statement, and no statement holds the others for ever',
  async () => {
    const { db } = await openPostgres({ url, folder })
    // A recipe that has just begun has no statistics: a plan for its values reads all its clips.
    const { rows } = await sql<object>`
      SELECT current_setting('plan_cache_mode') AS plans, current_setting('statement_timeout') AS longest`.execute(
      db,
    )
    expect(rows).toEqual([{ plans: 'force_generic_plan', longest: '30s' }])
    await db.destroy()
  },
)

test.skipIf(skipped)('integers and sums are numbers, and one that is too large for that throws', async () => {
  const { db } = await openPostgres({ url, folder })
  const { rows } = await sql<object>`
    SELECT sum(value) AS sum, count(*) AS count, '\\x00ff'::bytea AS bytes
    FROM (VALUES (9007199254740990::bigint), (1)) AS listed (value)`.execute(db)
  expect(rows).toEqual([{ sum: 9_007_199_254_740_991, count: 2, bytes: Uint8Array.of(0, 255) }])
  await expect(sql`SELECT 9007199254740992::bigint`.execute(db)).rejects.toThrow('no safe integer')
  await db.destroy()
})

test.skipIf(skipped)('a transaction begins with its first statement, and is whole or absent', async () => {
  const { db } = await openPostgres({ url, folder })
  await db.transaction().execute(async () => undefined)
  const begin = () => db.transaction().execute(async (commit) => sql`SELECT 1 / 0`.execute(commit))
  await expect(begin()).rejects.toMatchObject({ code: '22012' })
  const novelId = await insertSmallNovel(db, [['One.']])
  const undone = db.transaction().execute(async (commit) => {
    await commit.deleteFrom('novels').execute()
    await commit.updateTable('novels').set({ title: 'Gone' }).execute()
    throw new Error('not that')
  })
  await expect(undone).rejects.toThrow('not that')
  const { rows } = await sql<{ open: number }>`
    SELECT count(*) AS open FROM pg_stat_activity
    WHERE state LIKE 'idle in transaction%' AND datname = current_database()`.execute(db)
  expect(rows[0]?.open).toBe(0)
  expect(await db.selectFrom('novels').select('id').execute()).toEqual([{ id: novelId }])
  await db.destroy()
})
