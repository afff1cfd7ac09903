import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { watchConnections } from '../../../test/program/watched-connections.ts'
import type { Database } from '../database-tables.ts'
import { lockNovel, updateNovel } from '../queries/novel-queries.ts'
import { readTogether, transactAtOnce } from './one-flight.ts'

let db: Database
beforeEach(async () => {
  db = await emptyDatabase()
})
afterEach(() => db.destroy())

const nothing = () => Promise.resolve()
const title = async (id: string) =>
  (await db.selectFrom('novels').select('title').where('id', '=', id).executeTakeFirstOrThrow()).title

test('what is read together is asked on one connection before any of it is answered', async () => {
  await insertSmallNovel(db, [['One.']])
  using watched = watchConnections()
  const read = await readTogether(db, (one) =>
    Promise.all([
      sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(one),
      one.selectFrom('novels').select('id').execute(),
      sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(one),
    ]),
  )
  expect(read[0].rows).toEqual(read[2].rows)
  expect(read[1]).toHaveLength(1)
  expect(watched.events.slice(0, 3)).not.toContain('answer')
  await expect(readTogether(db, (one) => lockNovelIn(one))).rejects.toThrow('no transaction')
})

const lockNovelIn = (one: Database) => one.transaction().execute((commit) => lockNovel(commit, 'x'))

test('a transaction at once is asked, with its end, before any of it is answered', async () => {
  const id = await insertSmallNovel(db, [['One.']])
  using watched = watchConnections()
  const read = db.selectFrom('novels').select('title').where('id', '=', id).compile()
  const results = await transactAtOnce(db, [read, read], async (transaction) => {
    await updateNovel(transaction, id, { title: 'Another' })
  })
  expect(results.map(({ rows }) => rows.length)).toEqual([1, 1])
  const last = watched.events.indexOf('commit')
  expect(last).toBe(4)
  expect(watched.events.slice(0, last)).not.toContain('answer')
  expect(await title(id)).toBe('Another')
})

test('of a transaction at once that fails nothing is kept, and its first error is thrown', async () => {
  const id = await insertSmallNovel(db, [['One.']])
  const before = await title(id)
  const failing = transactAtOnce(db, [sql`SELECT 1`.compile(db)], async (transaction) => {
    await updateNovel(transaction, id, { title: 'Another' })
    await sql`SELECT 1 / 0`.execute(transaction)
    await sql`SELECT nothing FROM nowhere`.execute(transaction)
  })
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  expect(await title(id)).toBe(before)
  expect(await transactAtOnce(db, [sql`SELECT 1 AS one`.compile(db)], nothing)).toMatchObject([
    { rows: [{ one: 1 }] },
  ])
})
