import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import { textHash } from '../../novel/clip.ts'
import { RowClipStore } from '../../storage/clips/row-clip-store.ts'
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
