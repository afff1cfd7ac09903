import type { CompiledQuery, QueryResult, RawBuilder, SelectQueryBuilder } from 'kysely'
import type { Database } from './database-tables.ts'

/** A topic: who stores clips or failures shares it; who deletes them, or sets a segment aside, has it alone. */
export const clipsTopic = 'clips'

/** What the queries need that SQLite and Postgres write differently. */
export interface SqlDialect {
  /** Whether others may write at the same time: several servers, and several connections of each. */
  readonly shared: boolean
  /** A row source with one column `value`: these integers, as one parameter. */
  numbers(values: readonly number[]): RawBuilder<unknown>
  /** Likewise of texts. */
  texts(values: readonly string[]): RawBuilder<unknown>
  /** Epoch milliseconds by the clock of the database, at the begin of the statement. */
  readonly clock: RawBuilder<number>
  /**
   * Excludes other transactions that name the same `topic` until this one ends. SQLite has one connection, whose
   * transactions exclude each other anyway. `shared`: but not those that share it too.
   */
  serialize(transaction: Database, topic: string, mode?: 'alone' | 'shared'): Promise<void>
  /**
   * The query of a transaction, whose rows no other transaction locks likewise or changes until this one ends. Rows that
   * refer to them may still be added. SQLite: the query itself.
   */
  lockRows<Of, Table extends keyof Of, Row>(
    query: SelectQueryBuilder<Of, Table, Row>,
  ): SelectQueryBuilder<Of, Table, Row>
  /** At the end of a query of rows: locks them, and leaves out those that another transaction has locked. SQLite: nothing. */
  readonly unlocked: RawBuilder<unknown>
  /**
   * Runs `work` on one connection while nobody else works on the topic, of several servers neither. Postgres: in one
   * transaction. SQLite: in none, on its only connection.
   */
  exclude<T>(db: Database, topic: string, work: (db: Database) => Promise<T>): Promise<T>
  /**
   * Reads what does not depend on each other: Postgres on one connection, what is asked for at once in one way there and
   * back. No transaction. SQLite: as it is.
   */
  readTogether<T>(db: Database, read: (db: Database) => Promise<T>): Promise<T>
  /**
   * Of a database in another process: runs statements as one transaction in one way there and back, and what `also` runs,
   * which is answered without rows. Durable when it returns. Throws the first error; then nothing has changed.
   */
  readonly transactAtOnce?: (
    db: Database,
    statements: readonly CompiledQuery[],
    also: (transaction: Database) => Promise<void>,
  ) => Promise<readonly QueryResult<unknown>[]>
  /** Of a database in another process: the first 16 bytes of the SHA-256 of an integer’s digits, as it makes them itself. */
  readonly hashOfDigits?: (integer: RawBuilder<unknown>) => RawBuilder<Uint8Array>
  /** Bytes of the audio of the row `clip`, which is not read for it. */
  readonly clipBytes: RawBuilder<number>
  /** Number of clips, and the space that they take, in bytes. */
  clipStatistics(db: Database): Promise<{ clips: number; bytes: number }>
  /** Returns about `pages` free pages of one part of the database to the disk. Returns whether there are more. */
  reclaimSpace(db: Database, part: 'main' | 'clips', pages: number): Promise<boolean>
  /** The last id that was given to a row of a table whose ids are never used twice; 0: none. */
  lastId(db: Database, table: string): Promise<number>
  /** The next row gets the id after `id`, which is not below that of any row. */
  setLastId(db: Database, table: string, id: number): Promise<void>
}

/** By the adapter of a connection, which its transactions share. */
const dialects = new WeakMap<object, SqlDialect>()

/** To be called once by whatever opens a database. */
export function useDialect(db: Database, dialect: SqlDialect): void {
  dialects.set(db.getExecutor().adapter, dialect)
}

/** The dialect of a database or transaction. */
export function sqlDialect(db: Database): SqlDialect {
  const dialect = dialects.get(db.getExecutor().adapter)
  if (!dialect) throw new Error('the database was opened without a dialect')
  return dialect
}
