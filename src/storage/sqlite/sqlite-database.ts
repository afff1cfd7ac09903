import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { Failure } from '../../novel/failure.ts'
import { checkIntegrityAtStart, integrityError } from './integrity-check.ts'
import {
  attachClips,
  enableIncrementalVacuum,
  detachClips,
  finishQuarantine,
  salvagePath,
  quarantineClipsFile,
} from './clips-database-file.ts'
import { DamageGuard } from './damage-guard.ts'
import { migrate } from './sqlite-migrator.ts'
import { kyselySqliteDatabase } from './sqlite-driver.ts'
import { isDamage, lacksSharedMemory } from './sqlite-errors.ts'
import type { Tables, Database } from '../database-tables.ts'

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
  readonly guard: DamageGuard
  /** A damaged `clips.db` that was set aside, now or before, and waits for its salvage. */
  readonly salvage?: string
}

/**
 * Opens both files, creating what is missing, after a look through the whole of `nightjar.db`. A damaged `clips.db` is
 * set aside for its salvage and begun anew. Throws `storage.lost`, `storage.damaged`, `storage.unwritable`,
 * `storage.newer`.
 */
export function openDatabase(files: DatabaseFiles): OpenedDatabase {
  const { folder, clips } = files
  refuseLost(files, whyMissing(files.nightjar))
  finishQuarantine(clips)
  const sqlite = openFiles(files)
  if (hasNoNovels(sqlite)) {
    try {
      refuseLost(files, 'knows none of them')
    } catch (error) {
      sqlite.close()
      throw error
    }
  }
  const guard = new DamageGuard(sqlite, { folder, clips })
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: kyselySqliteDatabase(sqlite, guard) }),
  })
  return { db, guard, ...(existsSync(salvagePath(clips)) && { salvage: salvagePath(clips) }) }
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
function hasNoNovels(sqlite: DatabaseSync): boolean {
  const asked = 'SELECT EXISTS (SELECT 1 FROM novels) OR EXISTS (SELECT 1 FROM leftoverFiles) AS known'
  return sqlite.prepare(asked).get()?.['known'] === 0
}

function openFiles(files: DatabaseFiles): DatabaseSync {
  const { folder, nightjar } = files
  try {
    checkIntegrityAtStart(nightjar, folder)
    return openBothFiles(files, 'NORMAL')
  } catch (error) {
    if (!lacksSharedMemory(error)) throw asFailure(error, folder)
  }
  // Without room for the index of the log it is kept in memory, where no other process sees it.
  try {
    return openBothFiles(files, 'EXCLUSIVE')
  } catch (error) {
    throw asFailure(error, folder)
  }
}

function asFailure(cause: unknown, folder: string): unknown {
  if (cause instanceof Failure || !(cause instanceof Error && 'errcode' in cause)) return cause
  const code = isDamage(cause) ? 'storage.damaged' : 'storage.unwritable'
  return new Failure(code, { folder, detail: cause.message }, { cause })
}

const busyTimeoutMs = 50

function openBothFiles(
  { folder, nightjar, clips }: DatabaseFiles,
  locking: 'NORMAL' | 'EXCLUSIVE',
): DatabaseSync {
  const sqlite = new DatabaseSync(nightjar, { timeout: 5000 })
  try {
    sqlite.exec(`PRAGMA locking_mode = ${locking}`)
    enableIncrementalVacuum(sqlite, 'main')
    // A checkpoint stops the server for 7 to 14 ms a thousand pages, so it comes four times as often as is usual, for a
    // quarter of that.
    sqlite.exec(`
      PRAGMA main.journal_mode = WAL; PRAGMA main.synchronous = FULL;
      PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA main.cache_size = -8000;
      PRAGMA wal_autocheckpoint = 250`)
    if (locking === 'EXCLUSIVE') refuseDamaged(sqlite, folder)
    try {
      openClips(sqlite, folder, clips)
    } catch (error) {
      if (!isDamage(error)) throw error
      detachClips(sqlite)
      quarantineClipsFile(clips)
      openClips(sqlite, folder, clips)
    }
    // Another program may hold a file for a moment; the event loop waits for as long, so it is short from here on.
    sqlite.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** The check of a file that could not be opened only to be read. */
function refuseDamaged(sqlite: DatabaseSync, folder: string): void {
  const detail = integrityError(sqlite)
  if (detail !== undefined) throw new Failure('storage.damaged', { folder, detail })
}

function openClips(sqlite: DatabaseSync, folder: string, clips: string): void {
  attachClips(sqlite, clips)
  migrate(sqlite, folder)
  // Reads the whole index (some 50 bytes a clip) and none of the audio, whose bytes have checksums of their own.
  sqlite.prepare('SELECT total(frames) FROM clips.clips INDEXED BY clipLengths').get()
}
