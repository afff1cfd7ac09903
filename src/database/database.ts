import { renameSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { Failure } from '../novel/failure.ts'
import { migrate } from './migrate.ts'
import { kyselyDatabase } from './sqlite.ts'
import { isDamage } from './sqlite-errors.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

export interface DatabaseFiles {
  /** The data folder, for messages. */
  readonly folder: string
  readonly nightjar: string
  readonly clips: string
  /** Books whose files lie in the data folder, known to the database or not. Left out: it does not matter. */
  readonly books?: number
}

export interface OpenedDatabase {
  readonly db: Database
  /** Sentences for the log about what had to be put right. */
  readonly repairs: readonly string[]
}

/**
 * Opens both files, creating what is missing. A `clips.db` that is no database any more is moved aside and begun
 * anew: its clips are spoken again. Throws `storage.lost`, `storage.unwritable`, `storage.newer`.
 */
export function openDatabase(files: DatabaseFiles): OpenedDatabase {
  const repairs: string[] = []
  refuseLost(files, whyMissing(files.nightjar))
  let sqlite: DatabaseSync
  try {
    sqlite = openFiles(files)
  } catch (error) {
    if (!(error instanceof DamagedClips)) throw error
    const aside = `${files.clips}.damaged-${Date.now()}`
    renameSync(files.clips, aside)
    for (const ending of ['-wal', '-shm']) rmSync(files.clips + ending, { force: true })
    repairs.push(`${files.clips} was damaged and is kept as ${aside}; its clips are spoken again.`)
    sqlite = openFiles(files)
  }
  if (knowsNothing(sqlite)) {
    try {
      refuseLost(files, 'knows none of them')
    } catch (error) {
      sqlite.close()
      throw error
    }
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(sqlite) }) })
  return { db, repairs }
}

/** Throws `storage.lost`: a new database beside the books of an old one would hide that something is wrong. */
function refuseLost({ folder, books = 0 }: DatabaseFiles, detail: string | undefined): void {
  if (books === 0 || detail === undefined) return
  throw new Failure('storage.lost', { folder, books: books === 1 ? '1 book' : `${books} books`, detail })
}

function whyMissing(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return 'is missing'
  return found.size === 0 ? 'is empty' : undefined
}

/** Whether it never had a novel. One that is being imported or deleted counts. */
function knowsNothing(sqlite: DatabaseSync): boolean {
  const asked = 'SELECT EXISTS (SELECT 1 FROM novels) OR EXISTS (SELECT 1 FROM leftoverFiles) AS known'
  return sqlite.prepare(asked).get()?.['known'] === 0
}

function openFiles(files: DatabaseFiles): DatabaseSync {
  const { folder } = files
  let sqlite: DatabaseSync
  try {
    sqlite = new DatabaseSync(files.nightjar, { timeout: 5000 })
    // The vacuum mode must be chosen before the first table exists. A checkpoint stops the server for 7 to 14 ms a
    // thousand pages, so it comes four times as often as is usual, for a quarter of that.
    sqlite.exec(`
      PRAGMA main.auto_vacuum = INCREMENTAL; PRAGMA main.journal_mode = WAL; PRAGMA main.synchronous = FULL;
      PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA main.cache_size = -8000;
      PRAGMA wal_autocheckpoint = 250`)
  } catch (cause) {
    throw new Failure('storage.unwritable', { folder, detail: (cause as Error).message }, { cause })
  }
  try {
    sqlite.prepare('ATTACH DATABASE ? AS clips').run(files.clips)
    sqlite.exec(`
      PRAGMA clips.auto_vacuum = INCREMENTAL; PRAGMA clips.journal_mode = WAL; PRAGMA clips.synchronous = FULL;
      PRAGMA clips.cache_size = -8000`)
    sqlite.prepare('SELECT count(*) FROM clips.sqlite_schema').get()
  } catch (cause) {
    sqlite.close()
    if (isDamage(cause)) throw new DamagedClips('clips.db is damaged', { cause })
    throw new Failure('storage.unwritable', { folder, detail: (cause as Error).message }, { cause })
  }
  try {
    migrate(sqlite, folder)
    // Reads the whole index (some 50 bytes a clip) and none of the audio, whose bytes have checksums of their own.
    sqlite.prepare('SELECT sum(frames) FROM clips.clips INDEXED BY clipLengths').get()
  } catch (error) {
    sqlite.close()
    if (isDamage(error)) throw new DamagedClips('clips.db is damaged', { cause: error })
    throw error
  }
  return sqlite
}

class DamagedClips extends Error {}
