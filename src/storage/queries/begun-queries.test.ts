import { expect, test } from 'vitest'
import { insertListener } from '../../../test/fixtures/listener.ts'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { begunNovels, listBegun } from './begun-queries.ts'
import { markHeard } from './heard-mark-queries.ts'
import { savePosition } from './playback-queries.ts'
import { moveNovelToTrash, putNovelBack } from './trash-queries.ts'

const time = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

test('novels that were begun and not heard to the end are listed, the last one first, until they are taken off', async () => {
  await using db = await emptyDatabase()
  await insertListener(db, 'anna')
  const novels: string[] = []
  for (let at = 0; at < 4; at++) novels.push(await insertSmallNovel(db, [['One.', 'Two.'], ['Three.']]))
  const [one, two, three, unbegun] = novels as [string, string, string, string]
  const save = (novelId: string, minute: number, listener = 'home') =>
    savePosition(
      db,
      { listener, novelId },
      { chapterNumber: 1, segment: 0, seconds: 0, updatedAt: time(minute) },
    )
  await save(two, 1)
  await save(one, 2)
  await save(three, 3)
  await save(unbegun, 4, 'anna')
  const begun = (limit = 6) => begunNovels(db, 'home', limit)
  expect(await begun()).toEqual([three, one, two])
  expect(await begun(2)).toEqual([three, one])

  // Heard to the end by this listener, not by another.
  const whole = [1, 2].map((chapterNumber) => ({ chapterNumber, ranges: [[0, 2 - chapterNumber] as const] }))
  await markHeard(db, { listener: 'anna', novelId: one }, whole)
  expect(await begun()).toEqual([three, one, two])
  await markHeard(db, { listener: 'home', novelId: three }, whole)
  expect(await begun()).toEqual([one, two])
  await markHeard(db, { listener: 'home', novelId: three }, [{ chapterNumber: 2, ranges: [] }])
  expect(await begun()).toEqual([three, one, two])

  expect(await listBegun(db, { listener: 'home', novelId: one }, false)).toBe(true)
  expect(await begun()).toEqual([three, two])
  await listBegun(db, { listener: 'home', novelId: one }, true)
  expect(await begun()).toEqual([three, one, two])
  await listBegun(db, { listener: 'home', novelId: one }, false)
  // Sent late, it says nothing; listened to again, it is there again.
  await save(one, 1)
  expect(await begun()).toEqual([three, two])
  await save(one, 5)
  expect(await begun()).toEqual([one, three, two])
  expect(await listBegun(db, { listener: 'home', novelId: unbegun }, false)).toBe(false)

  await moveNovelToTrash(db, three)
  expect(await begun()).toEqual([one, two])
  await putNovelBack(db, three)
  expect(await begun()).toEqual([one, three, two])
})
