import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { deleteClip } from '../../storage/queries/clip-queries.ts'
import type { ClipCounts } from '../../storage/queries/progress-queries.ts'
import { textHash } from '../../novel/clip.ts'
import { zeroCounts, ProgressCounts } from './progress-counts.ts'

const recipe = '0123456789abcdef0123456789abcdef'
const keyOf = (text: string) => ({ recipe, words: textHash(text, 'paragraph') })

async function bookOf(chapters: readonly (readonly string[])[]) {
  const db = emptyDatabase()
  const novelId = await insertSmallNovel(db, chapters)
  const ids = (await chaptersOf(db, novelId)).map(({ id }) => id)
  return { db, novelId, ids, book: new ProgressCounts(db) }
}

test('a clip counts wherever its words stand, as often as they stand there', async () => {
  const { ids, book } = await bookOf([['Yes.', 'No!', 'Yes.'], ['Yes.'], ['Other.']])
  expect(await book.of(recipe, ids)).toEqual(ids.map(() => zeroCounts))
  const [chapters] = await book.put([{ key: keyOf('Yes.'), clip: someClip(10) }])
  expect(chapters?.toSorted()).toEqual(ids.slice(0, 2))
  expect(await book.of(recipe, ids)).toMatchObject([
    { done: 2, frames: 20, bytes: 4_000, setAside: 0 },
    { done: 1, frames: 10, bytes: 2_000, setAside: 0 },
    zeroCounts,
  ])
})

test('what is kept in memory is what a fresh count of the database finds', async () => {
  const texts = Array.from({ length: 60 }, (_, at) => `Sentence ${at % 25}.`)
  const { db, ids, book } = await bookOf([texts.slice(0, 20), texts.slice(20, 40), texts.slice(40)])
  const puts = texts.slice(0, 15).map((text, at) => book.put([{ key: keyOf(text), clip: someClip(at + 1) }]))
  const counts = ids.map((id) => book.of(recipe, [id]))
  await Promise.all([...puts, ...counts])
  expect(await book.of(recipe, ids)).toEqual(await new ProgressCounts(db).of(recipe, ids))
})

test('a sum is at any moment what its chapters add up to', async () => {
  const { db, novelId, ids, book } = await bookOf([['Yes.', 'No!'], ['Yes.'], ['Other.']])
  const list = (await chaptersOf(db, novelId)).slice(0, 2)
  const added = async () => {
    const counts = await book.of(recipe, ids.slice(0, 2))
    const total = (of: keyof ClipCounts) => counts.reduce((sum, counted) => sum + counted[of], 0)
    return {
      done: total('done'),
      frames: total('frames'),
      bytes: total('bytes'),
      checksums: total('checksums'),
      setAside: total('setAside'),
    }
  }
  const same = async () => {
    const sum = await book.sum(recipe, list)
    expect(sum).toEqual(await added())
    return sum
  }
  expect(await same()).toEqual(zeroCounts)
  // Asked for while it is written, too.
  const put = book.put([{ key: keyOf('Yes.'), clip: someClip(10) }])
  await Promise.all([put, same(), same()])
  expect(await same()).toMatchObject({ done: 2, frames: 20, setAside: 0 })
  const failed = { attempts: 3, reason: 'silence', setAside: true, nextAt: 0 }
  await book.recordFailure(keyOf('No!'), failed)
  expect(await same()).toMatchObject({ done: 2, frames: 20, setAside: 1 })
  await book.invalidate(recipe, () => deleteClip(db, keyOf('Yes.')))
  expect(await same()).toMatchObject({ done: 0, frames: 0, setAside: 1 })
  await book.invalidate(undefined, async () => {
    await db.deleteFrom('failures').execute()
  })
  expect(await same()).toEqual(zeroCounts)
})

test('a text that is set aside is counted apart, and forgotten with its failure', async () => {
  const { db, ids, book } = await bookOf([['Yes.', 'No!']])
  await book.of(recipe, ids)
  const failed = { attempts: 3, reason: 'silence', setAside: true, nextAt: 0 }
  await book.recordFailure(keyOf('No!'), failed)
  expect(await book.of(recipe, ids)).toEqual([{ ...zeroCounts, setAside: 1 }])
  await book.invalidate(recipe, async () => {
    await db.deleteFrom('failures').execute()
  })
  expect(await book.of(recipe, ids)).toEqual([zeroCounts])
})

test('a clip that is taken away is missed at once', async () => {
  const { db, ids, book } = await bookOf([['Yes.']])
  await book.put([{ key: keyOf('Yes.'), clip: someClip(5) }])
  expect((await book.of(recipe, ids))[0]?.done).toBe(1)
  await book.invalidate(recipe, () => deleteClip(db, keyOf('Yes.')))
  expect((await book.of(recipe, ids))[0]?.done).toBe(0)
})
