import { v7 as uuidv7 } from 'uuid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stageRewrite } from '../../../test/fixtures/chapter-rewrite.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import { singleVoice } from '../../novel/casting.ts'
import { type Recipe, recipeHash } from '../../novel/clip.ts'
import type { Generation } from '../../novel/generation.ts'
import type { Database } from '../database-tables.ts'
import { savedCastings } from './casting-queries.ts'
import { commitEdit } from './chapter-edit-queries.ts'
import { chaptersByGeneration, chaptersOf } from './chapter-queries.ts'
import { hideNovel } from './deletion-queries.ts'
import { insertGenerationAtOnce } from './generation-at-once-queries.ts'
import { equalGenerations, generationById, insertGeneration, updateGeneration } from './generation-queries.ts'
import { updateNovel } from './novel-queries.ts'

let db: Database
beforeEach(async () => {
  db = await emptyDatabase()
})
afterEach(() => db.destroy())

const recipe: Recipe = {
  voice: 'espeak:en',
  speed: 1,
  engine: '1',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2, opening: 0.5 },
}
const casting = singleVoice(recipeHash(recipe))
const nothingElse = () => Promise.resolve()

function request(novelId: string): Generation {
  const { voice, speed } = recipe
  const createdAt = new Date().toISOString()
  return { id: uuidv7(), novelId, voice, speed, casting, priority: 0, wish: 'run', createdAt }
}

test('of equal requests that are written at once each, one is inserted', async () => {
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const chapterIds = (await chaptersOf(db, novelId)).map(({ id }) => id)
  const first = request(novelId)
  // Its casting is not known to be stored yet.
  expect(await insertGenerationAtOnce(db, first, chapterIds, nothingElse)).toBeUndefined()
  await insertGeneration(db, first, [recipe], chapterIds)
  await updateGeneration(db, first.id, { wish: 'cancelled' })
  const generations = Array.from({ length: 20 }, () => request(novelId))
  const outcomes = await Promise.all(
    generations.map((generation) => insertGenerationAtOnce(db, generation, chapterIds, nothingElse)),
  )
  expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([{ hasFailures: false }])
  const inserted = generations.find((_, at) => outcomes[at] !== undefined)
  expect(await equalGenerations(db, novelId, chapterIds)).toMatchObject([{ id: inserted?.id }])
  expect(await chaptersByGeneration(db, inserted!.id)).toHaveLength(2)
})

test('a request whose chapter is replaced, or whose novel is hidden, stores nothing at once', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const [chapter] = await chaptersOf(db, novelId)
  savedCastings(db).add(casting.id)
  const edit = await stageRewrite(db, chapter!, smallChapter('Chapter 1', ['Another.']))
  const generation = request(novelId)
  const ask = () => insertGenerationAtOnce(db, generation, [chapter!.id], nothingElse)
  let asking: ReturnType<typeof ask> | undefined
  const edited = await commitEdit(db, novelId, edit, async (commit) => {
    asking = ask()
    for (let at = 0; at < 30; at++) await commit.selectFrom('novels').select('id').execute()
  })
  expect([edited?.generationIds, await asking]).toEqual([[], undefined])
  const [now] = await chaptersOf(db, novelId)
  await hideNovel(db, novelId)
  expect(await insertGenerationAtOnce(db, request(novelId), [now!.id], nothingElse)).toBeUndefined()
  expect(await db.selectFrom('generations').select('id').execute()).toEqual([])
})

test('what is written with a request is in its commit, and a request is not stored without it', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const chapterIds = (await chaptersOf(db, novelId)).map(({ id }) => id)
  const [first, second] = [request(novelId), request(novelId)]
  await insertGeneration(db, first, [recipe], chapterIds)
  await updateGeneration(db, first.id, { wish: 'cancelled' })
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
  expect([title, (await generationById(db, second.id))?.wish]).toEqual(['Another', 'run'])
})
