import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import { textHash } from '../../novel/clip.ts'
import type { ClipStore, NewClip } from '../../storage/clip-store.ts'
import { RowClipStore } from '../../storage/clips/row-clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { ObjectStoreError } from '../../storage/object-store.ts'
import { isFull } from '../../storage/storage-errors.ts'
import { ProgressCounts } from '../generations/progress-counts.ts'
import { ClipWriter } from './segment-results.ts'

const recipe = 'ffeeddccbbaa99887766554433221100'
const keyOf = (text: string) => ({ recipe, words: textHash(text, 'paragraph') })

// SQLite alone can be given a full disk.
test.skipIf(onPostgres)(
  'a full disk delays a clip and is reported once; the clip is written when there is space',
  async () => {
    const db = await emptyDatabase()
    await insertSmallNovel(db, [['Yes.']])
    const reported: boolean[] = []
    const retried = Promise.withResolvers<void>()
    const writer = new ClipWriter(new ProgressCounts(db, new RowClipStore(db)), {
      retryMs: 5,
      onWriteError: (error) => {
        reported.push(isFull(error))
        if (error) setTimeout(() => retried.resolve(), 40)
      },
    })
    const { rows } = await sql<{ page_count: number }>`PRAGMA clips.page_count`.execute(db)
    await sql`PRAGMA clips.max_page_count = ${sql.raw(String(rows[0]?.page_count))}`.execute(db)
    const written = writer.put(keyOf('Yes.'), someClip(100))
    await retried.promise
    expect(reported).toEqual([true])
    await sql`PRAGMA clips.max_page_count = 1000000`.execute(db)
    expect(await written).toHaveLength(1)
    expect(reported).toEqual([true, false])
    expect(await new RowClipStore(db).get(keyOf('Yes.'))).toEqual(someClip(100))
  },
)

test('clips that arrive during a commit are all written', async () => {
  const db = await emptyDatabase()
  const texts = Array.from({ length: 50 }, (_, at) => `Sentence ${at}.`)
  await insertSmallNovel(db, [texts])
  const writer = new ClipWriter(new ProgressCounts(db, new RowClipStore(db)), {
    onWriteError: () => undefined,
  })
  await Promise.all(texts.map((text, at) => writer.put(keyOf(text), someClip(at + 1))))
  for (const [at, text] of texts.entries()) {
    expect(await new RowClipStore(db).get(keyOf(text))).toEqual(someClip(at + 1))
  }
})

test('a clip that the database rejects fails alone, and without retries', async () => {
  const db = await emptyDatabase()
  await insertSmallNovel(db, [['One.', 'Two.', 'Three.']])
  const writer = new ClipWriter(new ProgressCounts(db, new RowClipStore(db)), {
    onWriteError: (error) => expect(error).toBeUndefined(),
  })
  const refusal = onPostgres
    ? sql`ALTER TABLE clips.clips ADD CHECK (frames <> 13)`
    : sql`CREATE TRIGGER clips.refuse BEFORE INSERT ON clips WHEN new.frames = 13
        BEGIN SELECT raise(ABORT, 'thirteen'); END`
  await refusal.execute(db)
  const written = await Promise.allSettled([
    writer.put(keyOf('One.'), someClip(1)),
    writer.put(keyOf('Two.'), someClip(13)),
    writer.put(keyOf('Three.'), someClip(3)),
  ])
  expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

const fail = (error: unknown): void => expect.fail(String(error))

/** Rows that are prepared as a bucket prepares, each clip once for its batch and once more for its commit. */
function preparedRows(db: Database, prepare: (clips: readonly NewClip[]) => Promise<void>): ClipStore {
  const rows = new RowClipStore(db)
  return Object.create(rows, {
    prepare: { value: prepare },
    put: { value: (...args: Parameters<ClipStore['put']>) => rows.put(...args) },
  })
}

test('clips that arrive while others are prepared are one batch, which waits for them for a moment only', async () => {
  const db = await emptyDatabase()
  const later = ['Later 1.', 'Later 2.', 'Later 3.']
  await insertSmallNovel(db, [['Slow.', ...later]])
  const released = Promise.withResolvers<void>()
  const batches: number[] = []
  const store = preparedRows(db, async (clips) => {
    batches.push(clips.length)
    if (clips.some(({ key }) => key.words === keyOf('Slow.').words)) await released.promise
  })
  const writer = new ClipWriter(new ProgressCounts(db, store), { onWriteError: fail })
  const writtenSlow = writer.put(keyOf('Slow.'), someClip(1))
  expect(batches).toEqual([1])
  expect((await Promise.all(later.map((text) => writer.put(keyOf(text), someClip(3))))).flat()).toHaveLength(
    3,
  )
  // The last is that of the commit.
  expect(batches).toEqual([1, 3, 3])
  expect(await new RowClipStore(db).get(keyOf('Later 3.'))).toEqual(someClip(3))
  expect(await new RowClipStore(db).get(keyOf('Slow.'))).toBeUndefined()
  const writtenLast = writer.put(keyOf('Later 1.'), someClip(3))
  released.resolve()
  expect((await Promise.all([writtenSlow, writtenLast])).flat()).toHaveLength(2)
})

test('a clip that cannot be prepared is kept, reported once, and prepared again until it can be', async () => {
  const db = await emptyDatabase()
  await insertSmallNovel(db, [['Yes.']])
  let attempts = 0
  const store = preparedRows(db, async () => {
    attempts++
    if (attempts < 4) throw new ObjectStoreError('unreachable', 'away')
  })
  const reported: unknown[] = []
  const writer = new ClipWriter(new ProgressCounts(db, store), {
    retryMs: 1,
    onWriteError: (error) => reported.push(error),
  })
  expect(await writer.put(keyOf('Yes.'), someClip(1))).toHaveLength(1)
  expect([attempts, reported]).toEqual([4, [expect.any(ObjectStoreError), undefined]])
})

test('stop waits for what is being prepared, and drops what cannot be', async () => {
  const db = await emptyDatabase()
  await insertSmallNovel(db, [['Yes.', 'No.']])
  const released = Promise.withResolvers<void>()
  const store = preparedRows(db, async (clips) => {
    await released.promise
    if (clips.some(({ key }) => key.words === keyOf('No.').words))
      throw new ObjectStoreError('unreachable', 'away')
  })
  const writer = new ClipWriter(new ProgressCounts(db, store), { onWriteError: fail })
  const written = Promise.allSettled(['Yes.', 'No.'].map((text) => writer.put(keyOf(text), someClip(1))))
  let stopped = false
  const stopping = writer.stop().finally(() => {
    stopped = true
  })
  await sql`SELECT 1`.execute(db)
  expect(stopped).toBe(false)
  released.resolve()
  await stopping
  expect(await new RowClipStore(db).get(keyOf('Yes.'))).toEqual(someClip(1))
  expect((await written).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('where nothing is prepared a commit begins at once', async () => {
  const db = await emptyDatabase()
  await insertSmallNovel(db, [['Yes.']])
  const begun: number[] = []
  class WatchedCounts extends ProgressCounts {
    override put(clips: readonly NewClip[]) {
      begun.push(clips.length)
      return super.put(clips)
    }
  }
  const counts = new WatchedCounts(db, new RowClipStore(db))
  const written = new ClipWriter(counts, { onWriteError: fail }).put(keyOf('Yes.'), someClip(1))
  expect(begun).toEqual([1])
  await written
})
