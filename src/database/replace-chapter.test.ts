import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { emptyDatabase, insertSmallNovel } from '../../test/fixtures/small-novel.ts'
import { recipeHash } from '../novel/recipe.ts'
import { writeChapter } from '../novel/written-chapter.ts'
import { chapterText, chaptersOf, segmentsOf } from './chapters.ts'
import type { Database } from './database.ts'
import { generationById, insertGeneration } from './generations.ts'
import { replaceChapter } from './replace-chapter.ts'

const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }

async function ask(db: Database, novelId: string, chapterIds: readonly number[]): Promise<string> {
  const id = uuidv7()
  const asked = { id, novelId, voice: recipe.voice, speed: 1, recipe: recipeHash(recipe), priority: 0 }
  const createdAt = new Date().toISOString()
  await insertGeneration(db, { ...asked, wish: 'run', createdAt }, recipe, chapterIds)
  return id
}

const block = { kind: 'paragraph' as const, text: 'New.' }
const segment = { block: 0, start: 0, end: 4, spoken: 'New.', edits: [], pause: 'paragraph' as const }
const written = writeChapter(
  { title: 'One', matter: 'body', blocks: [block], skips: [] },
  { segments: [segment], skips: [] },
)

test('a chapter is replaced under a new id; what was left out of narration stays so', async () => {
  const db = emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  expect(await replaceChapter(db, { ...one!, narrated: 0 }, written)).toBe(true)
  const [anew, still] = await chaptersOf(db, novelId)
  expect(anew).toMatchObject({ number: 1, title: 'One', narrated: 0, segmentCount: 1 })
  expect(anew!.id).toBeGreaterThan(two!.id)
  expect(still).toEqual(two)
  expect((await chapterText(db, anew!.id)).blocks).toEqual([block])
  expect(await segmentsOf(db, anew!.id)).toEqual([segment])
  await db.destroy()
})

test('a chapter that is being spoken stays; a generation that is over goes where it had no other', async () => {
  const db = emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  const alone = await ask(db, novelId, [one!.id])
  const both = await ask(db, novelId, [one!.id, two!.id])
  expect(await replaceChapter(db, one!, written)).toBe(false)
  expect(await chaptersOf(db, novelId)).toEqual([one, two])
  await db.updateTable('generations').set({ completedAt: new Date().toISOString() }).execute()
  expect(await replaceChapter(db, one!, written)).toBe(true)
  expect(await generationById(db, alone)).toBeUndefined()
  expect(await generationById(db, both)).toBeDefined()
  await db.destroy()
})
