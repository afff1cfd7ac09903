import { setImmediate as turn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'

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

/** Half of what a request notices, and a fifth of what the event loop may stand still. */
const targetMs = 10
const maxRows = 50_000

interface BatchOptions {
  /** Rows of the first step. */
  readonly first?: number
  /** Whoever must not be interleaved with a step; the wait for it counts as no part of the step. */
  readonly within?: (step: () => Promise<BatchResult>) => Promise<BatchResult>
  readonly signal?: AbortSignal | undefined
}

/**
 * Long work on the database, some rows at a time: each step is one commit and takes some milliseconds, whatever a row
 * costs on this disk; between two steps everything else that waits has its turn. `step` returns whether there is more.
 */
export async function runInBatches(
  step: (rows: number) => Promise<boolean>,
  { first = 100, within = (work) => work(), signal }: BatchOptions = {},
): Promise<void> {
  for (let rows = first; ;) {
    if (signal?.aborted) return
    const now = rows
    const { more, ms } = await within(async () => {
      const before = performance.now()
      return { more: await step(now), ms: performance.now() - before }
    })
    if (!more) return
    // At most doubled: a step may have found little to do.
    rows = Math.min(maxRows, Math.max(1, Math.round(rows * Math.min(2, Math.max(0.25, targetMs / ms)))))
    await turn()
  }
}

interface BatchResult {
  readonly more: boolean
  readonly ms: number
}

/** Files and folders, below the data folder, of novels and voices that were deleted or not yet written down. */
export async function leftoverFiles(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('leftoverFiles').select('path').execute()
  return rows.map(({ path }) => path)
}

/**
 * Before files are put where they shall stay: a crash before their row is written leaves them to the next start. The
 * row's own commit takes this back.
 */
export async function noteLeftover(db: Database, path: string): Promise<void> {
  await db
    .insertInto('leftoverFiles')
    .values({ path })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** They are removed. */
export async function forgetLeftovers(db: Database, paths: readonly string[]): Promise<void> {
  const perStatement = 500
  for (let at = 0; at < paths.length; at += perStatement) {
    await db
      .deleteFrom('leftoverFiles')
      .where('path', 'in', paths.slice(at, at + perStatement))
      .execute()
  }
}
