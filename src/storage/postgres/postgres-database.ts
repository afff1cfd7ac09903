import {
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  replaceWithNoncontingentExpression,
  sql,
} from 'kysely'
import { Failure } from '../../novel/failure.ts'
import type { Database, Tables } from '../database-tables.ts'
import { useDialect } from '../sql-dialect.ts'
import { ConnectionWatch, watchConnections } from './connection-watch.ts'
import { postgresDialect } from './postgres-dialect.ts'
import { postgresPool } from './postgres-driver.ts'
import { migratePostgres } from './postgres-migrator.ts'
import { databaseName, enterDatabase } from './server-presence.ts'

export interface PostgresOptions {
  /** `postgres://…` */
  readonly url: string
  /** The data folder, for messages. */
  readonly folder: string
  /**
   * Number of the sources that are stored, asked if the database knows no novel. Left out: an empty database is accepted
   * whatever is stored.
   */
  readonly books?: () => Promise<number>
  /** Identity of the object store, which has to be that of the other servers. */
  readonly identify?: () => Promise<string>
  /** Milliseconds after which a connection counts as lost of which nothing is heard; left out: 5 s. */
  readonly heartbeatMs?: number
}

/** Of one server, opened as they are needed. Postgres allows 100 in all, if it is not told otherwise. */
const connections = 16

/**
 * Opens the database for one of its servers and brings its schema up to date. Throws `database.unreachable`,
 * `database.in-use`, `database.other-objects`, `database.newer`, `database.lost`.
 */
export async function openPostgres({
  url,
  folder,
  books,
  identify,
  heartbeatMs,
}: PostgresOptions): Promise<{ db: Database }> {
  await using opening = new AsyncDisposableStack()
  const watch = new ConnectionWatch()
  const presence = opening.use(await enterDatabase(url, { identify, watch, heartbeatMs }))
  const database = databaseName(url)
  const pool = postgresPool(url, connections, watch)
  const db = databaseOf({
    ...pool,
    end: async () => {
      await pool.end()
      await presence[Symbol.asyncDispose]()
    },
  })
  watchConnections(db, watch)
  opening.defer(() => db.destroy())
  await refuseOtherEncodings(db)
  await migratePostgres(db, database)
  const stored = books && (await hasNoNovels(db)) ? await books() : 0
  if (stored > 0) {
    const counted = stored === 1 ? '1 book' : `${stored} books`
    throw new Failure('database.lost', { folder, books: counted, database })
  }
  opening.move()
  return { db }
}

/** Opens a database of this version beside the server that uses it, to read or write a row. */
export function openPostgresBesideServer(url: string): Database {
  return databaseOf(postgresPool(url, 1))
}

function databaseOf(pool: PostgresPool): Database {
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    // SQLite takes `in ()`, as an empty list; Postgres does not.
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  })
  useDialect(db, postgresDialect)
  return db
}

/** In another encoding not every book can be stored. */
export async function refuseOtherEncodings(db: Database): Promise<void> {
  const { rows } = await sql<{
    encoding: string
  }>`SELECT current_setting('server_encoding') AS encoding`.execute(db)
  const encoding = rows[0]?.encoding ?? ''
  if (encoding === 'UTF8') return
  throw new Failure('database.unreachable', { detail: `its encoding is ${encoding}, and has to be UTF8` })
}

async function hasNoNovels(db: Database): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    SELECT EXISTS (SELECT 1 FROM novels) OR EXISTS (SELECT 1 FROM "leftoverFiles") AS known`.execute(db)
  return rows[0]?.known !== true
}
