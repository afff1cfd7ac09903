import { expect, test } from 'vitest'
import { insertListener } from '../../../test/fixtures/listener.ts'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { positionOf, positionsSince, savePosition } from './playback-queries.ts'

const time = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()

test('whatever the order in which devices send their places, the one that was listened to last stays', async () => {
  await using db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const of = { listener: 'home', novelId }
  for (let round = 0; round < 5; round++) {
    const places = Array.from({ length: 8 }, () => Math.floor(Math.random() * 1000) + round * 1000)
    const saved = places.map((minute) =>
      savePosition(db, of, {
        chapterNumber: 1,
        segment: 0,
        seconds: minute,
        device: { id: `d${minute}`, name: 'Phone' },
        updatedAt: time(minute),
      }),
    )
    const told = await Promise.all(saved)
    const latest = Math.max(...places)
    const expected = { seconds: latest, device: { id: `d${latest}` }, updatedAt: time(latest) }
    expect(await positionOf(db, of)).toMatchObject(expected)
    // Whoever sends an older one learns which is later.
    for (const [at, { seconds }] of told.entries()) expect(seconds).toBeGreaterThanOrEqual(places[at]!)
  }
})

test('each listener has a position of their own', async () => {
  await using db = await emptyDatabase()
  await insertListener(db, 'anna')
  const [one, two] = [await insertSmallNovel(db, [['One.']]), await insertSmallNovel(db, [['Two.']])]
  const save = (listener: string, novelId: string, minute: number) =>
    savePosition(
      db,
      { listener, novelId },
      { chapterNumber: 1, segment: minute, seconds: 0, updatedAt: time(minute) },
    )
  await save('home', one, 1)
  await save('anna', one, 2)
  await save('home', two, 3)
  expect(await positionOf(db, { listener: 'home', novelId: one })).toMatchObject({ segment: 1 })
  expect(await positionOf(db, { listener: 'anna', novelId: one })).toMatchObject({ segment: 2 })
  expect((await positionsSince(db, time(2))).map(({ novelId }) => novelId)).toEqual([one, two])
})
