import { DefaultQueryExecutor } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import { statements } from '../../../test/program/recorded-statements.ts'
import type { Database } from '../database-tables.ts'
import { chaptersOf } from './chapter-queries.ts'
import { stageChapters } from './rekey-queries.ts'

let db: Database
beforeEach(async () => {
  db = await emptyDatabase()
})
afterEach(() => db.destroy())

const sentences = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, at) => `On day ${from + at} it rained.`)

/** Rows of segments in each commit of `work`, in their order. */
async function rowsByCommit(work: () => Promise<unknown>): Promise<number[]> {
  const begins: number[] = []
  const { transaction } = db
  const spy = vi.spyOn(db, 'transaction').mockImplementation(() => {
    begins.push(statements.length)
    return transaction.call(db)
  })
  await work()
  spy.mockRestore()
  return begins
    .map((begin, at) =>
      statements
        .slice(begin, begins[at + 1])
        .filter(({ sql }) => sql.startsWith('insert into "segments"'))
        .reduce((rows, { parameters }) => rows + parameters.length / 4, 0),
    )
    .filter((rows) => rows > 0)
}

/** The places of a chapter's segments, as they are stored. */
async function placesOf(chapterId: number): Promise<number[]> {
  const query = db.selectFrom('segments').select('idx').where('chapterId', '=', chapterId)
  return (await query.orderBy('idx').execute()).map(({ idx }) => idx)
}

const places = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

test('a chapter of thousands of sentences is written in several commits, its neighbours with its ends', async () => {
  let novelId = ''
  const chapters = [sentences(30), sentences(4500, 100), [], sentences(20, 9000)]
  const rows = await rowsByCommit(async () => (novelId = await insertSmallNovel(db, chapters)))
  expect(rows).toEqual([2000, 2000, 550])
  const stored = await chaptersOf(db, novelId)
  expect(stored.map(({ number, segmentCount }) => [number, segmentCount])).toEqual([
    [1, 30],
    [2, 4500],
    [3, 0],
    [4, 20],
  ])
  for (const { id, segmentCount } of stored) expect(await placesOf(id)).toEqual(places(segmentCount))
})

test('so are chapters that take the place of others', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const texts = [smallChapter('A', sentences(2500)), smallChapter('B', ['Two.'])]
  let chapterIds: readonly number[] = []
  const rows = await rowsByCommit(async () => ({ chapterIds } = await stageChapters(db, novelId, texts)))
  expect(rows).toEqual([2000, 501])
  expect(await placesOf(chapterIds[0]!)).toEqual(places(2500))
  expect(await placesOf(chapterIds[1]!)).toEqual([0])
})

test('statements are compiled once, however many chapters there are', async () => {
  const novelId = await insertSmallNovel(db, [['One.']])
  const texts = Array.from({ length: 50 }, (_, at) => smallChapter(`Chapter ${at}`, sentences(3, at)))
  const compiled = vi.spyOn(DefaultQueryExecutor.prototype, 'compileQuery')
  const { chapterIds } = await stageChapters(db, novelId, texts)
  expect(compiled.mock.calls.length).toBeLessThan(20)
  compiled.mockRestore()
  expect(chapterIds).toHaveLength(50)
  const query = db.selectFrom('chapters').select(['title', 'part', 'number']).where('id', '=', chapterIds[7]!)
  expect(await query.execute()).toEqual([{ title: 'Chapter 7', part: null, number: 8 }])
})
