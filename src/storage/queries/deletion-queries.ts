import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { novelState } from '../novel-state.ts'

/**
 * Hides a novel and its generations from all queries, and lets its source file be imported again. Its rows, up to a
 * million, are deleted afterwards in batches.
 */
export async function hideNovel(db: Database, id: string): Promise<void> {
  await db
    .updateTable('novels')
    .set({ complete: novelState.hidden, sourceSha256: id })
    .where('id', '=', id)
    .execute()
  // With what its edits have replaced.
  await db
    .updateTable('novels')
    .set(({ ref }) => ({ complete: novelState.hidden, sourceSha256: ref('id') }))
    .where('sourceSha256', '=', replacedOf(id))
    .execute()
  // And its versions, with their files.
  await db
    .updateTable('novels')
    .set(({ ref }) => ({ complete: novelState.hidden, sourceSha256: ref('id') }))
    .where('versionOf', '=', id)
    .where('complete', 'in', [novelState.offered, novelState.taken])
    .execute()
}

/** `sourceSha256` of the novel that holds the chapters which edits of this one have replaced. */
export function replacedOf(novelId: string): string {
  return `replaced:${novelId}`
}

/**
 * Hides the novels of interrupted imports: where several servers may import, those whose lease has lapsed; else all, so
 * it is to be called at start, before anything is imported. Returns how many there were.
 */
export async function hideIncompleteNovels(db: Database): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('novels')
    .set(({ ref }) => ({ sourceSha256: ref('id') }))
    .where('complete', '=', novelState.hidden)
    .whereRef('sourceSha256', '!=', 'id')
    .where((row) =>
      row.or([row('importUntil', 'is', null), row('importUntil', '<', sql<number>`${sqlDialect(db).clock}`)]),
    )
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** Ids of the hidden novels that still have rows. */
export async function hiddenNovels(db: Database): Promise<string[]> {
  const rows = await hiddenNovelsQuery(db).execute()
  return rows.map(({ id }) => id)
}

const hiddenNovelsQuery = (db: Database) =>
  db
    .selectFrom('novels')
    .select('id')
    .where('complete', '=', novelState.hidden)
    .whereRef('sourceSha256', '=', 'id')

/** Hides a novel and deletes its rows. Its clips stay until a sweep finds them unreferenced. */
export async function deleteNovel(db: Database, id: string): Promise<void> {
  await hideNovel(db, id)
  await runInBatches(async (rows) => (await deleteSomeNovelRows(db, id, rows)).more)
}

interface DeletedRows {
  /** Ids of the deleted chapters. */
  readonly chapterIds: readonly number[]
  /** Whether there are more rows. */
  readonly more: boolean
}

/**
 * Deletes about `rows` rows of a novel if it is hidden. Check and deletion exclude others, because the novel may be
 * imported again under the same id, and two deletions would wait for each other.
 */
export async function deleteSomeNovelRows(db: Database, novelId: string, rows: number): Promise<DeletedRows> {
  return sqlDialect(db).exclude(db, 'deletion', async (connection) => {
    const hiddenNovel = hiddenNovelsQuery(connection).where('id', '=', novelId)
    const hidden = await sqlDialect(connection).lockRows(hiddenNovel).executeTakeFirst()
    return hidden ? deleteRows(connection, novelId, rows) : { chapterIds: [], more: false }
  })
}

const maxChapters = 200

async function deleteRows(db: Database, novelId: string, rows: number): Promise<DeletedRows> {
  const generation = await db
    .selectFrom('generations')
    .select('id')
    .where('novelId', '=', novelId)
    .limit(1)
    .executeTakeFirst()
  if (generation) {
    await deleteSomeOfGeneration(db, generation.id, rows)
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
  const listed = sql<number>`(SELECT value FROM ${sqlDialect(db).numbers(chapterIds)})`
  await db.deleteFrom('chapters').where('id', 'in', listed).execute()
  return { chapterIds, more: true }
}

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

/** Returns whether the chapter may have more segments. */
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

/** Half of what delays a request noticeably, and a fifth of the longest gap allowed in the event loop (50 ms). */
const targetMs = 10
const maxRows = 50_000

interface BatchResult {
  readonly more: boolean
  readonly ms: number
}

interface BatchOptions {
  /** Rows of the first batch. */
  readonly first?: number
  /** Runs each batch under a mutex; waiting for the mutex does not count as time of the batch. */
  readonly within?: (step: () => Promise<BatchResult>) => Promise<BatchResult>
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs long work on the database in batches: each is one commit whose number of rows is adapted so that it takes about
 * 10 ms on any disk. Yields to the event loop between batches. `step` returns whether there are more rows.
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
    // At most doubled: a batch may have found little to do.
    rows = Math.min(maxRows, Math.max(1, Math.round(rows * Math.min(2, Math.max(0.25, targetMs / ms)))))
    await yieldToEventLoop()
  }
}

/**
 * Paths, relative to the data folder, of files of novels and voices that were deleted or whose row is not committed.
 */
export async function leftoverFiles(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('leftoverFiles').select('path').execute()
  return rows.map(({ path }) => path)
}

/**
 * Records a path as a leftover before files are moved there, so that the next start removes them if a crash prevents
 * their row. The commit of the row deletes this record.
 */
export async function noteLeftover(db: Database, path: string): Promise<void> {
  await db
    .insertInto('leftoverFiles')
    .values({ path })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Deletes the records of leftovers that have been removed. */
export async function forgetLeftovers(db: Database, paths: readonly string[]): Promise<void> {
  const perStatement = 500
  for (let at = 0; at < paths.length; at += perStatement) {
    await db
      .deleteFrom('leftoverFiles')
      .where('path', 'in', paths.slice(at, at + perStatement))
      .execute()
  }
}
