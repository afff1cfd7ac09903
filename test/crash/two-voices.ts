import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { castingOf } from '../../src/novel/casting.ts'
import { type Recipe, textHash } from '../../src/novel/clip.ts'
import type { Segment } from '../../src/novel/segment.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { chaptersOf, storedChapterText } from '../../src/storage/queries/chapter-queries.ts'
import { bytesToHash } from '../../src/storage/queries/column-values.ts'
import { deleteNovel } from '../../src/storage/queries/deletion-queries.ts'
import { insertGeneration } from '../../src/storage/queries/generation-queries.ts'
import { recipeByHash } from '../../src/storage/queries/recipe-queries.ts'
import { commitRekey, type RekeyedChapter, stageRekey } from '../../src/storage/queries/rekey-queries.ts'
import { openDatabase } from '../../src/storage/sqlite/sqlite-database.ts'
import { ServerProcess } from '../program/server-process.ts'

export const narratorVoice = 'espeak:en-us'
const otherVoice = 'espeak:en-gb'

/**
 * Makes a data folder with a novel in which every second segment is another voice's, and a generation of these chapters
 * in both voices that has not begun. Nobody can ask for such a one over the API yet.
 */
export async function twoVoicesFolder(
  data: string,
  book: string | Uint8Array<ArrayBuffer>,
  chapters: readonly number[],
): Promise<{ readonly novelId: string; readonly progressId: string }> {
  let novelId = ''
  {
    await using server = await ServerProcess.start({ data, speakers: 1 })
    novelId = (await server.add(book, 'crash.txt')).novel.id
    // Asked for, so that their recipes are known.
    for (const voice of [narratorVoice, otherVoice]) {
      const id = await server.generate(novelId, chapters.slice(0, 1), { voice })
      await server.post(`/api/worker/progress/${id}/cancel`, {})
    }
    await server.stop()
  }
  const files = { folder: data, nightjar: join(data, 'nightjar.db'), clips: join(data, 'clips.db') }
  const { db } = openDatabase(files)
  try {
    const staged = await stageRekey(db, novelId, withRoles(db, novelId))
    if (!staged || !(await commitRekey(db, novelId, staged))) throw new Error('the novel was not re-keyed')
    await deleteNovel(db, staged.shadowId)
    const narrator = await recipeWithVoice(db, narratorVoice)
    const other = await recipeWithVoice(db, otherVoice)
    const progressId = uuidv7()
    const generation = {
      id: progressId,
      novelId,
      voice: narratorVoice,
      speed: 1,
      casting: castingOf(narrator.hash, [{ role: 1, recipe: other.hash }]),
      priority: 0,
      desiredState: 'run' as const,
      createdAt: new Date().toISOString(),
    }
    const rows = (await chaptersOf(db, novelId)).filter(({ number }) => chapters.includes(number))
    const ids = rows.map(({ id }) => id)
    await insertGeneration(db, generation, [narrator.recipe, other.recipe], ids)
    return { novelId, progressId }
  } finally {
    await db.destroy()
  }
}

async function* withRoles(db: Database, novelId: string): AsyncGenerator<readonly RekeyedChapter[]> {
  for (const chapter of await chaptersOf(db, novelId)) {
    const text = await storedChapterText(db, chapter.id)
    if (!text) throw new Error('a chapter has no text')
    const segments = (JSON.parse(text.segments) as Segment[]).map((segment, at) =>
      at % 2 === 1 ? { ...segment, role: 1 } : segment,
    )
    const { title, part, matter, narrated, characters } = chapter
    yield [
      {
        old: chapter,
        text: {
          title,
          ...(part !== null && { part }),
          matter,
          narrated: narrated === 1,
          characters,
          ...text,
          segments: JSON.stringify(segments),
          textHashes: segments.map(({ spoken, pause, opening }) => textHash(spoken, pause, opening)),
          roles: segments.map((_, at) => at % 2),
        },
      },
    ]
  }
}

async function recipeWithVoice(db: Database, voice: string): Promise<{ hash: string; recipe: Recipe }> {
  const row = await db
    .selectFrom('recipes')
    .select('hash')
    .where('voice', '=', voice)
    .executeTakeFirstOrThrow()
  const hash = bytesToHash(row.hash)
  const saved = await recipeByHash(db, hash)
  if (!saved) throw new Error(`there is no recipe for ${voice}`)
  return { hash, recipe: saved.recipe }
}
