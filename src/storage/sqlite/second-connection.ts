import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { Failure } from '../../novel/failure.ts'
import type { Database, Tables } from '../database-tables.ts'
import { useDialect } from '../sql-dialect.ts'
import { DamageGuard } from './damage-guard.ts'
import type { DatabaseFiles } from './sqlite-database.ts'
import { kyselySqliteDatabase } from './sqlite-driver.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { refuseOtherSchema } from './sqlite-migrator.ts'

/** A server holds its file for a commit at a time. */
const busyTimeoutMs = 5000

/**
 * Opens `nightjar.db` beside the server that has it open, to read or write a row: without looking through the file and
 * without `clips.db`. Throws `storage.newer`, `storage.older` when the server is of another version, and `storage.in-use`
 * when it shares its file with nobody.
 */
export function openBesideServer({ folder, nightjar, clips }: DatabaseFiles): Database {
  const sqlite = new DatabaseSync(nightjar, { timeout: busyTimeoutMs })
  try {
    sqlite.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    refuseOtherSchema(sqlite, 'main', folder)
  } catch (cause) {
    sqlite.close()
    if (cause instanceof Failure) throw cause
    throw new Failure('storage.in-use', { folder }, { cause })
  }
  const guard = new DamageGuard(sqlite, { folder, clips })
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: kyselySqliteDatabase(sqlite, guard) }),
  })
  useDialect(db, sqliteDialect)
  return db
}
