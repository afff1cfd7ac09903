import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely } from 'kysely'
import { Failure } from '../../novel/failure.ts'
import type { Database, Tables } from '../database-tables.ts'
import { useDialect } from '../sql-dialect.ts'
import { isDamage } from '../storage-errors.ts'
import type { WatchedFiles } from '../watched-files.ts'
import {
  attachClips,
  detachClips,
  enableIncrementalVacuum,
  finishQuarantine,
  keepUnsalvagedFile,
  quarantineClipsFile,
  salvagePath,
} from './clips-database-file.ts'
import { DamageGuard } from './damage-guard.ts'
import { DamagedClipsReader } from './damaged-clips-reader.ts'
import { checkIntegrityAtStart, checkIntegrityInWorker, integrityError } from './integrity-check.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { kyselySqliteDatabase, ReportingSqliteDialect } from './sqlite-driver.ts'
import { lacksSharedMemory } from './sqlite-errors.ts'
import { migrate } from './sqlite-migrator.ts'

export interface DatabaseFiles {
  /** The data folder, for messages. */
  readonly folder: string
  readonly nightjar: string
  readonly clips: string
  /** Number of source files in the data folder. Left out: an empty database is accepted whatever lies there. */
  readonly books?: number
}

export interface OpenedDatabase {
  readonly db: Database
  readonly files: WatchedFiles
}

/**
 * Opens both files, creating missing ones, after an integrity check of `nightjar.db`. A damaged `clips.db` is
 * quarantined for salvage and replaced by an empty one. Throws `storage.lost`, `storage.damaged`, `storage.unwritable`,
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
    dialect: new ReportingSqliteDialect(kyselySqliteDatabase(sqlite, guard)),
  })
  useDialect(db, sqliteDialect)
  return { db, files: watchedFiles(files, guard) }
}

function watchedFiles({ nightjar, clips }: DatabaseFiles, guard: DamageGuard): WatchedFiles {
  return {
    ...(existsSync(salvagePath(clips)) && { salvage: salvagePath(clips) }),
    subscribe: (listener) => guard.subscribe(listener),
    checkIntegrity: async (signal) => {
      const damage = await checkIntegrityInWorker(nightjar, signal)
      if (damage !== undefined) guard.markDamaged(damage)
    },
    openSalvage: (aside) => new DamagedClipsReader(aside),
    keepUnsalvaged: (aside) => keepUnsalvagedFile(clips, aside),
  }
}

/** Throws `storage.lost` if there are books: an empty database beside them would hide the loss of the old one. */
function refuseLost({ folder, books = 0 }: DatabaseFiles, detail: string | undefined): void {
  if (books === 0 || detail === undefined) return
  throw new Failure('storage.lost', { folder, books: books === 1 ? '1 book' : `${books} books`, detail })
}

function whyMissing(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return 'is missing'
  return found.size === 0 ? 'is empty' : undefined
}

/** Whether the file is there and has a novel, or the names of files that are still to be removed. */
export function knowsNovels(file: string): boolean {
  let sqlite: DatabaseSync | undefined
  try {
    sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    return !hasNoNovels(sqlite)
  } catch {
    // Missing, empty, or damaged: opening it for work says which.
    return false
  } finally {
    sqlite?.close()
  }
}

/** Whether it has no novel and none whose files are still to be removed. Incomplete novels count. */
function hasNoNovels(sqlite: DatabaseSync): boolean {
  const query = 'SELECT EXISTS (SELECT 1 FROM novels) OR EXISTS (SELECT 1 FROM leftoverFiles) AS known'
  return sqlite.prepare(query).get()?.['known'] === 0
}

function openFiles(files: DatabaseFiles): DatabaseSync {
  const { folder, nightjar } = files
  try {
    checkIntegrityAtStart(nightjar, folder)
    return openBothFiles(files, 'NORMAL')
  } catch (error) {
    if (!lacksSharedMemory(error)) throw asFailure(error, folder)
  }
  // The disk has no space for the shared-memory index of the WAL. In exclusive mode the index is kept in memory, and no
  // other process can open the file.
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
    // A checkpoint blocks the event loop for 7 to 14 ms per thousand pages (SQLite's default interval); every 250 pages
    // it takes a quarter of that.
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
    // Waiting for another program's lock blocks the event loop, so the timeout is short once the files are open.
    sqlite.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    return sqlite
  } catch (error) {
    sqlite.close()
    throw error
  }
}

/** Throws `storage.damaged`. For a file that the read-only check could not open on a full disk. */
function refuseDamaged(sqlite: DatabaseSync, folder: string): void {
  const detail = integrityError(sqlite)
  if (detail !== undefined) throw new Failure('storage.damaged', { folder, detail })
}

function openClips(sqlite: DatabaseSync, folder: string, clips: string): void {
  attachClips(sqlite, clips)
  migrate(sqlite, folder)
  // Finds damage early: reads the whole index (some 50 bytes per clip), not the audio, which has its own checksums.
  sqlite.prepare('SELECT total(frames) FROM clips.clips INDEXED BY clipLengths').get()
}
