import { existsSync, renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'

/** Path of a damaged `clips.db` until its readable rows have been copied into the new one. */
export function salvagePath(clips: string): string {
  return `${clips}.salvage`
}

/**
 * The vacuum mode must be set before the first table exists. It is not set again: that would be a write, which fails on
 * a full disk.
 */
export function enableIncrementalVacuum(sqlite: DatabaseSync, schema: 'main' | 'clips'): void {
  const incremental = 2
  const chosen = sqlite.prepare(`PRAGMA ${schema}.auto_vacuum`).get()?.['auto_vacuum']
  if (chosen !== incremental) sqlite.exec(`PRAGMA ${schema}.auto_vacuum = INCREMENTAL`)
}

/** Attaches `clips.db` to a connection, creating it if it is missing. Throws SQLite's error. */
export function attachClips(sqlite: DatabaseSync, clips: string): void {
  sqlite.prepare('ATTACH DATABASE ? AS clips').run(clips)
  enableIncrementalVacuum(sqlite, 'clips')
  sqlite.exec(`
    PRAGMA clips.journal_mode = WAL; PRAGMA clips.synchronous = FULL; PRAGMA clips.cache_size = -8000`)
  sqlite.prepare('SELECT count(*) FROM clips.sqlite_schema').get()
}

/** Detaches `clips.db`, also after `attachClips` failed half-way. */
export function detachClips(sqlite: DatabaseSync): void {
  const attached = sqlite.prepare("SELECT 1 FROM pragma_database_list WHERE name = 'clips'").get()
  if (attached) sqlite.exec('DETACH DATABASE clips')
}

/**
 * Moves a damaged `clips.db`, which must not be open, to the salvage path; if an earlier one still waits there, it is
 * kept under a name that is never salvaged. Returns the new path.
 */
export function quarantineClipsFile(clips: string): string {
  const salvage = salvagePath(clips)
  return moveAway(clips, existsSync(salvage) ? damagedPath(clips) : salvage)
}

/** Moves a damaged `clips.db` whose salvage has failed to a path where no start looks for it. Returns the new path. */
export function keepUnsalvagedFile(clips: string, aside: string): string {
  return aside === salvagePath(clips) ? moveAway(aside, damagedPath(clips)) : aside
}

function damagedPath(clips: string): string {
  return `${clips}.damaged-${Date.now()}`
}

function moveAway(from: string, to: string): string {
  renameSync(from, to)
  moveWriteAheadLog(from, to)
  return to
}

/** Completes a `quarantineClipsFile` that a crash has interrupted between its renames. */
export function finishQuarantine(clips: string): void {
  if (existsSync(salvagePath(clips)) && !existsSync(clips)) moveWriteAheadLog(clips, salvagePath(clips))
}

/** Moves the write-ahead log with its database: a new database of the old name would read it as its own. */
function moveWriteAheadLog(from: string, to: string): void {
  for (const ending of ['-wal', '-shm']) {
    if (existsSync(from + ending)) renameSync(from + ending, to + ending)
  }
}

/** Returns about `pages` free pages of a file to the disk. Returns whether there are more. */
export async function incrementalVacuum(
  db: Database,
  file: 'main' | 'clips',
  pages: number,
): Promise<boolean> {
  const schema = sql.raw(file)
  // A pragma takes no parameters. Powers of two keep the number of distinct statements in the cache small.
  const rounded = 2 ** Math.floor(Math.log2(pages))
  await sql`PRAGMA ${schema}.incremental_vacuum(${sql.raw(String(rounded))})`.execute(db)
  const free = await sql<{ freelist_count: number }>`PRAGMA ${schema}.freelist_count`.execute(db)
  return (free.rows[0]?.freelist_count ?? 0) > 0
}

/** Number of clips, and size of `clips.db` in bytes, free pages included. */
export async function clipStatistics(db: Database): Promise<{ clips: number; bytes: number }> {
  const { clips } = await db
    .selectFrom('clips.clips')
    .select(({ fn }) => fn.countAll<number>().as('clips'))
    .executeTakeFirstOrThrow()
  const pages = await sql<{ page_count: number }>`PRAGMA clips.page_count`.execute(db)
  const size = await sql<{ page_size: number }>`PRAGMA clips.page_size`.execute(db)
  return { clips, bytes: (pages.rows[0]?.page_count ?? 0) * (size.rows[0]?.page_size ?? 0) }
}
