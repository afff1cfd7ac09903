import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { migrate } from '../sqlite/sqlite-migrator.ts'
import { copiedTables, notCopied, tablesWithLastingIds } from './copied-tables.ts'

const sqlite = new DatabaseSync(':memory:')
sqlite.exec("ATTACH DATABASE ':memory:' AS clips")
migrate(sqlite, 'memory')

const all = (query: string, ...values: string[]) =>
  sqlite.prepare(query).all(...values) as Record<string, string>[]

const names = copiedTables.map(({ name }): string => name)

test('every table of the schema is copied by "nightjar migrate", or it is said why not', () => {
  const tables = all(
    "SELECT schema, name FROM pragma_table_list WHERE schema IN ('main', 'clips') AND name NOT LIKE 'sqlite_%'",
  )
  const found = tables.map(({ schema, name }) => (schema === 'main' ? name : `${schema}.${name}`))
  expect(new Set(found)).toEqual(new Set([...names, ...Object.keys(notCopied)]))
})

test('tables are copied by their primary keys, after those that they refer to', () => {
  for (const [at, { name, key }] of copiedTables.entries()) {
    const primary = all('SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk', name)
    expect(key, name).toEqual(primary.map((column) => column['name']))
    for (const { table } of all('SELECT "table" FROM pragma_foreign_key_list(?)', name)) {
      expect(names.indexOf(table ?? ''), `${table} before ${name}`).toBeLessThan(at)
      expect(names).toContain(table)
    }
  }
})

test('what triggers write is copied last', () => {
  const triggers = all("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
  const written = triggers.flatMap(({ sql }) =>
    [...(sql ?? '').matchAll(/(?:INSERT INTO|DELETE FROM|UPDATE) "?(\w+)/g)].map(([, table = '']) => table),
  )
  const unique = new Set(written.filter((table) => names.includes(table)))
  expect(new Set(names.slice(-unique.size))).toEqual(unique)
})

test('where an id is never used twice, the copy goes on with the next', () => {
  const lasting = all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'",
  ).map((table) => table['name'])
  expect(lasting).toEqual([...tablesWithLastingIds])
})
