import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/**
 * `node:sqlite` in the shape that Kysely's SQLite dialect expects. Statements are kept by their SQL: preparing one
 * costs ten times a lookup by key. Integers come back as numbers; Nightjar has none above 2⁵³.
 */
export function kyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    prepare(sql) {
      const kept = statements.get(sql)
      if (kept) return kept
      const statement = sql === 'rollback' ? rollbackOf(sqlite) : asKyselyStatement(sqlite.prepare(sql))
      if (statements.size >= mostStatements) statements.clear()
      statements.set(sql, statement)
      return statement
    },
    close: () => {
      statements.clear()
      sqlite.close()
    },
  }
}

const mostStatements = 200

/**
 * A full disk makes SQLite roll back by itself; rolling back once more would be a mistake that hides the first one.
 */
function rollbackOf(sqlite: DatabaseSync): SqliteStatement {
  const rollback = asKyselyStatement(sqlite.prepare('rollback'))
  const nothing = { changes: 0, lastInsertRowid: 0 }
  return { ...rollback, run: (parameters) => (sqlite.isTransaction ? rollback.run(parameters) : nothing) }
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
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
    reader: names.length > 0,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])).map(asRow),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])).map(asRow),
  }
}
