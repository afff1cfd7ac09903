import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { singleVoice } from '../../novel/casting.ts'
import { recipeHash, textHash } from '../../novel/clip.ts'
import { nightjar1 } from '../sqlite/migrations/nightjar-migrations-1-to-5.ts'
import { openDatabase } from '../sqlite/sqlite-database.ts'
import { chaptersOf } from './chapter-queries.ts'
import { failureOf, saveFailure } from './clip-failure-queries.ts'
import { deleteUnreferencedClips } from './clip-queries.ts'
import {
  deleteNovel,
  deleteSomeNovelRows,
  hiddenNovels,
  hideIncompleteNovels,
  hideNovel,
  runInBatches,
} from './deletion-queries.ts'
import { generationById, insertGeneration } from './generation-queries.ts'
import { novelById } from './novel-queries.ts'
import { novelState } from '../novel-state.ts'

const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }
const generationOf = (id: string, novelId: string) => ({
  id,
  novelId,
  voice: recipe.voice,
  speed: 1,
  casting: singleVoice(recipeHash(recipe)),
  priority: 0,
  desiredState: 'run' as const,
  createdAt: new Date().toISOString(),
})

test('the id of a deleted chapter is never used again', async () => {
  const db = await emptyDatabase()
  const seen = new Set<number>()
  for (let round = 0; round < 3; round++) {
    const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
    for (const { id } of await chaptersOf(db, novelId)) {
      expect(seen.has(id)).toBe(false)
      seen.add(id)
    }
    await deleteNovel(db, novelId)
  }
})

test('chapter ids of an older database continue far above all that it may have used, and all rows are kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-ids-'))
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  const older = new DatabaseSync(files.nightjar)
  older.exec(`${nightjar1}; PRAGMA user_version = 1; PRAGMA foreign_keys = ON;
    INSERT INTO novels (id, title, author, language, metadata, sourceSha256, sourceName, report, complete, createdAt)
    VALUES ('old', 'Salt', 'Anna Bell', 'en', '{}', 'sha', 'salt.txt', '{}', 1, '2026-01-01T00:00:00.000Z');
    INSERT INTO chapters VALUES (41, 'old', 1, 'One', 'Part', 'body', 1, 9, 2), (42, 'old', 2, 'Two', NULL, 'body', 1, 9, 1);
    INSERT INTO chapterTexts VALUES (41, '[]', '[]', '[]'), (42, '[]', '[]', '[]');
    INSERT INTO segments VALUES (41, 0, x'00'), (41, 1, x'01'), (42, 0, x'02');
    INSERT INTO recipes VALUES (x'aa', 'odd:hum', 1, 'odd-1', '1', '{}');
    INSERT INTO generations VALUES ('g', 'old', x'aa', 0, 'run', x'', '2026-01-01T00:00:00.000Z', NULL, NULL);
    INSERT INTO generationChapters VALUES ('g', 41), ('g', 42)`)
  older.close()
  const { db } = openDatabase(files)
  expect(await chaptersOf(db, 'old')).toMatchObject([
    { id: 41, number: 1, title: 'One', part: 'Part' },
    { id: 42, number: 2, title: 'Two', part: null },
  ])
  const rows = async (table: 'chapterTexts' | 'segments' | 'generationChapters') =>
    (await db.selectFrom(table).selectAll().execute()).length
  expect([await rows('chapterTexts'), await rows('segments'), await rows('generationChapters')]).toEqual([
    2, 3, 2,
  ])
  expect((await sql<object>`PRAGMA foreign_key_check`.execute(db)).rows).toEqual([])
  expect((await sql<object>`PRAGMA foreign_keys`.execute(db)).rows).toEqual([{ foreign_keys: 1 }])
  const next = await chaptersOf(db, await insertSmallNovel(db, [['New.']]))
  expect(next[0]?.id).toBeGreaterThan(1_000_000)
  await deleteNovel(db, 'old')
  expect([await rows('chapterTexts'), await rows('segments'), await rows('generationChapters')]).toEqual([
    1, 1, 0,
  ])
  await db.destroy()
})

test('a hidden novel and its generations are not found, and its rows are deleted in interruptible batches', async () => {
  const db = await emptyDatabase()
  const long = Array.from({ length: 30 }, (_, at) => `Sentence ${at}.`)
  const doomed = await insertSmallNovel(db, [long, ['Shared.'], long])
  const kept = await insertSmallNovel(db, [['Shared.', 'Kept.']])
  for (const id of ['one', 'two']) {
    await insertGeneration(
      db,
      generationOf(id, doomed),
      [recipe],
      (await chaptersOf(db, doomed)).map((chapter) => chapter.id),
    )
  }
  await hideNovel(db, doomed)
  expect(await novelById(db, doomed)).toBeUndefined()
  expect(await generationById(db, 'one')).toBeUndefined()
  // The process may end after any of these.
  const deletedChapters: number[] = []
  let steps = 0
  for (let more = true; more; steps++) {
    expect(await hiddenNovels(db)).toEqual([doomed])
    const step = await deleteSomeNovelRows(db, doomed, 7)
    deletedChapters.push(...step.chapterIds)
    more = step.more
  }
  expect(steps).toBeGreaterThan(10)
  expect(deletedChapters).toHaveLength(3)
  expect(await hiddenNovels(db)).toEqual([])
  expect(await chaptersOf(db, kept)).toHaveLength(1)
  expect(await db.selectFrom('segments').selectAll().execute()).toHaveLength(2)
})

test('an interrupted import is deleted like a novel and does not block another import of its file', async () => {
  const db = await emptyDatabase()
  const id = await insertSmallNovel(db, [['Half.']])
  // Its server died more than a minute ago.
  const interrupted = { complete: novelState.hidden, sourceSha256: 'sha', importUntil: 0 }
  await db.updateTable('novels').set(interrupted).where('id', '=', id).execute()
  // During its import it does not count as hidden.
  expect(await hiddenNovels(db)).toEqual([])
  await hideIncompleteNovels(db)
  expect(await hiddenNovels(db)).toEqual([id])
})

test('failures are deleted with their text unless another novel has it', async () => {
  const db = await emptyDatabase()
  const doomed = await insertSmallNovel(db, [['Shared.', 'Alone.']])
  await insertSmallNovel(db, [['Shared.']])
  const keyOf = (text: string) => ({ recipe: recipeHash(recipe), words: textHash(text, 'paragraph') })
  const failed = { attempts: 3, reason: 'silence', setAside: true, nextAt: 0 }
  for (const text of ['Shared.', 'Alone.']) await saveFailure(db, keyOf(text), failed)
  await deleteNovel(db, doomed)
  await runInBatches(async (texts) => (await deleteUnreferencedClips(db, texts)).more)
  expect(await failureOf(db, keyOf('Alone.'))).toBeUndefined()
  expect(await failureOf(db, keyOf('Shared.'))).toEqual(failed)
})
