import { sql } from 'kysely'
import type { Database } from './tables.ts'
import { runInBatches } from './steps.ts'

/**
 * From here on a novel and all that was asked of it is found nowhere, and the file that it was made from can be added
 * again. Its rows are deleted afterwards, some at a time: those of a large one are a million.
 */
export async function hideNovel(db: Database, id: string): Promise<void> {
  await db.updateTable('novels').set({ complete: 0, sourceSha256: id }).where('id', '=', id).execute()
}

/** Before anything is imported: hides what imports cut short by a crash have left. */
export async function hideIncompleteNovels(db: Database): Promise<void> {
  await db
    .updateTable('novels')
    .set(({ ref }) => ({ sourceSha256: ref('id') }))
    .where('complete', '=', 0)
    .execute()
}

/** The ids of the novels that are hidden and still have rows. */
export async function hiddenNovels(db: Database): Promise<string[]> {
  const rows = await hiddenNovelsQuery(db).execute()
  return rows.map(({ id }) => id)
}

const hiddenNovelsQuery = (db: Database) =>
  db.selectFrom('novels').select('id').where('complete', '=', 0).whereRef('sourceSha256', '=', 'id')

/** Hides a novel and deletes its rows. Its clips stay until a sweep finds them unneeded. */
export async function deleteNovel(db: Database, id: string): Promise<void> {
  await hideNovel(db, id)
  await runInBatches(async (rows) => (await deleteSomeNovelRows(db, id, rows)).more)
}

interface DeletedRows {
  /** The chapters that are gone with them. */
  readonly chapterIds: readonly number[]
  /** Whether there are more rows. */
  readonly more: boolean
}

/** Deletes about so many rows of a novel, if it is hidden; undisturbed, for it may be added again under its id. */
export async function deleteSomeNovelRows(db: Database, novelId: string, rows: number): Promise<DeletedRows> {
  return db.connection().execute(async (alone) => {
    const hidden = await hiddenNovelsQuery(alone).where('id', '=', novelId).executeTakeFirst()
    return hidden ? deleteRows(alone, novelId, rows) : { chapterIds: [], more: false }
  })
}

async function deleteRows(db: Database, novelId: string, rows: number): Promise<DeletedRows> {
  const asked = await db
    .selectFrom('generations')
    .select('id')
    .where('novelId', '=', novelId)
    .limit(1)
    .executeTakeFirst()
  if (asked) {
    await deleteSomeOfGeneration(db, asked.id, rows)
    return { chapterIds: [], more: true }
  }
  const chapters = await db
    .selectFrom('chapters')
    .select(['id', 'segmentCount'])
    .where('novelId', '=', novelId)
    .orderBy('number')
    .limit(maxChapters)
    .execute()
  const [first] = chapters
  if (!first) {
    await db.deleteFrom('novels').where('id', '=', novelId).execute()
    return { chapterIds: [], more: false }
  }
  let segments = 0
  const whole = chapters.filter(({ segmentCount }) => (segments += segmentCount) <= rows)
  if (whole.length === 0) {
    if (await deleteSomeSegments(db, first.id, rows)) return { chapterIds: [], more: true }
    whole.push(first)
  }
  const chapterIds = whole.map(({ id }) => id)
  const listed = sql<number>`(SELECT value FROM json_each(${JSON.stringify(chapterIds)}))`
  await db.deleteFrom('chapters').where('id', 'in', listed).execute()
  return { chapterIds, more: true }
}

const maxChapters = 200

async function deleteSomeOfGeneration(db: Database, generationId: string, rows: number): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('generationChapters')
    .where('generationId', '=', generationId)
    .where('chapterId', 'in', (query) =>
      query
        .selectFrom('generationChapters')
        .select('chapterId')
        .where('generationId', '=', generationId)
        .limit(rows),
    )
    .executeTakeFirstOrThrow()
  if (numDeletedRows < rows) await db.deleteFrom('generations').where('id', '=', generationId).execute()
}

/** Returns whether the chapter may have more. */
async function deleteSomeSegments(db: Database, chapterId: number, rows: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('segments')
    .where('chapterId', '=', chapterId)
    .where('idx', 'in', (query) =>
      query
        .selectFrom('segments')
        .select('idx')
        .where('chapterId', '=', chapterId)
        .orderBy('idx')
        .limit(rows),
    )
    .executeTakeFirstOrThrow()
  return numDeletedRows >= rows
}
