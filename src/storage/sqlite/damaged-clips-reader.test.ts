import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allowAnyColumnType, corruptColumns } from '../../../test/fixtures/corrupt-clips.ts'
import { emptyDatabase, someClip } from '../../../test/fixtures/small-novel.ts'
import { textHash } from '../../novel/clip.ts'
import { RowClipStore } from '../clips/row-clip-store.ts'
import { insertSalvagedClips } from '../queries/salvaged-clip-queries.ts'
import { DamagedClipsReader } from './damaged-clips-reader.ts'
import { openDatabase } from './sqlite-database.ts'

const recipe = '00112233445566778899aabbccddeeff'
const keyOf = (text: string) => ({ recipe, words: textHash(text, 'paragraph') })

const oddKeys = [
  'recipe = NULL',
  "recipe = x'01'",
  "words = 'a text'",
  'frames = 7',
  'id = 1234567890123456789',
] as const

test('a row with a corrupt column is lost, and every other row is salvaged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-test-'))
  const clips = join(folder, 'clips.db')
  const { db } = openDatabase({ folder, nightjar: join(folder, 'nightjar.db'), clips })
  const odd = [...corruptColumns, ...oddKeys]
  const texts = ['first', ...odd, 'last']
  const store = new RowClipStore(db)
  // One by one, so that their ids are in this order.
  for (const text of texts) await store.put([{ key: keyOf(text), clip: someClip(5) }])
  await db.destroy()
  const sqlite = allowAnyColumnType(clips)
  for (const [at, change] of odd.entries()) sqlite.exec(`UPDATE clips SET ${change} WHERE id = ${at + 2}`)
  sqlite.close()

  const salvaged = new DamagedClipsReader(clips)
  const fresh = await emptyDatabase()
  let count = 0
  for await (const rows of salvaged.rows(() => Promise.resolve())) {
    await insertSalvagedClips(fresh, rows)
    count += rows.length
  }
  // One of the ids is too large to be collected, so its row is not counted.
  expect([count, salvaged.lost]).toEqual([2, odd.length - 1])
  salvaged.close()
  for (const text of ['first', 'last'])
    expect(await new RowClipStore(fresh).get(keyOf(text))).toEqual(someClip(5))
})
