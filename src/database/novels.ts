import { sql, type Selectable } from 'kysely'
import { type Chapter, characterCount } from '../novel/chapter.ts'
import type { ImportedNovel } from '../novel/novel.ts'
import { wordsHash } from '../novel/recipe.ts'
import type { Segment, SegmentedChapter } from '../novel/segment.ts'
import type { Database } from './database.ts'
import { bytes } from './hash.ts'
import type { Tables } from './tables.ts'

export type NovelRow = Selectable<Tables['novels']>

export interface NewNovel {
  readonly id: string
  readonly sourceSha256: string
  readonly sourceName: string
  readonly novel: Omit<ImportedNovel, 'cover'> & { readonly coverType?: string }
  readonly segmented: readonly SegmentedChapter[]
}

/** Enough to keep commits few, little enough to keep the server answering between them. */
const segmentsPerCommit = 2000

/**
 * Writes a novel down, some chapters a commit, and shows it with the last one. `breathe` is awaited between the
 * commits so that a book of three thousand chapters holds nobody up.
 */
export async function insertNovel(
  db: Database,
  added: NewNovel,
  breathe: () => Promise<void>,
): Promise<void> {
  const { id, novel } = added
  await db
    .insertInto('novels')
    .values({
      id,
      title: novel.title,
      author: novel.author,
      language: novel.language,
      coverType: novel.coverType ?? null,
      metadata: JSON.stringify({
        description: novel.description,
        published: novel.published,
        series: novel.series,
      }),
      sourceSha256: added.sourceSha256,
      sourceName: added.sourceName,
      report: JSON.stringify(novel.report),
      createdAt: new Date().toISOString(),
    })
    .execute()
  let from = 0
  while (from < novel.chapters.length) {
    let to = from
    for (let segments = 0; to < novel.chapters.length && segments < segmentsPerCommit; to++) {
      segments += added.segmented[to]?.segments.length ?? 0
    }
    const [first, last] = [from, to]
    await db.transaction().execute(async (commit) => {
      for (let index = first; index < last; index++) {
        const [chapter, segmented] = [novel.chapters[index], added.segmented[index]]
        if (chapter && segmented) await insertChapter(commit, id, index + 1, chapter, segmented)
      }
    })
    from = to
    await breathe()
  }
  await db.updateTable('novels').set({ complete: 1 }).where('id', '=', id).execute()
}

async function insertChapter(
  db: Database,
  novelId: string,
  number: number,
  chapter: Chapter,
  { segments, skips }: SegmentedChapter,
): Promise<void> {
  const { id: chapterId } = await db
    .insertInto('chapters')
    .values({
      novelId,
      number,
      title: chapter.title,
      part: chapter.part ?? null,
      matter: chapter.matter,
      narrated: chapter.matter === 'body' && segments.length > 0 ? 1 : 0,
      characters: characterCount(chapter),
      segmentCount: segments.length,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('chapterTexts')
    .values({ chapterId, blocks: JSON.stringify(chapter.blocks), skips: JSON.stringify(skips) })
    .execute()
  await insertSegments(db, chapterId, segments)
}

type SegmentRow = Tables['segments']

/**
 * Composing a statement for hundreds of rows costs ten times the insertion itself, so one for a single row is composed
 * once for the chapter and run with each row's values.
 */
async function insertSegments(db: Database, chapterId: number, segments: readonly Segment[]): Promise<void> {
  const rows = segments.map((segment, idx): SegmentRow => ({
    chapterId,
    idx,
    block: segment.block,
    start: segment.start,
    end: segment.end,
    spoken: segment.spoken,
    edits: segment.edits.length === 0 ? null : JSON.stringify(segment.edits),
    pause: segment.pause,
    words: bytes(wordsHash(segment.spoken, segment.pause)),
  }))
  if (!rows[0]) return
  const insertion = db.insertInto('segments').values(rows[0]).compile()
  for (const row of rows) await db.executeQuery({ ...insertion, parameters: Object.values(row) })
}

export async function novelById(db: Database, id: string): Promise<NovelRow | undefined> {
  return db.selectFrom('novels').selectAll().where('id', '=', id).where('complete', '=', 1).executeTakeFirst()
}

export async function novelBySource(db: Database, sha256: string): Promise<NovelRow | undefined> {
  return db
    .selectFrom('novels')
    .selectAll()
    .where('sourceSha256', '=', sha256)
    .where('complete', '=', 1)
    .executeTakeFirst()
}

/** The latest first; `search` is looked for in title and author. */
export async function listNovels(
  db: Database,
  { search, limit, offset }: { search?: string | undefined; limit: number; offset: number },
): Promise<NovelRow[]> {
  let query = db.selectFrom('novels').selectAll().where('complete', '=', 1)
  if (search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    query = query.where((row) =>
      row.or([
        sql<boolean>`title LIKE ${pattern} ESCAPE '\\'`,
        sql<boolean>`author LIKE ${pattern} ESCAPE '\\'`,
      ]),
    )
  }
  return query.orderBy('createdAt', 'desc').orderBy('id').limit(limit).offset(offset).execute()
}

export async function updateNovel(
  db: Database,
  id: string,
  change: { title?: string; author?: string; voice?: string | null; speed?: number },
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db.updateTable('novels').set(change).where('id', '=', id).execute()
}

/** Its chapters, segments, generations and position go with it. Its clips stay until a sweep finds them unneeded. */
export async function deleteNovel(db: Database, id: string): Promise<void> {
  await db.deleteFrom('novels').where('id', '=', id).execute()
}

/** Removes what imports cut short by a crash have left. */
export async function deleteIncompleteNovels(db: Database): Promise<void> {
  await db.deleteFrom('novels').where('complete', '=', 0).execute()
}

/** Of every visible novel: what files it needs. */
export async function novelFiles(
  db: Database,
): Promise<Pick<NovelRow, 'id' | 'sourceSha256' | 'coverType'>[]> {
  return db
    .selectFrom('novels')
    .select(['id', 'sourceSha256', 'coverType'])
    .where('complete', '=', 1)
    .execute()
}
