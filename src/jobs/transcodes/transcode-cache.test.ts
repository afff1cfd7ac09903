import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import {
  insertTranscodes,
  transcodesByKey,
  updateTranscode,
} from '../../storage/queries/transcode-queries.ts'
import { TranscodeCache } from './transcode-cache.ts'

afterEach(() => vi.useRealTimers())

const key = (id: number): string => id.toString(16).padStart(64, '0')

/** A database with a completed transcode for each of these times of its last request. */
async function withTranscodes(...askedAt: readonly number[]) {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(
    db,
    askedAt.map((_, index) => [`Chapter ${index}.`]),
  )
  const tags = {
    title: 'One',
    novelTitle: 'A small novel',
    author: 'Nobody',
    narrator: 'Hum',
    number: 1,
    of: 2,
    language: 'en',
  }
  const common = { novelId, casting: key(0), form: 'mp3', frames: 10, status: 'pending', tags } as const
  const createdAt = new Date().toISOString()
  const transcodes = (await chaptersOf(db, novelId)).map(({ id }, index) => ({
    ...common,
    key: key(index + 1),
    chapterId: id,
    createdAt,
    askedAt: askedAt[index] ?? 0,
  }))
  await insertTranscodes(db, transcodes)
  for (const each of transcodes) await updateTranscode(db, each.key, { status: 'completed', bytes: 100 })
  const discarded: string[] = []
  const server = (graceMs: number) =>
    new TranscodeCache({
      db,
      log: pino({ level: 'silent' }),
      limit: 150,
      graceMs,
      discard: async (each) => void discarded.push(each),
    })
  return { db, discarded, server }
}

test('the least recently requested are evicted over the limit, none that is being read', async () => {
  const { db, discarded, server } = await withTranscodes(1, 2, 3)
  const cache = server(0)
  const reader = cache.pin([key(1)])
  await cache.evict(0)
  expect(discarded).toEqual([key(2), key(3)])
  reader[Symbol.dispose]()
  await cache.stop()
  await db.destroy()
})

test('what another server is sending is kept as long as it is sent', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const { db, discarded, server } = await withTranscodes(1, 1)
  // A request keeps a file for three seconds.
  const [one, other] = [server(3000), server(3000)]
  const reader = one.pin([key(1)])
  const isAskedFor = () =>
    waitUntil(async () => (await transcodesByKey(db, [key(1)]))[0]?.askedAt === Date.now())
  await isAskedFor()
  await other.evict(100)
  expect(discarded).toEqual([key(2)])
  // It is asked for again and again, for longer than one request keeps it.
  for (let second = 0; second < 4; second++) {
    vi.advanceTimersByTime(1000)
    await isAskedFor()
  }
  await other.evict(100)
  expect(discarded).toEqual([key(2)])
  reader[Symbol.dispose]()
  await one.stop()
  vi.advanceTimersByTime(3001)
  await other.evict(100)
  expect(discarded).toEqual([key(2), key(1)])
  await db.destroy()
})
