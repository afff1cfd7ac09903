import { v7 as uuidv7 } from 'uuid'
import { expect, test } from 'vitest'
import { insertListener } from '../../../test/fixtures/listener.ts'
import { emptyDatabase, insertSmallNovel } from '../../../test/fixtures/small-novel.ts'
import { singleVoice } from '../../novel/casting.ts'
import { recipeHash } from '../../novel/clip.ts'
import { toStoredChapter } from '../../novel/stored-chapter.ts'
import type { Database } from '../database-tables.ts'
import { chaptersOf, chapterText, replaceChapter, segmentsOf, setNarrated } from './chapter-queries.ts'
import { generationById, insertGeneration } from './generation-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from './playback-queries.ts'

const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }

async function requestGeneration(
  db: Database,
  novelId: string,
  chapterIds: readonly number[],
): Promise<string> {
  const id = uuidv7()
  const request = {
    id,
    novelId,
    voice: recipe.voice,
    speed: 1,
    casting: singleVoice(recipeHash(recipe)),
    priority: 0,
  }
  const createdAt = new Date().toISOString()
  await insertGeneration(db, { ...request, wish: 'run', createdAt }, [recipe], chapterIds)
  return id
}

const block = { kind: 'paragraph' as const, text: 'New.' }
const segment = { block: 0, start: 0, end: 4, spoken: 'New.', edits: [], pause: 'paragraph' as const }
const written = toStoredChapter(
  { title: 'One', matter: 'body', blocks: [block], skips: [] },
  { segments: [segment], skips: [] },
)

const change = { at: 0, removed: 1, added: 1 }

test('a replaced chapter gets a new id and keeps its narrated flag', async () => {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  await setNarrated(db, one!.id, false)
  expect(await replaceChapter(db, one!, written, change)).toBe('replaced')
  const [replaced, unchanged] = await chaptersOf(db, novelId)
  expect(replaced).toMatchObject({ number: 1, title: 'One', narrated: 0, segmentCount: 1 })
  expect(replaced!.id).toBeGreaterThan(two!.id)
  expect(unchanged).toEqual(two)
  expect((await chapterText(db, replaced!.id)).blocks).toEqual([block])
  expect(await segmentsOf(db, replaced!.id)).toEqual([segment])
  await db.destroy()
})

test('a chapter of an active generation is not replaced; a finished generation of only that chapter is deleted with it', async () => {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one, two] = await chaptersOf(db, novelId)
  const alone = await requestGeneration(db, novelId, [one!.id])
  const both = await requestGeneration(db, novelId, [one!.id, two!.id])
  expect(await replaceChapter(db, one!, written, change)).toBe('being-spoken')
  expect(await chaptersOf(db, novelId)).toEqual([one, two])
  await db.updateTable('generations').set({ completedAt: new Date().toISOString() }).execute()
  expect(await replaceChapter(db, one!, written, change)).toBe('replaced')
  expect(await generationById(db, alone)).toBeUndefined()
  expect(await generationById(db, both)).toBeDefined()
  await db.destroy()
})

test('of two concurrent replacements of a chapter the second changes nothing', async () => {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [['One.'], ['Two.']])
  const [one] = await chaptersOf(db, novelId)
  const both = [replaceChapter(db, one!, written, change), replaceChapter(db, one!, written, change)]
  expect(await Promise.all(both)).toEqual(['replaced', 'gone'])
  expect(await chaptersOf(db, novelId)).toHaveLength(2)
  await db.destroy()
})

test('heard ranges and the position move with the segments of the replaced chapter only', async () => {
  const db = await emptyDatabase()
  const novelId = await insertSmallNovel(db, [
    ['One.', 'Two.', 'Three.', 'Four.'],
    ['Five.', 'Six.'],
  ])
  const [one] = await chaptersOf(db, novelId)
  const at = { listener: 'anna', novelId }
  await insertListener(db, 'anna')
  await addHeard(db, { ...at, chapterNumber: 1 }, [0, 2])
  await addHeard(db, { ...at, chapterNumber: 2 }, [1, 1])
  await savePosition(db, { listener: 'anna', novelId }, { chapterNumber: 1, segment: 3, seconds: 7 })
  await replaceChapter(db, one!, written, { at: 1, removed: 0, added: 2 })
  expect(await heardOf(db, 'anna', novelId)).toMatchObject([
    {
      ranges: [
        [0, 0],
        [3, 4],
      ],
      segments: 3,
    },
    { ranges: [[1, 1]], segments: 1 },
  ])
  expect(await positionOf(db, { listener: 'anna', novelId })).toMatchObject({
    chapterNumber: 1,
    segment: 5,
    seconds: 11,
  })
  await db.destroy()
})
