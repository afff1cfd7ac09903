import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../database-tables.ts'
import { openPostgresBesideServer, refuseOtherEncodings } from './postgres-database.ts'
import { connectionConfig } from './postgres-driver.ts'
import { migratePostgres, migrationNames } from './postgres-migrator.ts'
import { databaseLock, databaseName } from './server-presence.ts'

export interface PostgresCopyEnd {
  /** Name and host of the database. */
  readonly name: string
  readonly db: Database
}

/**
 * Opens a database to read a studio of it. Throws `database.unreachable`, `migrate.nothing`, and `database.newer` or
 * `database.older` when it is of another version.
 */
export async function openPostgresSource(url: string): Promise<PostgresCopyEnd> {
  return opened(url, async (db, name) => {
    const found = await versionOf(db)
    if (found === 'none') throw new Failure('migrate.nothing', { source: name })
    if (found !== 'same') throw new Failure(`database.${found}`, { database: name })
  })
}

/**
 * Opens a database to fill it, and gives one without tables this version's. Throws `database.unreachable`,
 * `migrate.occupied` for one of another program, and `database.newer` or `database.older`: no other schema is changed.
 */
export async function openPostgresTarget(url: string, source: string): Promise<PostgresCopyEnd> {
  return opened(url, async (db, name) => {
    await refuseOtherEncodings(db)
    const found = await versionOf(db)
    if (found === 'newer' || found === 'older') throw new Failure(`database.${found}`, { database: name })
    if (found === 'same') return
    const detail = await firstTable(db)
    if (detail !== undefined) throw new Failure('migrate.occupied', { source, target: name, detail })
    await migratePostgres(db, name)
  })
}

async function opened(
  url: string,
  prepare: (db: Database, name: string) => Promise<void>,
): Promise<PostgresCopyEnd> {
  const name = databaseName(url)
  const db = openPostgresBesideServer(url)
  try {
    await sql`SELECT 1`.execute(db).catch((cause: unknown) => {
      throw new Failure('database.unreachable', { detail: (cause as Error).message }, { cause })
    })
    await prepare(db, name)
    return { name, db }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

const migrationTable = 'kysely_migration'

async function versionOf(db: Database): Promise<'none' | 'same' | 'older' | 'newer'> {
  const known = await sql<{ known: boolean }>`
    SELECT to_regclass(${migrationTable}::text) IS NOT NULL AS known`.execute(db)
  if (known.rows[0]?.known !== true) return 'none'
  const { rows } = await sql<{ name: string }>`SELECT name FROM ${sql.table(migrationTable)}`.execute(db)
  if (rows.length === 0) return 'none'
  const found = new Set(rows.map(({ name }) => name))
  if ([...found].some((name) => !migrationNames.includes(name))) return 'newer'
  return found.size < migrationNames.length ? 'older' : 'same'
}

async function firstTable(db: Database): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema IN (current_schema(), 'clips') AND table_name NOT LIKE 'kysely_%' LIMIT 1`.execute(db)
  return rows[0] && `a table ${rows[0].name}`
}

const attempts = 10
const betweenAttemptsMs = 200

/**
 * Keeps servers out of a database, by the lock that they share; `undefined` if one has it. It ends with the
 * process. A server that was just killed may have it for a moment.
 */
export async function holdPostgres(url: string): Promise<AsyncDisposable | undefined> {
  const client = new Client({ ...connectionConfig(url), application_name: 'nightjar migrate' })
  client.on('error', () => undefined)
  await client.connect()
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const { rows } = await client.query<{ locked: boolean }>(databaseLock('alone'))
    if (rows[0]?.locked === true) return { [Symbol.asyncDispose]: () => client.end() }
    await wait(betweenAttemptsMs)
  }
  await client.end()
  return undefined
}
