import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { allowAnyColumnType, corruptColumns } from '../../../test/fixtures/corrupt-clips.ts'
import { emptyDatabase, insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { onPostgres } from '../../../test/program/test-storage.ts'
import { singleVoice } from '../../novel/casting.ts'
import { type ClipKey, textHash } from '../../novel/clip.ts'
import { RowClipStore } from '../clips/row-clip-store.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { openDatabase } from '../sqlite/sqlite-database.ts'
import { chaptersOf } from './chapter-queries.ts'
import {
  clipLayouts,
  clipLengths,
  clipsInOrder,
  clipWordTimes,
  deleteUnreferencedClips,
  frameSizesOf,
  hasClip,
} from './clip-queries.ts'
import { deleteNovel } from './deletion-queries.ts'
import { countClips, missingSegments } from './progress-queries.ts'

const recipe = '00112233445566778899aabbccddeeff'
const keyOf = (text: string): ClipKey => ({ recipe, words: textHash(text, 'paragraph') })

test.each(corruptColumns)(
  'a clip with %s is reported as damaged, and its neighbours are read',
  async (change) => {
    const folder = mkdtempSync(join(tmpdir(), 'nightjar-test-'))
    const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
    const first = openDatabase(files).db
    const novelId = await insertSmallNovel(first, [['a', 'b']])
    await new RowClipStore(first).put(['a', 'b'].map((text) => ({ key: keyOf(text), clip: someClip(3) })))
    await first.destroy()
    const sqlite = allowAnyColumnType(files.clips)
    sqlite.exec(`UPDATE clips SET ${change} WHERE id = 1`)
    sqlite.close()
    const { db } = openDatabase(files)
    const clips = new RowClipStore(db)
    expect(await clips.get(keyOf('a'))).toBe('damaged')
    expect(await clips.get(keyOf('b'))).toEqual(someClip(3))
    const [chapter] = await chaptersOf(db, novelId)
    const range = []
    for await (const { clip } of clips.range(chapter!.id, singleVoice(recipe), 0, 2))
      range.push(clip === 'damaged')
    expect(range).toEqual([true, false])
    expect((await clipLayouts(db, chapter!.id, singleVoice(recipe)))[1]?.frameSizes).toEqual(
      someClip(3).frameSizes,
    )
    expect((await frameSizesOf(db, chapter!.id, singleVoice(recipe), 0, 2))[1]).toHaveLength(3)
    expect((await clipLengths(db, chapter!.id, singleVoice(recipe)))[1]).toBe(3)
    expect((await clipsInOrder(db, chapter!.id, singleVoice(recipe))).at(-1)).toMatchObject({ frames: 3 })
    expect((await countClips(db, chapter!.id, singleVoice(recipe))).done).toBe(2)
    expect(await missingSegments(db, chapter!.id, singleVoice(recipe))).toEqual([])
    expect(await hasClip(db, keyOf('a'))).toBe(true)
    expect((await clipWordTimes(db, chapter!.id, singleVoice(recipe))).get(1)).toEqual(someClip(3).words)
    await db.destroy()
  },
)

test('a sweep removes only clips whose text no segment has, and their space is free again', async () => {
  const db = await emptyDatabase()
  const texts = Array.from({ length: 40 }, (_, at) => `Sentence ${at}.`)
  const deleted = await insertSmallNovel(db, [texts])
  await insertSmallNovel(db, [texts.slice(0, 5)])
  await new RowClipStore(db).put(texts.map((text) => ({ key: keyOf(text), clip: someClip(200) })))
  const { clipStatistics, reclaimSpace } = sqlDialect(db)
  const before = (await clipStatistics(db)).bytes
  await deleteNovel(db, deleted)
  let removed = 0
  for (let more = true; more;) {
    const step = await deleteUnreferencedClips(db, 7)
    removed += step.removed
    more = step.more
  }
  expect(removed).toBe(35)
  expect(await hasClip(db, keyOf('Sentence 4.'))).toBe(true)
  expect((await clipStatistics(db)).clips).toBe(5)
  // Postgres keeps the space for other clips.
  if (onPostgres) return
  while (await reclaimSpace(db, 'clips', 100));
  expect((await clipStatistics(db)).bytes).toBeLessThan(before / 4)
  const { rows } = await sql<object>`PRAGMA clips.integrity_check`.execute(db)
  expect(rows).toEqual([{ integrity_check: 'ok' }])
})

test('a clip whose text the database never had is not swept: it may belong to a newer database', async () => {
  const db = await emptyDatabase()
  await insertSmallNovel(db, [['Known.']])
  const doomed = await insertSmallNovel(db, [['Deleted.', 'Known.']])
  const texts = ['Known.', 'Deleted.', 'Spoken after the backup.']
  await new RowClipStore(db).put(texts.map((text) => ({ key: keyOf(text), clip: someClip(3) })))
  expect(await deleteUnreferencedClips(db, 10)).toEqual({ removed: 0, more: false })
  await deleteNovel(db, doomed)
  expect(await deleteUnreferencedClips(db, 10)).toEqual({ removed: 1, more: false })
  expect(await Promise.all(texts.map((text) => hasClip(db, keyOf(text))))).toEqual([true, false, true])
  expect(await db.selectFrom('releasedTexts').selectAll().execute()).toEqual([])
})
