import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import type { DamageGuard } from './damage-guard.ts'

/**
 * `node:sqlite` in the shape that Kysely's SQLite dialect expects. Statements are kept by their SQL: preparing one
 * costs ten times a lookup by key. Integers come back as numbers; Nightjar has none above 2⁵³. What `guard` mends is run
 * again.
 */
export function kyselySqliteDatabase(sqlite: DatabaseSync, guard: DamageGuard): SqliteDatabase {
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
      const kept = statements.get(sql)
      if (kept) return kept
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

/**
 * A full disk makes SQLite roll back by itself; rolling back once more would be a mistake that hides the first one.
 */
function rollbackOf(sqlite: DatabaseSync): SqliteStatement {
  const rollback = asKyselyStatement(sqlite.prepare('rollback'), 'rollback')
  const nothing = { changes: 0, lastInsertRowid: 0 }
  return { ...rollback, run: (parameters) => (sqlite.isTransaction ? rollback.run(parameters) : nothing) }
}

/** These work a page per step although they return no column: whoever takes one step frees one page a commit. */
const steppedToItsEnd = /^PRAGMA \w+\.incremental_vacuum/

function asKyselyStatement(statement: StatementSync, sql: string): SqliteStatement {
  const names = statement.columns().map(({ name }) => name)
  // The objects that `node:sqlite` makes are slow dictionaries: reading them took twenty times as long as reading these,
  // and they fill twice the memory.
  statement.setReturnArrays(true)
  const asRow = (values: unknown): object => {
    const row: Record<string, unknown> = {}
    for (let at = 0; at < names.length; at++) row[names[at]!] = (values as readonly unknown[])[at]
    return row
  }
  return {
    reader: names.length > 0 || steppedToItsEnd.test(sql),
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])).map(asRow),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])).map(asRow),
  }
}
