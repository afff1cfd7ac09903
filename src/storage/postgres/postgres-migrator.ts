import { sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../database-tables.ts'
import { schemaVersions } from '../migrations/schema-steps.ts'
import { postgresWords } from './postgres-schema-words.ts'

/** By name; Kysely runs them in order of their names, under a lock, in one transaction. */
const migrations = Object.fromEntries(
  schemaVersions.map(({ version, name, step }): [string, Migration] => [
    `${String(version).padStart(4, '0')}-${name}`,
    {
      async up(db) {
        if (version === schemaVersions[0]?.version) await sql`CREATE SCHEMA clips`.execute(db)
        for (const statement of step(postgresWords)) await sql.raw(statement).execute(db)
      },
    },
  ]),
)

/** Names of all that a database of this version has, in order. */
export const migrationNames: readonly string[] = Object.keys(migrations)

const provider: MigrationProvider = { getMigrations: () => Promise.resolve(migrations) }

/** Brings the schema up to date. Throws `database.newer` if a newer Nightjar has changed it. */
export async function migratePostgres(db: Database, database: string): Promise<void> {
  const { error } = await new Migrator({ db, provider }).migrateToLatest()
  if (error === undefined) return
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message)) {
    throw new Failure('database.newer', { database }, { cause: error })
  }
  throw error
}
