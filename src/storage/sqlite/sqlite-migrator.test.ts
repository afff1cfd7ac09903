import { expect, test } from 'vitest'
import { OlderDatabase } from '../../../test/fixtures/older-database.ts'
import { smallChapter } from '../../../test/fixtures/small-novel.ts'
import { recipeHash, textHash } from '../../novel/clip.ts'
import { chaptersOf, segmentsOf } from '../queries/chapter-queries.ts'
import { bytesToHash, hashToBytes } from '../queries/column-values.ts'
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
