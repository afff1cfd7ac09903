import { sql } from 'kysely'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import type { Database } from '../database-tables.ts'
import { lockNovel, updateNovel } from '../queries/novel-queries.ts'
import { readTogether, transactAtOnce } from './one-flight.ts'

let db: Database
beforeEach(async () => {
  db = await emptyDatabase()
})
afterEach(() => db.destroy())

/** What connections were asked, and `answer` for each answer, in the order of time. */
function watchConnections(): { readonly events: string[] } & Disposable {
  const events: string[] = []
  const { query } = Client.prototype
  const spy = vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...args) {
    const [asked] = args as unknown as [string | { text: string }]
    events.push(typeof asked === 'string' ? asked : asked.text)
    const answer = (query as (...all: unknown[]) => unknown).apply(this, args)
    const note = () => void events.push('answer')
    if (answer instanceof Promise) answer.then(note, note)
    return answer as undefined
  })
  return { events, [Symbol.dispose]: () => spy.mockRestore() }
}

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
