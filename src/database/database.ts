import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { isDiskFull } from '../library/disk.ts'
import { Failure } from '../novel/failure.ts'
import { migrate } from './migrate.ts'
import { kyselyDatabase } from './sqlite.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

export interface DatabaseFiles {
  /** The data folder, for messages. */
  readonly folder: string
  readonly nightjar: string
  readonly clips: string
}

export interface OpenedDatabase {
  readonly db: Database
  /** Sentences for the log about what had to be put right. */
  readonly repairs: readonly string[]
}

/**
 * Opens both files, creating what is missing. A `clips.db` that is no database any more is moved aside and begun
 * anew: its clips are spoken again. Throws `storage.unwritable`, `storage.newer`.
 */
export function openDatabase(files: DatabaseFiles): OpenedDatabase {
  const repairs: string[] = []
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
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: kyselyDatabase(sqlite) }) })
  return { db, repairs }
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

const sqliteCorrupt = 11
const sqliteFull = 13
const sqliteNotADatabase = 26

/** The primary result code of SQLite, which is the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

function isDamage(error: unknown): boolean {
  const code = resultCode(error)
  return code === sqliteCorrupt || code === sqliteNotADatabase
}

/** No room for a statement, which did nothing then, or for a file: it can be tried again later. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === sqliteFull || isDiskFull(error)
}
