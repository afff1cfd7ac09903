import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { Failure } from '../../novel/failure.ts'
import type { Database, Tables } from '../database-tables.ts'
import { useDialect } from '../sql-dialect.ts'
import { isDamage } from '../storage-errors.ts'
import { salvagePath } from './clips-database-file.ts'
import type { DatabaseFiles } from './sqlite-database.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { kyselySqliteDatabase } from './sqlite-driver.ts'
import { migrations, refuseOtherSchema, schemaVersion } from './sqlite-migrator.ts'

const busyTimeoutMs = 5000

/**
 * Opens both files to read them, also while a server writes to them. Throws `migrate.nothing`, `storage.newer`,
 * `storage.older` when they are of another version, `storage.salvaging`, and later `storage.damaged`.
 */
export function openForReading({ folder, nightjar, clips }: DatabaseFiles): Database {
  if (!existsSync(nightjar) || !existsSync(clips)) throw new Failure('migrate.nothing', { source: folder })
  if (existsSync(salvagePath(clips))) throw new Failure('storage.salvaging', { folder })
  const sqlite = new DatabaseSync(nightjar, { readOnly: true, timeout: busyTimeoutMs })
  try {
    sqlite.exec('PRAGMA cache_size = -8000')
    sqlite.prepare('ATTACH DATABASE ? AS clips').run(clips)
    for (const schema of ['main', 'clips'] as const) refuseOtherSchema(sqlite, schema, folder)
  } catch (error) {
    sqlite.close()
    throw isDamage(error) ? damaged(folder, error) : error
  }
  const refuseDamaged = {
    beforeStatement: () => undefined,
    repairForRetry: (error: unknown) => {
      if (isDamage(error)) throw damaged(folder, error)
      return false
    },
  }
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: kyselySqliteDatabase(sqlite, refuseDamaged) }),
  })
  useDialect(db, sqliteDialect)
  return db
}

/**
 * For a `nightjar.db` that is to be filled, if there is one: it may be new, or of this version. Throws `storage.newer`,
 * and `migrate.occupied` for an older one with novels, which must not be brought up to date by a mistyped command.
 */
export function refuseOtherVersion({
  file,
  folder,
  source,
}: {
  readonly file: string
  readonly folder: string
  readonly source: string
}): void {
  if (!existsSync(file)) return
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
  try {
    const found = schemaVersion(sqlite, 'main')
    const known = migrations.main.length
    if (found > known) throw new Failure('storage.newer', { folder, found, known })
    if (found === 0 || found === known || !sqlite.prepare('SELECT 1 FROM novels').get()) return
    throw new Failure('migrate.occupied', {
      source,
      target: folder,
      detail: 'a nightjar.db of an older version',
    })
  } finally {
    sqlite.close()
  }
}

function damaged(folder: string, cause: unknown): Failure {
  return new Failure('storage.damaged', { folder, detail: (cause as Error).message }, { cause })
}
