import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { singleVoice } from '../../novel/casting.ts'
import { textHash } from '../../novel/clip.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { loseClip } from '../../../test/fixtures/corrupt-clips.ts'
import { RowClipStore } from '../../storage/clips/row-clip-store.ts'
import type { ClipCounts } from '../../storage/queries/progress-queries.ts'
import { zeroCounts } from './clip-counts.ts'
import { ProgressCounts } from './progress-counts.ts'

const recipe = '0123456789abcdef0123456789abcdef'
const casting = singleVoice(recipe)
const keyOf = (text: string) => ({ recipe, words: textHash(text, 'paragraph') })

async function countsOf(chapters: readonly (readonly string[])[]) {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, chapters)
  const ids = (await chaptersOf(db, novelId)).map(({ id }) => id)
  return { db, novelId, ids, counts: new ProgressCounts(db, new RowClipStore(db)) }
}

test('a clip counts once for each occurrence of its text, in every chapter', async () => {
  const { ids, counts } = await countsOf([['Yes.', 'No!', 'Yes.'], ['Yes.'], ['Other.']])
  expect(await counts.of(casting, ids)).toEqual(ids.map(() => zeroCounts))
  const [chapters] = await counts.put([{ key: keyOf('Yes.'), clip: someClip(10) }])
  expect(chapters?.map(({ chapterId }) => chapterId).toSorted()).toEqual(ids.slice(0, 2))
  expect(await counts.of(casting, ids)).toMatchObject([
    { done: 2, frames: 20, bytes: 4_000, setAside: 0 },
    { done: 1, frames: 10, bytes: 2_000, setAside: 0 },
    zeroCounts,
  ])
})

test('cached counts equal a fresh count of the database', async () => {
  const texts = Array.from({ length: 60 }, (_, at) => `Sentence ${at % 25}.`)
  const { db, ids, counts } = await countsOf([texts.slice(0, 20), texts.slice(20, 40), texts.slice(40)])
  const puts = texts
    .slice(0, 15)
    .map((text, at) => counts.put([{ key: keyOf(text), clip: someClip(at + 1) }]))
  const reads = ids.map((id) => counts.of(casting, [id]))
  await Promise.all([...puts, ...reads])
  expect(await counts.of(casting, ids)).toEqual(
    await new ProgressCounts(db, new RowClipStore(db)).of(casting, ids),
  )
})

test('the sum of a list equals the sum of its chapters at any moment', async () => {
  const { db, novelId, ids, counts } = await countsOf([['Yes.', 'No!'], ['Yes.'], ['Other.']])
  const list = (await chaptersOf(db, novelId)).slice(0, 2)
  const added = async () => {
    const chapters = await counts.of(casting, ids.slice(0, 2))
    const total = (of: keyof ClipCounts) => chapters.reduce((sum, counted) => sum + counted[of], 0)
    return {
      done: total('done'),
      frames: total('frames'),
      bytes: total('bytes'),
      checksums: total('checksums'),
      setAside: total('setAside'),
    }
  }
  const same = async () => {
    const sum = await counts.sum(casting, list)
    expect(sum).toEqual(await added())
    return sum
  }
  expect(await same()).toEqual(zeroCounts)
  // Also while a write is under way.
  const put = counts.put([{ key: keyOf('Yes.'), clip: someClip(10) }])
  await Promise.all([put, same(), same()])
  expect(await same()).toMatchObject({ done: 2, frames: 20, setAside: 0 })
  const failed = { attempts: 3, reason: 'silence', setAside: true, nextAt: 0 }
  await counts.recordFailure(keyOf('No!'), failed)
  expect(await same()).toMatchObject({ done: 2, frames: 20, setAside: 1 })
  await counts.invalidate(() => loseClip(db, keyOf('Yes.')))
  expect(await same()).toMatchObject({ done: 0, frames: 0, setAside: 1 })
  await counts.invalidate(async () => {
    await db.deleteFrom('failures').execute()
  })
  expect(await same()).toEqual(zeroCounts)
})

test('a text that is set aside is counted as such until its failure is deleted', async () => {
  const { db, ids, counts } = await countsOf([['Yes.', 'No!']])
  await counts.of(casting, ids)
  const failed = { attempts: 3, reason: 'silence', setAside: true, nextAt: 0 }
  await counts.recordFailure(keyOf('No!'), failed)
  expect(await counts.of(casting, ids)).toEqual([{ ...zeroCounts, setAside: 1 }])
  await counts.invalidate(async () => {
    await db.deleteFrom('failures').execute()
  })
  expect(await counts.of(casting, ids)).toEqual([zeroCounts])
})

test('a deleted clip is no longer counted', async () => {
  const { db, ids, counts } = await countsOf([['Yes.']])
  await counts.put([{ key: keyOf('Yes.'), clip: someClip(5) }])
  expect((await counts.of(casting, ids))[0]?.done).toBe(1)
  await counts.invalidate(() => loseClip(db, keyOf('Yes.')))
  expect((await counts.of(casting, ids))[0]?.done).toBe(0)
})

test('of many that ask for the same counts at once, only the first counts', async () => {
  const chapters = Array.from({ length: 12 }, (_, at) => ['Yes.', `Other ${at}.`])
  const { db, ids, counts } = await countsOf(chapters)
  await counts.put([{ key: keyOf('Yes.'), clip: someClip(10) }])
  const executor = db.getExecutor()
  const execute = executor.executeQuery.bind(executor)
  let statements = 0
  executor.executeQuery = (query) => {
    statements++
    return execute(query)
  }
  const all = await Promise.all(Array.from({ length: 20 }, () => counts.of(casting, ids)))
  for (const each of all) expect(each).toEqual(ids.map(() => expect.objectContaining({ done: 1 })))
  expect(statements).toBeLessThan(2 * ids.length)
})
