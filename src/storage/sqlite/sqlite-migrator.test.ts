import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { recipeHash, textHash } from '../../novel/clip.ts'
import { chaptersOf, segmentsOf } from '../queries/chapter-queries.ts'
import { openDatabase } from './sqlite-database.ts'
import { insertGeneration } from '../queries/generation-queries.ts'
import { bytesToHash } from '../queries/column-values.ts'

test('a novel from before there was a silence at a chapter’s head gets it if nothing of it was ever asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-opening-'))
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  const before = openDatabase(files).db
  const never = await insertSmallNovel(before, [['“One” – it’s \\ é.', 'Two.'], ['Three.'], []])
  const begun = await insertSmallNovel(before, [['Four.']])
  const [four] = await chaptersOf(before, begun)
  const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
  const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }
  const createdAt = new Date().toISOString()
  const asked = { novelId: begun, voice: recipe.voice, speed: 1, recipe: recipeHash(recipe), priority: 0 }
  await insertGeneration(before, { ...asked, id: uuidv7(), wish: 'run', createdAt }, recipe, [four!.id])
  const still = await segmentsOf(before, four!.id)
  await sql`PRAGMA main.user_version = 10`.execute(before)
  await before.destroy()
  const { db } = openDatabase(files)
  const [one, two, none] = await chaptersOf(db, never)
  const [first, second] = await segmentsOf(db, one!.id)
  expect(first).toMatchObject({ spoken: '“One” – it’s \\ é.', opening: true })
  expect(second).not.toHaveProperty('opening')
  expect(await segmentsOf(db, two!.id)).toMatchObject([{ spoken: 'Three.', opening: true }])
  expect(await segmentsOf(db, none!.id)).toEqual([])
  expect(await segmentsOf(db, four!.id)).toEqual(still)
  const rows = await db.selectFrom('segments').select('words').orderBy('chapterId').orderBy('idx').execute()
  expect(rows.map(({ words }) => bytesToHash(words))).toEqual([
    textHash('“One” – it’s \\ é.', 'paragraph', true),
    textHash('Two.', 'paragraph'),
    textHash('Three.', 'paragraph', true),
    textHash('Four.', 'paragraph'),
  ])
  await db.destroy()
})
