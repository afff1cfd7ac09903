import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import {
  type DatabaseConnection,
  SqliteDialect,
  type SqliteDatabase,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely'
import { reportTransactionEnd } from '../commit-listeners.ts'
import type { DamageGuard } from './damage-guard.ts'

/**
 * Adapts `node:sqlite` to the interface that Kysely's SQLite dialect expects. Prepared statements are cached by their
 * SQL: preparing one costs ten times a lookup. Integers are returned as numbers; Nightjar has none above 2⁵³. A
 * statement whose error `guard` has repaired is run again.
 */
export function kyselySqliteDatabase(
  sqlite: DatabaseSync,
  guard: Pick<DamageGuard, 'beforeStatement' | 'repairForRetry'>,
): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  const withRetry = <T>(sql: string, work: () => T): T => {
    guard.beforeStatement()
    try {
      return work()
    } catch (error) {
      if (!guard.repairForRetry(error, sql)) throw error
      return work()
    }
  }
  const guarded = (sql: string, statement: SqliteStatement): SqliteStatement => ({
    ...statement,
    all: (parameters) => withRetry(sql, () => statement.all(parameters)),
    run: (parameters) => withRetry(sql, () => statement.run(parameters)),
  })
  return {
    prepare(sql) {
      const cached = statements.get(sql)
      if (cached) return cached
      return withRetry(sql, () => {
        const plain = sql === 'rollback' ? rollbackOf(sqlite) : asKyselyStatement(sqlite.prepare(sql), sql)
        const statement = guarded(sql, plain)
        if (statements.size >= maxStatements) statements.clear()
        statements.set(sql, statement)
        return statement
      })
    },
    close: () => {
      statements.clear()
      sqlite.close()
    },
  }
}

const maxStatements = 200

/** Milliseconds of statements in a row after which others have their turn. */
const longestTurnMs = 10

/**
 * Reports the end of each transaction to `afterCommit`, and lets the event loop turn. SQLite answers at once, so that a loop
 * over awaited queries never leaves the microtask queue: nobody else would be answered until its end. The statements of a
 * transaction follow each other without a turn.
 */
export class ReportingSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase

  constructor(database: SqliteDatabase) {
    super({ database })
    this.#database = database
  }

  override createDriver(): SqliteDriver {
    return new ReportingSqliteDriver({ database: this.#database })
  }
}

class ReportingSqliteDriver extends SqliteDriver {
  /** When the first statement of this turn of the event loop began; `undefined`: it has none yet. */
  #turnBegan: number | undefined

  override async acquireConnection(): Promise<DatabaseConnection> {
    if (this.#turnBegan !== undefined && performance.now() - this.#turnBegan > longestTurnMs)
      await yieldToEventLoop()
    this.#beginTurn()
    return super.acquireConnection()
  }

  #beginTurn(): void {
    if (this.#turnBegan !== undefined) return
    this.#turnBegan = performance.now()
    setImmediate(() => (this.#turnBegan = undefined))
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    // Who let others have their turn before it must not do as much again behind it.
    this.#beginTurn()
    await super.commitTransaction(connection)
    reportTransactionEnd(connection, true)
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    reportTransactionEnd(connection, false)
    await super.rollbackTransaction(connection)
  }
}

/** On a full disk SQLite rolls back by itself; a second rollback would throw and hide the original error. */
function rollbackOf(sqlite: DatabaseSync): SqliteStatement {
  const rollback = asKyselyStatement(sqlite.prepare('rollback'), 'rollback')
  const nothing = { changes: 0, lastInsertRowid: 0 }
  return { ...rollback, run: (parameters) => (sqlite.isTransaction ? rollback.run(parameters) : nothing) }
}

/** Frees one page per step although it returns no column: it must be stepped to its end, like a reader. */
const incrementalVacuumPragma = /^PRAGMA \w+\.incremental_vacuum/

function asKyselyStatement(statement: StatementSync, sql: string): SqliteStatement {
  const names = statement.columns().map(({ name }) => name)
  // `node:sqlite` returns objects in dictionary mode: reading them took twenty times as long as reading these, and they
  // take twice the memory.
  statement.setReturnArrays(true)
  const asRow = (values: unknown): object => {
    const row: Record<string, unknown> = {}
    for (let at = 0; at < names.length; at++) row[names[at]!] = (values as readonly unknown[])[at]
    return row
  }
  return {
    reader: names.length > 0 || incrementalVacuumPragma.test(sql),
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])).map(asRow),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])).map(asRow),
  }
}
