import { expect, test, vi } from 'vitest'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import { chaptersOf } from './chapter-queries.ts'
import { stageChapters } from './rekey-queries.ts'

test('chapters of a long novel are staged in few commits, none of more than 2,000 segments unless one chapter has more', async () => {
  await using db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.']])
  const chapter = (number: number, count: number) =>
    smallChapter(
      `Chapter ${number}`,
      Array.from({ length: count }, (_, at) => `${number}, ${at}.`),
    )
  const texts = [...Array.from({ length: 30 }, (_, at) => chapter(at + 1, 150)), chapter(31, 2100)]
  using transactions = vi.spyOn(db, 'transaction')
  const { shadowId, chapterIds } = await stageChapters(db, novelId, texts)
  // 13 chapters of 150, twice, then four, then the long one.
  expect(transactions).toHaveBeenCalledTimes(4)
  const staged = await chaptersOf(db, shadowId)
  expect(staged.map(({ id }) => id)).toEqual(chapterIds)
  expect(staged.map(({ segmentCount }) => segmentCount)).toEqual([...Array<number>(30).fill(150), 2100])
})
