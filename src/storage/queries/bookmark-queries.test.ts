import { expect, test } from 'vitest'
import { rewriteChapter } from '../../../test/fixtures/chapter-rewrite.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import { bookmarksOf, saveBookmark } from './bookmark-queries.ts'
import { chaptersOf } from './chapter-queries.ts'
import { commitRekey, stageRekey } from './rekey-queries.ts'

const sentences = ['One.', 'Two.', 'Three.', 'Four.']

test('a bookmark stays with its sentence when its chapter is edited or re-keyed, one of another chapter where it is', async () => {
  await using db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [sentences, sentences])
  const of = { listener: 'home', novelId }
  const mark = (id: string, chapterNumber: number, at: number) =>
    saveBookmark(db, of, { id, chapterNumber, at, note: '' })
  await mark('first', 1, 2)
  await mark('other', 2, 2)
  expect(await mark('nowhere', 1, 9)).toBeUndefined()
  expect(await mark('nowhere', 3, 0)).toBeUndefined()

  const [one] = await chaptersOf(db, novelId)
  const longer = smallChapter('One', ['Zero.', 'Zero and a half.', ...sentences])
  await rewriteChapter(db, one!, longer)
  const places = async () => (await bookmarksOf(db, of)).map(({ id, segment, quote }) => [id, segment, quote])
  expect(await places()).toEqual([
    ['first', 4, 'Three.'],
    ['other', 2, 'Three.'],
  ])

  const chapters = await chaptersOf(db, novelId)
  async function* groups() {
    yield [{ old: chapters[0]!, text: smallChapter('One', sentences.slice(1)) }]
  }
  const staged = await stageRekey(db, novelId, groups())
  expect(await commitRekey(db, novelId, staged!)).toBeDefined()
  expect(await places()).toEqual([
    ['first', 1, 'Three.'],
    ['other', 2, 'Three.'],
  ])
})
