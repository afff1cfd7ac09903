import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { OlderDatabase } from '../../../test/fixtures/older-database.ts'
import { smallChapter, someClip } from '../../../test/fixtures/small-novel.ts'
import { singleVoice } from '../../novel/casting.ts'
import { recipeHash, textHash } from '../../novel/clip.ts'
import { castingsWithNarrator } from '../queries/casting-queries.ts'
import { chaptersByGeneration, chaptersOf, segmentsOf } from '../queries/chapter-queries.ts'
import { RowClipStore } from '../clips/row-clip-store.ts'
import { bytesToHash, hashToBytes } from '../queries/column-values.ts'
import { equalGenerations, generationById } from '../queries/generation-queries.ts'
import { heardOf, positionOf } from '../queries/playback-queries.ts'
import { countClips, missingSegments } from '../queries/progress-queries.ts'
import { unstampedRecipes } from '../queries/recipe-queries.ts'
import { transcodesByKey } from '../queries/transcode-queries.ts'
import { openDatabase } from './sqlite-database.ts'
import { migrations } from './sqlite-migrator.ts'

const createdAt = '2026-01-02T03:04:05.000Z'
const pauses = { sentence: 0.25, paragraph: 0.6, section: 1.2 }
const recipe = { voice: 'odd:hum', speed: 1, engine: 'odd-1', studio: '1', pauses }

/** A recipe as stored before recipes had a pace. */
function insertRecipe(older: OlderDatabase): Uint8Array {
  const hash = hashToBytes(recipeHash(recipe))
  older.insert('recipes', { ...recipe, hash, pauses: JSON.stringify(pauses) })
  return hash
}

test('a novel imported before chapters began with a silence gets it if it has no generation', async () => {
  const older = new OlderDatabase(10)
  const chapter = (...sentences: string[]) => smallChapter('Chapter', sentences)
  older.insertNovel('unrequested', [chapter('“One” – it’s \\ é.', 'Two.'), chapter('Three.'), chapter()])
  const [four] = older.insertNovel('requested', [chapter('Four.')], 4)
  const generation = { id: 'generation', novelId: 'requested', priority: 0, wish: 'run', createdAt }
  older.insert('generations', { ...generation, recipe: insertRecipe(older), chapterSet: new Uint8Array(16) })
  older.insert('generationChapters', { generationId: 'generation', chapterId: four! })
  older[Symbol.dispose]()
  const { db } = openDatabase(older.files)
  const [one, two, none] = await chaptersOf(db, 'unrequested')
  const [first, second] = await segmentsOf(db, one!.id)
  expect(first).toMatchObject({ spoken: '“One” – it’s \\ é.', opening: true })
  expect(second).not.toHaveProperty('opening')
  expect(await segmentsOf(db, two!.id)).toMatchObject([{ spoken: 'Three.', opening: true }])
  expect(await segmentsOf(db, none!.id)).toEqual([])
  expect(await segmentsOf(db, four!)).toEqual(JSON.parse(chapter('Four.').segments))
  const rows = await db.selectFrom('segments').select('words').orderBy('chapterId').orderBy('idx').execute()
  expect(rows.map(({ words }) => bytesToHash(words))).toEqual([
    textHash('“One” – it’s \\ é.', 'paragraph', true),
    textHash('Two.', 'paragraph'),
    textHash('Three.', 'paragraph', true),
    textHash('Four.', 'paragraph'),
  ])
  await db.destroy()
})

test.each(migrations.main.map((_, at) => at + 1))(
  'a database of version %i is opened, with all that is in it',
  async (version) => {
    const older = new OlderDatabase(version)
    older.insertNovel('novel', [smallChapter('One', ['Yes.', 'No.']), smallChapter('Two', ['Yes.'])])
    older[Symbol.dispose]()
    const { db } = openDatabase(older.files)
    const chapters = await chaptersOf(db, 'novel')
    expect(chapters.map(({ id, title }) => [id, title])).toEqual([
      [1, 'One'],
      [2, 'Two'],
    ])
    expect((await segmentsOf(db, 1)).map(({ spoken }) => spoken)).toEqual(['Yes.', 'No.'])
    await db.destroy()
  },
)

/** Generations of two chapters as version 11 kept them, by their states. */
const states = [
  { id: 'running', wish: 'run', startedAt: createdAt, completedAt: null },
  { id: 'paused', wish: 'paused', startedAt: createdAt, completedAt: null },
  { id: 'finished', wish: 'run', startedAt: createdAt, completedAt: createdAt },
  { id: 'cancelled', wish: 'cancelled', startedAt: null, completedAt: null },
] as const

test('what was asked for before there were castings is the same afterwards, in castings of a single voice', async () => {
  const older = new OlderDatabase(11)
  const first = smallChapter('One', ['Yes.', 'No.', 'Yes.'])
  const ids = older.insertNovel('novel', [first, smallChapter('Two', ['No.', 'Perhaps.'])])
  const recipeColumn = insertRecipe(older)
  const later = { ...recipe, engine: 'odd-2', pace: 'words-160' }
  older.insert('recipes', {
    ...later,
    hash: hashToBytes(recipeHash(later)),
    pauses: JSON.stringify(pauses),
  })
  const chapterSet = createHash('sha256').update(ids.join()).digest().subarray(0, 16)
  for (const state of states) {
    older.insert('generations', {
      ...state,
      novelId: 'novel',
      recipe: recipeColumn,
      priority: 1,
      chapterSet,
      createdAt,
    })
    for (const chapterId of ids) older.insert('generationChapters', { generationId: state.id, chapterId })
  }
  const [yes, no] = ['Yes.', 'No.'].map((text) => hashToBytes(textHash(text, 'paragraph')))
  const failed = { attempts: 3, reason: 'silence', setAside: 1, nextAt: 0 }
  older.insert('failures', { recipe: recipeColumn, words: no!, ...failed })
  const transcode = { novelId: 'novel', form: 'mp3', tags: '{}', frames: 7, status: 'completed', createdAt }
  older.insert('recordings', {
    ...transcode,
    key: new Uint8Array(16),
    chapterId: ids[0]!,
    recipe: recipeColumn,
    askedAt: 1,
  })
  older[Symbol.dispose]()

  const { db } = openDatabase(older.files)
  const casting = singleVoice(recipeHash(recipe))
  for (const { id, wish, startedAt, completedAt } of states) {
    const generation = await generationById(db, id)
    expect(generation).toEqual({
      id,
      novelId: 'novel',
      voice: recipe.voice,
      speed: recipe.speed,
      casting,
      priority: 1,
      desiredState: wish,
      createdAt,
      ...(startedAt !== null && { startedAt }),
      ...(completedAt !== null && { completedAt }),
    })
    expect((await chaptersByGeneration(db, id)).map((chapter) => chapter.id)).toEqual(ids)
  }
  // Asked for again it is found, which needs its set of chapters, and not a cancelled one.
  expect(['running', 'paused', 'finished']).toContain(
    (await equalGenerations(db, 'novel', ids)).find((equal) => equal.casting.id === casting.id)?.id,
  )
  await new RowClipStore(db).put([
    { key: { recipe: casting.narrator, words: bytesToHash(yes!) }, clip: someClip(4) },
  ])
  expect(await countClips(db, ids[0]!, casting)).toMatchObject({ done: 2, frames: 8, setAside: 1 })
  expect((await missingSegments(db, ids[1]!, casting)).map(({ spoken, role }) => [spoken, role])).toEqual([
    ['Perhaps.', 0],
  ])
  const [kept] = await transcodesByKey(db, ['0'.repeat(32)])
  expect(kept).toMatchObject({ casting: casting.id, frames: 7 })
  expect((await unstampedRecipes(db)).map(({ hash }) => hash)).toEqual([casting.narrator])
  const castings = await castingsWithNarrator(db, 'novel', recipe.voice, 1)
  expect(castings.map(({ id }) => id).sort()).toEqual([casting.id, recipeHash(later)].sort())
  const pragma = async (name: string) => (await sql`PRAGMA ${sql.raw(name)}`.execute(db)).rows
  expect(await pragma('foreign_key_check')).toEqual([])
  expect(await pragma('foreign_keys')).toEqual([{ foreign_keys: 1 }])
  const indices = await pragma("index_list('generations')")
  expect(indices).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ name: 'generationsByNovel' }),
      expect.objectContaining({ name: 'generationsByCasting' }),
    ]),
  )
  // What refers to a generation goes with it, as before.
  await db.deleteFrom('generations').where('id', '=', 'running').execute()
  expect(await chaptersByGeneration(db, 'running')).toEqual([])
  await expect(
    db.insertInto('generationChapters').values({ generationId: 'none', chapterId: 1 }).execute(),
  ).rejects.toThrow('FOREIGN KEY')
  await db.destroy()
})

test('positions and what was heard, of one listener once, are those of the first listener', async () => {
  const older = new OlderDatabase(19)
  older.insertNovel('novel', [smallChapter('One', ['Yes.', 'No.'])])
  older.insert('positions', {
    novelId: 'novel',
    chapterNumber: 1,
    segment: 1,
    seconds: 2.5,
    updatedAt: createdAt,
  })
  const ranges = { ranges: '[[0,1]]', segments: 2, updatedAt: createdAt }
  older.insert('heard', { listener: 'home', novelId: 'novel', chapterNumber: 1, ...ranges })
  older.insert('heard', { listener: 'somebody', novelId: 'novel', chapterNumber: 1, ...ranges })
  older[Symbol.dispose]()
  const { db } = openDatabase(older.files)
  expect(await positionOf(db, { listener: 'home', novelId: 'novel' })).toEqual({
    chapterNumber: 1,
    segment: 1,
    seconds: 2.5,
    updatedAt: createdAt,
  })
  for (const listener of ['home', 'somebody'])
    expect(await heardOf(db, listener, 'novel')).toMatchObject([{ chapterNumber: 1, ranges: [[0, 1]] }])
  const listeners = await db.selectFrom('listeners').select('id').orderBy('id').execute()
  expect(listeners.map(({ id }) => id)).toEqual(['home', 'somebody'])
  await db.destroy()
})
