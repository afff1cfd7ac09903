import { existsSync, renameSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'

/** Where a damaged `clips.db` lies until what can be read of it has been brought into the new one. */
export function salvagePath(clips: string): string {
  return `${clips}.salvage`
}

/**
 * The vacuum mode must be chosen before the first table exists. Choosing it again would be a write, for which a full
 * disk has no room.
 */
export function enableIncrementalVacuum(sqlite: DatabaseSync, schema: 'main' | 'clips'): void {
  const incremental = 2
  const chosen = sqlite.prepare(`PRAGMA ${schema}.auto_vacuum`).get()?.['auto_vacuum']
  if (chosen !== incremental) sqlite.exec(`PRAGMA ${schema}.auto_vacuum = INCREMENTAL`)
}

/** Attaches `clips.db` to a connection, creating it if it is missing. Throws what SQLite says. */
export function attachClips(sqlite: DatabaseSync, clips: string): void {
  sqlite.prepare('ATTACH DATABASE ? AS clips').run(clips)
  enableIncrementalVacuum(sqlite, 'clips')
  sqlite.exec(`
    PRAGMA clips.journal_mode = WAL; PRAGMA clips.synchronous = FULL; PRAGMA clips.cache_size = -8000`)
  sqlite.prepare('SELECT count(*) FROM clips.sqlite_schema').get()
}

/** Lets go of `clips.db`, also after it could be attached only half. */
export function detachClips(sqlite: DatabaseSync): void {
  const attached = sqlite.prepare("SELECT 1 FROM pragma_database_list WHERE name = 'clips'").get()
  if (attached) sqlite.exec('DETACH DATABASE clips')
}

/**
 * Moves a damaged `clips.db`, which nobody has open, out of the way of a new one. While an earlier one still waits for
 * its salvage, this one is only kept. Returns its new path.
 */
export function quarantineClipsFile(clips: string): string {
  const salvage = salvagePath(clips)
  return moveAway(clips, existsSync(salvage) ? damagedPath(clips) : salvage)
}

/** Keeps a damaged `clips.db` whose salvage has failed where no start looks for it again. Returns its new path. */
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

/** Ends what a crash has cut short between two steps of `setClipsAside`. */
export function finishQuarantine(clips: string): void {
  if (existsSync(salvagePath(clips)) && !existsSync(clips)) moveWriteAheadLog(clips, salvagePath(clips))
}

/** The write-ahead log goes with its database; a new database would take it for its own. */
function moveWriteAheadLog(from: string, to: string): void {
  for (const ending of ['-wal', '-shm']) {
    if (existsSync(from + ending)) renameSync(from + ending, to + ending)
  }
}

/** Gives about so many pages of what was removed from a file back to the disk. Returns whether there are more. */
export async function incrementalVacuum(
  db: Database,
  file: 'main' | 'clips',
  pages: number,
): Promise<boolean> {
  const schema = sql.raw(file)
  // A pragma takes no parameters: with any number of pages each step would be another statement to keep.
  const some = 2 ** Math.floor(Math.log2(pages))
  await sql`PRAGMA ${schema}.incremental_vacuum(${sql.raw(String(some))})`.execute(db)
  const free = await sql<{ freelist_count: number }>`PRAGMA ${schema}.freelist_count`.execute(db)
  return (free.rows[0]?.freelist_count ?? 0) > 0
}

export async function clipStatistics(db: Database): Promise<{ clips: number; bytes: number }> {
  const { clips } = await db
    .selectFrom('clips.clips')
    .select(({ fn }) => fn.countAll<number>().as('clips'))
    .executeTakeFirstOrThrow()
  const pages = await sql<{ page_count: number }>`PRAGMA clips.page_count`.execute(db)
  const size = await sql<{ page_size: number }>`PRAGMA clips.page_size`.execute(db)
  return { clips, bytes: (pages.rows[0]?.page_count ?? 0) * (size.rows[0]?.page_size ?? 0) }
}
