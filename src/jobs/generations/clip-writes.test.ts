import { afterEach, beforeEach, expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import { type ClipKey, textHash } from '../../novel/clip.ts'
import type { ClipStore } from '../../storage/clip-store.ts'
import { RowClipStore } from '../../storage/clips/row-clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { failureOf } from '../../storage/queries/clip-failure-queries.ts'
import { hasClip } from '../../storage/queries/clip-queries.ts'
import { deleteNovel } from '../../storage/queries/deletion-queries.ts'
import { storeClips, storeFailure } from './clip-writes.ts'

let db: Database
let store: ClipStore
beforeEach(async () => {
  db = await emptyDatabase()
  store = new RowClipStore(db)
})
afterEach(() => db.destroy())

const keyOf = (text: string): ClipKey => ({ recipe: 'ab'.repeat(32), words: textHash(text, 'paragraph') })
const clipOf = (text: string) => ({ key: keyOf(text), clip: someClip(3) })
const failed = { attempts: 3, reason: 'silence', setAside: true, nextAt: 0 }

async function sweep(): Promise<void> {
  while ((await store.deleteUnreferenced(10)).more);
}

test.runIf(onPostgres)(
  'a clip whose novel another server deletes while it is stored leaves nothing behind',
  async () => {
    await insertSmallNovel(db, [['Kept.']])
    const novelId = await insertSmallNovel(db, [['Lost.']])
    let deleted = false
    const slow: ClipStore = Object.create(store, {
      put: {
        value: async (...args: Parameters<ClipStore['put']>) => {
          if (!deleted) {
            await deleteNovel(db, novelId)
            await sweep()
          }
          deleted = true
          return store.put(...args)
        },
      },
    })
    const written = await storeClips(db, slow, [clipOf('Lost.'), clipOf('Kept.')])
    expect(written.map(({ occurrences }) => occurrences.length)).toEqual([0, 1])
    expect(await hasClip(db, keyOf('Lost.'))).toBe(false)
    expect(await hasClip(db, keyOf('Kept.'))).toBe(true)
  },
)

test('a sweep beside a clip that is stored takes it as soon as its text is released', async () => {
  const novelId = await insertSmallNovel(db, [['One.', 'Two.']])
  await Promise.all([
    storeClips(db, store, [clipOf('One.')]),
    deleteNovel(db, novelId).then(sweep),
    storeClips(db, store, [clipOf('Two.')]),
  ])
  await sweep()
  expect(await hasClip(db, keyOf('One.'))).toBe(false)
  expect(await hasClip(db, keyOf('Two.'))).toBe(false)
})

test('servers that store the same clips in another order do not wait for each other for ever', async () => {
  const texts = Array.from({ length: 30 }, (_, index) => `Sentence ${index}.`)
  await insertSmallNovel(db, [texts])
  const batches = Array.from({ length: 8 }, (_, at) =>
    (at % 2 === 0 ? texts : texts.toReversed()).map((text) => clipOf(text)),
  )
  const written = await Promise.all(batches.map((batch) => storeClips(db, store, batch)))
  const stored = written.flat().filter(({ checksum }) => checksum !== undefined)
  expect(stored).toHaveLength(texts.length)
  // Each is returned in its place.
  for (const [at, batch] of written.entries())
    expect(batch.map(({ key }) => key)).toEqual(batches[at]?.map(({ key }) => key))
})

test('what another server has spoken meanwhile is not set aside, and a clip clears what failed', async () => {
  await insertSmallNovel(db, [['One.']])
  expect(await storeFailure(db, keyOf('One.'), failed)).toMatchObject({ setAside: 1 })
  const [written] = await storeClips(db, store, [clipOf('One.')])
  expect(written?.failed).toMatchObject(failed)
  expect(await failureOf(db, keyOf('One.'))).toBeUndefined()
  if (!onPostgres) return
  expect(await storeFailure(db, keyOf('One.'), failed)).toMatchObject({ setAside: 0 })
  expect(await failureOf(db, keyOf('One.'))).toBeUndefined()
})
