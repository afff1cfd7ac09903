import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { textHash } from '../../src/novel/clip.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { chaptersOf } from '../../src/storage/queries/chapter-queries.ts'
import { clipRowOf, insertClips } from '../../src/storage/queries/clip-queries.ts'
import { deleteNovel } from '../../src/storage/queries/deletion-queries.ts'
import { countNovels, listNovels, novelById } from '../../src/storage/queries/novel-queries.ts'
import { sqlDialect } from '../../src/storage/sql-dialect.ts'
import { insertSmallNovel, someClip } from '../fixtures/small-novel.ts'
import { waitUntil } from '../program/wait-until.ts'

/** Opens the database under test, an empty one at the first call, and the same at each later one. */
export type OpenDatabase = () => Promise<Database>

const recipe = Buffer.alloc(16, 7)

/** What every database promises to the queries of `src/storage/queries/`, through Kysely and its `SqlDialect`. */
export function databaseContract(name: string, open: OpenDatabase): void {
  describe(`the database ${name}`, () => {
    let db: Database
    beforeAll(async () => {
      db = await open()
    })
    afterAll(() => db.destroy())
    beforeEach(async () => {
      await db.deleteFrom('novels').execute()
      await db.deleteFrom('failures').execute()
    })

    const failure = (words: number, attempts = 0) => ({
      recipe,
      words: Buffer.alloc(16, words),
      attempts,
      reason: '',
      setAside: 0,
      nextAt: 0,
    })
    const attemptsOf = (from: Database, words: number) =>
      from.selectFrom('failures').select('attempts').where('words', '=', Buffer.alloc(16, words))

    describe('values', () => {
      test('texts, bytes and integers come back as they were stored', async () => {
        const stored = {
          recipe: Uint8Array.from({ length: 256 }, (_, at) => at),
          words: Uint8Array.of(),
          attempts: -1,
          reason: '\'"\\%_$1 ?\r\n\u{1F989} Nguyễn',
          setAside: 1,
          nextAt: Number.MAX_SAFE_INTEGER,
        }
        await db.insertInto('failures').values(stored).execute()
        const [row] = await db.selectFrom('failures').selectAll().execute()
        expect({ ...row, recipe: [...row!.recipe], words: [...row!.words] }).toEqual({
          ...stored,
          recipe: [...stored.recipe],
          words: [],
        })
      })

      test('counts and sums are numbers, and an integer that no number can hold throws', async () => {
        await db
          .insertInto('failures')
          .values([failure(1, 2), failure(2, 3)])
          .execute()
        const { count, sum } = await db
          .selectFrom('failures')
          .select((of) => [of.fn.countAll<number>().as('count'), of.fn.sum<number>('attempts').as('sum')])
          .executeTakeFirstOrThrow()
        expect([count, sum]).toEqual([2, 5])
        await expect(sql`SELECT 9007199254740993 AS large`.execute(db)).rejects.toThrow(
          /safe integer|too large/,
        )
      })

      test('a text with U+0000, which not every database takes, is stored', async () => {
        const id = await insertSmallNovel(db, [['Yes.']])
        await db.updateTable('novels').set({ title: 'One\0Two' }).where('id', '=', id).execute()
        expect((await novelById(db, id))?.title).toMatch(/^One[\0\uFFFD]Two$/)
      })

      test('a list is one parameter, however long it is and whatever its texts hold', async () => {
        const { numbers, texts } = sqlDialect(db)
        const many = Array.from({ length: 20_000 }, (_, at) => at * 3)
        const total = await sql<{
          sum: number
        }>`SELECT sum(value) AS sum FROM ${numbers(many)}`.execute(db)
        expect(total.rows).toEqual([{ sum: 3 * (19_999 * 10_000) }])
        const odd = ['', ',', '{}', '"', "'", '\\', 'NULL', '[1]', '\u{1F989}']
        const listed = await sql<{ value: string }>`SELECT value FROM ${texts(odd)}`.execute(db)
        expect(listed.rows.map(({ value }) => value)).toEqual(odd)
        expect((await sql`SELECT value FROM ${numbers([])}`.execute(db)).rows).toEqual([])
        const none = db.selectFrom('failures').select('attempts')
        await db.insertInto('failures').values(failure(1)).execute()
        expect(await none.where('attempts', 'in', []).execute()).toEqual([])
        expect(await none.where('attempts', 'not in', []).execute()).toHaveLength(1)
      })

      test('the clock tells epoch milliseconds and moves on within a transaction', async () => {
        const now = async (from: Database) =>
          (await sql<{ now: number }>`SELECT ${sqlDialect(from).clock} AS now`.execute(from)).rows[0]!.now
        expect(Number.isInteger(await now(db))).toBe(true)
        expect(Math.abs((await now(db)) - Date.now())).toBeLessThan(60_000)
        await db.transaction().execute(async (transaction) => {
          const begin = await now(transaction)
          await waitUntil(async () => (await now(transaction)) > begin)
        })
      })
    })

    describe('order and search', () => {
      test('a search ignores the case of ASCII and takes % and _ as they are; titles are in its order', async () => {
        const titles = ['beta', 'Alpha', 'alpha 2', 'Émile', 'zebra 100%', 'zebra_1']
        for (const title of titles) {
          const id = await insertSmallNovel(db, [['Yes.']])
          await db.updateTable('novels').set({ title }).where('id', '=', id).execute()
        }
        const found = async (search?: string) =>
          (await listNovels(db, undefined, { search, order: 'title', limit: 10, offset: 0 })).map(
            ({ title }) => title,
          )
        expect(await found()).toEqual(['Alpha', 'alpha 2', 'beta', 'zebra 100%', 'zebra_1', 'Émile'])
        expect(await found('ALPHA')).toEqual(['Alpha', 'alpha 2'])
        expect(await found('0%')).toEqual(['zebra 100%'])
        expect(await found('a_1')).toEqual(['zebra_1'])
        expect(await countNovels(db, undefined, 'nobody')).toBe(titles.length)
      })

      test('NULL stands where the query puts it', async () => {
        const [first, second] = [
          await insertSmallNovel(db, [['One.']]),
          await insertSmallNovel(db, [['Two.']]),
        ]
        await db.updateTable('novels').set({ voice: 'espeak:en' }).where('id', '=', second).execute()
        const novels = db.selectFrom('novels').select('id')
        const ids = async (query: typeof novels) => (await query.execute()).map(({ id }) => id)
        expect(await ids(novels.orderBy('voice', (by) => by.asc().nullsFirst()))).toEqual([first, second])
        expect(await ids(novels.orderBy('voice', (by) => by.asc().nullsLast()))).toEqual([second, first])
      })

      test('pages after the last key of the one before have every row once, in the order of code points', async () => {
        const novelId = await insertSmallNovel(db, [['One.']])
        const words = ['_', 'B', 'a', 'Z', 'é', 'É', 'z', 'ab', 'A', '中'].toSorted()
        await db
          .insertInto('fineNames')
          .values(words.map((word) => ({ novelId, word })))
          .execute()
        const paged: string[] = []
        for (let after = ''; ; after = paged.at(-1) ?? '') {
          const page = await db
            .selectFrom('fineNames')
            .select('word')
            .where('word', '>', after)
            .orderBy('word')
            .limit(3)
            .execute()
          paged.push(...page.map(({ word }) => word))
          // What goes away between two pages moves none of the others.
          await db.deleteFrom('fineNames').where('word', '=', words[0]!).execute()
          if (page.length === 0) break
        }
        expect(paged).toEqual(words)
      })
    })

    describe('writes', () => {
      test('a row that is there is changed or left, and what was written is returned', async () => {
        const insert = db.insertInto('failures').values(failure(1, 1))
        const counted = insert
          .onConflict((conflict) =>
            conflict.columns(['recipe', 'words']).doUpdateSet({
              attempts: (row) => row('failures.attempts', '+', row.ref('excluded.attempts')),
            }),
          )
          .returning('attempts')
        expect(await counted.execute()).toEqual([{ attempts: 1 }])
        expect(await counted.execute()).toEqual([{ attempts: 2 }])
        const left = insert.onConflict((conflict) => conflict.doNothing()).returning('attempts')
        expect(await left.execute()).toEqual([])
        const set = db.updateTable('failures').set({ attempts: 9 }).where('attempts', '=', 2)
        expect((await set.executeTakeFirst()).numUpdatedRows).toBe(1n)
        expect((await set.executeTakeFirst()).numUpdatedRows).toBe(0n)
        expect(await db.deleteFrom('failures').returning('attempts').execute()).toEqual([{ attempts: 9 }])
      })

      test('a reference to nothing is refused, and what refers to a row goes with it', async () => {
        const word = { novelId: await insertSmallNovel(db, [['One.'], ['Two.']]), word: 'Darcy' }
        await db.insertInto('fineNames').values(word).execute()
        const lost = db.insertInto('fineNames').values({ ...word, novelId: 'nobody' })
        await expect(lost.execute()).rejects.toThrow(/foreign key/i)
        await deleteNovel(db, word.novelId)
        expect(await db.selectFrom('fineNames').selectAll().execute()).toEqual([])
        expect(await db.selectFrom('segments').selectAll().execute()).toEqual([])
      })

      test('the id of a chapter is given once, also when that chapter is gone', async () => {
        const [chapter] = await chaptersOf(db, await insertSmallNovel(db, [['One.']]))
        const dialect = sqlDialect(db)
        expect(await dialect.lastId(db, 'chapters')).toBe(chapter!.id)
        await db.deleteFrom('novels').execute()
        const [next] = await chaptersOf(db, await insertSmallNovel(db, [['Two.']]))
        expect(next!.id).toBeGreaterThan(chapter!.id)
        await dialect.setLastId(db, 'chapters', next!.id + 1000)
        const [last] = await chaptersOf(db, await insertSmallNovel(db, [['Three.']]))
        expect(last!.id).toBe(next!.id + 1001)
      })

      test('clips are counted with the space that they take, and returning free pages loses none', async () => {
        const [before, clip] = [await sqlDialect(db).clipStatistics(db), someClip(40, 2000)]
        const key = { recipe: '0'.repeat(32), words: textHash('One.', 'paragraph') }
        await insertClips(db, [{ ...clipRowOf(key, clip), adts: clip.adts }])
        const statistics = await sqlDialect(db).clipStatistics(db)
        expect(statistics.clips).toBe(before.clips + 1)
        expect(statistics.bytes).toBeGreaterThan(before.bytes)
        const lengths = db
          .selectFrom('clips.clips as clip')
          .select((of) => [of.ref('frames').as('frames'), sqlDialect(db).clipBytes.as('bytes')])
        expect(await lengths.execute()).toEqual([{ frames: 40, bytes: clip.adts.length }])
        for (const part of ['main', 'clips'] as const) await sqlDialect(db).reclaimSpace(db, part, 100)
        expect(await lengths.execute()).toHaveLength(1)
      })
    })

    describe('transactions', () => {
      test('one in which anything throws, at whatever depth, leaves nothing, and the next is as if it had not been', async () => {
        await db.insertInto('failures').values(failure(1)).execute()
        const rename = (transaction: Database) =>
          transaction.updateTable('failures').set({ reason: 'changed' }).execute()
        const attempt = (then: (transaction: Database) => Promise<unknown>) =>
          db.transaction().execute(async (transaction) => {
            await transaction.insertInto('failures').values(failure(2)).execute()
            await rename(transaction)
            await then(transaction)
          })
        const inner = () => Promise.reject(new Error('not that'))
        await expect(attempt(async () => inner())).rejects.toThrow('not that')
        const twice = attempt((transaction) =>
          transaction.insertInto('failures').values(failure(1)).execute(),
        )
        await expect(twice).rejects.toThrow(/unique/i)
        const rows = await db.selectFrom('failures').select('reason').execute()
        expect(rows).toEqual([{ reason: '' }])
        await attempt(() => Promise.resolve())
        expect(await db.selectFrom('failures').select('reason').execute()).toHaveLength(2)
      })

      test.each<[string, (add: (alone: Database) => Promise<void>) => Promise<void>]>([
        [
          'name the same topic',
          (add) =>
            db.transaction().execute(async (transaction) => {
              await sqlDialect(transaction).serialize(transaction, 'a topic')
              await add(transaction)
            }),
        ],
        [
          'lock the same row',
          (add) =>
            db.transaction().execute(async (transaction) => {
              await sqlDialect(transaction).lockRows(attemptsOf(transaction, 1)).execute()
              await add(transaction)
            }),
        ],
        ['exclude each other', (add) => sqlDialect(db).exclude(db, 'a topic', add)],
      ])('those that %s are one after the other, also after one that throws', async (_how, alone) => {
        await db.insertInto('failures').values(failure(1)).execute()
        const broken = alone(() => Promise.reject(new Error('broke')))
        const adding = Array.from({ length: 12 }, () =>
          alone(async (connection) => {
            const { attempts } = await attemptsOf(connection, 1).executeTakeFirstOrThrow()
            await connection
              .updateTable('failures')
              .set({ attempts: attempts + 1 })
              .execute()
          }),
        )
        await expect(broken).rejects.toThrow('broke')
        await Promise.all(adding)
        expect(await attemptsOf(db, 1).executeTakeFirst()).toEqual({ attempts: 12 })
      })

      test('who has a topic alone shares it with nobody', async () => {
        const inside = { alone: 0, shared: 0 }
        const enter = (mode: 'alone' | 'shared') =>
          db.transaction().execute(async (transaction) => {
            await sqlDialect(transaction).serialize(transaction, 'a topic', mode)
            inside[mode]++
            await attemptsOf(transaction, 1).execute()
            const others = mode === 'alone' ? inside.shared + inside.alone - 1 : inside.alone
            inside[mode]--
            return others
          })
        const modes = Array.from({ length: 16 }, (_, at) => (at % 3 === 0 ? 'alone' : 'shared'))
        expect(new Set(await Promise.all(modes.map(enter)))).toEqual(new Set([0]))
      })

      test('rows that several take at once are taken by one each', async () => {
        const rows = Array.from({ length: 12 }, (_, at) => failure(at + 1, at))
        await db.insertInto('failures').values(rows).execute()
        const take = () =>
          db.transaction().execute(async (transaction) => {
            const free = await transaction
              .selectFrom('failures')
              .select(['words', 'attempts'])
              .limit(2)
              .modifyEnd(sqlDialect(transaction).unlocked)
              .execute()
            for (const { words } of free)
              await transaction.deleteFrom('failures').where('words', '=', words).execute()
            return free.map(({ attempts }) => attempts)
          })
        const taken: number[] = []
        while (taken.length < rows.length)
          taken.push(...(await Promise.all([take(), take(), take(), take()])).flat())
        expect(taken.toSorted((a, b) => a - b)).toEqual(rows.map(({ attempts }) => attempts))
      })

      test('what is read together is in its places, and an error is the error of all', async () => {
        await db
          .insertInto('failures')
          .values([failure(1, 4), failure(2, 5)])
          .execute()
        const read = (work: (one: Database) => Promise<unknown>) => sqlDialect(db).readTogether(db, work)
        const [first, second] = await sqlDialect(db).readTogether(db, (one) =>
          Promise.all([attemptsOf(one, 1).execute(), attemptsOf(one, 2).execute()]),
        )
        expect([first, second]).toEqual([[{ attempts: 4 }], [{ attempts: 5 }]])
        const wrong = read((one) =>
          Promise.all([attemptsOf(one, 1).execute(), sql`SELECT none`.execute(one)]),
        )
        await expect(wrong).rejects.toThrow('none')
        expect(await read((one) => attemptsOf(one, 2).execute())).toEqual([{ attempts: 5 }])
      })
    })

    test('all that was committed is there when it is opened again', async () => {
      const novelId = await insertSmallNovel(db, [['One.']])
      await db.insertInto('failures').values(failure(1, 3)).execute()
      await db.destroy()
      db = await open()
      expect(await novelById(db, novelId)).toMatchObject({ id: novelId })
      expect(await attemptsOf(db, 1).execute()).toEqual([{ attempts: 3 }])
      expect(await db.selectFrom('clips.clips').select('frames').execute()).toEqual([{ frames: 40 }])
    })
  })
}
