import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stageRewrite } from '../../../test/fixtures/chapter-rewrite.ts'
import { someCasting, someRecipe, someRequest } from '../../../test/fixtures/generation-request.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import type { Database } from '../database-tables.ts'
import { savedCastings } from './casting-queries.ts'
import { commitEdit } from './chapter-edit-queries.ts'
import { chaptersByGeneration, chaptersOf } from './chapter-queries.ts'
import { hideNovel } from './deletion-queries.ts'
import { generationsOfOne, insertGenerationAtOnce } from './generation-at-once-queries.ts'
import { equalGenerations, generationById, insertGeneration, updateGeneration } from './generation-queries.ts'
import { updateNovel } from './novel-queries.ts'

let db: Database
beforeEach(async () => {
  db = await emptyDatabase()
})
afterEach(() => db.destroy())

const nothingElse = () => Promise.resolve()

test('of equal requests that are written at once each, one is inserted', async () => {
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const chapterIds = (await chaptersOf(db, novelId)).map(({ id }) => id)
  const first = someRequest(novelId)
  // Its casting is not known to be stored yet.
  expect(await insertGenerationAtOnce(db, first, chapterIds, nothingElse)).toBeUndefined()
  await insertGeneration(db, first, [someRecipe], chapterIds)
  await updateGeneration(db, first.id, { desiredState: 'cancelled' })
  const generations = Array.from({ length: 20 }, () => someRequest(novelId))
  const outcomes = await Promise.all(
    generations.map((generation) => insertGenerationAtOnce(db, generation, chapterIds, nothingElse)),
  )
  expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([{ hasFailures: false }])
  const inserted = generations.find((_, at) => outcomes[at] !== undefined)
  expect(await equalGenerations(db, novelId, chapterIds)).toMatchObject([{ id: inserted?.id }])
  expect(await chaptersByGeneration(db, inserted!.id)).toHaveLength(2)
})

test('what was asked for of one chapter is found by its number, however much was asked for of the others', async () => {
  const novelId = await insertSmallNovel(
    db,
    Array.from({ length: 40 }, (_, at) => [`Sentence ${at}.`]),
  )
  const ids = (await chaptersOf(db, novelId)).map(({ id }) => id)
  const insert = async (chapterIds: readonly number[]) => {
    const generation = someRequest(novelId)
    await insertGeneration(db, generation, [someRecipe], chapterIds)
    return generation.id
  }
  await insert(ids)
  const alone = []
  for (const id of ids) alone.push(await insert([id]))
  await insert(ids.slice(0, 2))
  const none = await insertSmallNovel(db, [['Another.']])
  const [found, read] = await db.transaction().execute(async (transaction) => {
    const rowsRead = async () => {
      const { rows } = await sql<{ read: number }>`
        SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) AS read FROM pg_stat_xact_user_tables
        WHERE relname IN ('generations', 'generationChapters')`.execute(transaction)
      return rows[0]?.read ?? 0
    }
    const before = await rowsRead()
    const generations = await generationsOfOne(transaction, novelId, 2)
    return [generations, (await rowsRead()) - before] as const
  })
  expect(found).toMatchObject([{ id: alone[1] }])
  expect(read).toBeLessThanOrEqual(2)
  await updateGeneration(db, alone[1]!, { desiredState: 'cancelled' })
  expect(await generationsOfOne(db, novelId, 2)).toEqual([])
  expect(await generationsOfOne(db, novelId, 41)).toEqual([])
  expect(await generationsOfOne(db, none, 1)).toEqual([])
})

test('a request whose chapter is replaced, or whose novel is hidden, stores nothing at once', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const [chapter] = await chaptersOf(db, novelId)
  savedCastings(db).add(someCasting.id)
  const edit = await stageRewrite(db, chapter!, smallChapter('Chapter 1', ['Another.']))
  const generation = someRequest(novelId)
  const ask = () => insertGenerationAtOnce(db, generation, [chapter!.id], nothingElse)
  let asking: ReturnType<typeof ask> | undefined
  const edited = await commitEdit(db, novelId, edit, async (commit) => {
    asking = ask()
    for (let at = 0; at < 30; at++) await commit.selectFrom('novels').select('id').execute()
  })
  expect([edited?.generationIds, await asking]).toEqual([[], undefined])
  const [now] = await chaptersOf(db, novelId)
  await hideNovel(db, novelId)
  expect(await insertGenerationAtOnce(db, someRequest(novelId), [now!.id], nothingElse)).toBeUndefined()
  expect(await db.selectFrom('generations').select('id').execute()).toEqual([])
})

test('what is written with a request is in its commit, and a request is not stored without it', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const chapterIds = (await chaptersOf(db, novelId)).map(({ id }) => id)
  const [first, second] = [someRequest(novelId), someRequest(novelId)]
  await insertGeneration(db, first, [someRecipe], chapterIds)
  await updateGeneration(db, first.id, { desiredState: 'cancelled' })
  const failing = insertGenerationAtOnce(db, second, chapterIds, async (transaction) => {
    await updateNovel(transaction, novelId, { title: 'Another' })
    await transaction
      .insertInto('novels')
      .values({ id: novelId } as never)
      .execute()
  })
  await expect(failing).rejects.toMatchObject({ code: expect.stringMatching(/^23/) })
  expect(await generationById(db, second.id)).toBeUndefined()
  const written = await insertGenerationAtOnce(db, second, chapterIds, (transaction) =>
    updateNovel(transaction, novelId, { title: 'Another' }),
  )
  expect(written).toEqual({ hasFailures: false })
  const { title } = await db.selectFrom('novels').select('title').executeTakeFirstOrThrow()
  expect([title, (await generationById(db, second.id))?.desiredState]).toEqual(['Another', 'run'])
})
