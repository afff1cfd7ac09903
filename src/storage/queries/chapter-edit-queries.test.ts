import { expect, test } from 'vitest'
import { rewriteChapter } from '../../../test/fixtures/chapter-rewrite.ts'
import { insertListener } from '../../../test/fixtures/listener.ts'
import { emptyDatabase, insertSmallNovel, smallChapter } from '../../../test/fixtures/small-novel.ts'
import { commitEdit, revertEdit } from './chapter-edit-queries.ts'
import { chaptersOf, chapterText, segmentsOf } from './chapter-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from './playback-queries.ts'

test('a chapter with another text gets an id that none had, and keeps its narrated flag', async () => {
  await using db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  await db.updateTable('chapters').set({ narrated: 0 }).where('number', '=', 1).execute()
  const [one, two] = await chaptersOf(db, novelId)
  const text = smallChapter('One', ['New.', 'One.'])
  expect(await rewriteChapter(db, one!, text)).toBeDefined()
  const [edited, unchanged] = await chaptersOf(db, novelId)
  expect(edited).toMatchObject({ number: 1, title: 'One', narrated: 0, segmentCount: 2 })
  expect(edited!.id).toBeGreaterThan(two!.id)
  expect(unchanged).toEqual(two)
  expect((await chapterText(db, edited!.id)).blocks).toEqual(JSON.parse(text.blocks))
  expect(await segmentsOf(db, edited!.id)).toEqual(JSON.parse(text.segments))
})

test('heard ranges and the position move with the segments of the edited chapter only', async () => {
  await using db = await emptyDatabase()
  const sentences = ['One.', 'Two.', 'Three.', 'Four.']
  const novelId = await insertSmallNovel(db, [sentences, ['Five.', 'Six.']])
  const [one] = await chaptersOf(db, novelId)
  const at = { listener: 'anna', novelId }
  await insertListener(db, 'anna')
  await addHeard(db, { ...at, chapterNumber: 1 }, [0, 2])
  await addHeard(db, { ...at, chapterNumber: 2 }, [1, 1])
  await savePosition(db, at, { chapterNumber: 1, segment: 3, seconds: 7 })
  await rewriteChapter(db, one!, smallChapter('One', sentences.toSpliced(1, 0, 'New.', 'Newer.')))
  expect(await heardOf(db, 'anna', novelId)).toMatchObject([
    {
      ranges: [
        [0, 0],
        [3, 4],
      ],
      segments: 3,
    },
    { ranges: [[1, 1]], segments: 1 },
  ])
  expect(await positionOf(db, at)).toMatchObject({ chapterNumber: 1, segment: 5, seconds: 11 })
})

test('an edit of many chapters lets the event loop turn while it is done and undone', async () => {
  await using db = await emptyDatabase()
  const novelId = await insertSmallNovel(
    db,
    Array.from({ length: 1000 }, (_, at) => [`Line ${at}.`]),
  )
  for (let chapterNumber = 1; chapterNumber <= 30; chapterNumber++)
    await addHeard(db, { listener: 'home', novelId, chapterNumber }, [0, 0])
  const rows = await chaptersOf(db, novelId)
  const before = rows.map(({ id, title, part, narrated }) => ({ id, title, part, narrated: narrated === 1 }))
  const within = (): Promise<void> => Promise.resolve()
  const edit = { kind: 'move', at: 1, before, after: before.toReversed(), runs: [] } as const
  let turns = 0
  let watching = true
  const count = (): void => {
    turns++
    if (watching) setImmediate(count)
  }
  setImmediate(count)
  expect(await commitEdit(db, novelId, edit, within)).toBeDefined()
  // Two hundred chapters at a time.
  expect(turns).toBeGreaterThanOrEqual(5)
  turns = 0
  expect(await revertEdit(db, novelId, 'undo', within)).toMatchObject({ edit: { number: 1 } })
  expect(turns).toBeGreaterThanOrEqual(5)
  watching = false
  expect(await chaptersOf(db, novelId)).toEqual(rows)
  expect((await heardOf(db, 'home', novelId)).map(({ chapterNumber }) => chapterNumber)).toEqual(
    Array.from({ length: 30 }, (_, at) => at + 1),
  )
})
