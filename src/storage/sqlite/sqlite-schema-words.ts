import type { SchemaWords } from '../migrations/schema-words.ts'

export const sqliteWords: SchemaWords = {
  integer: 'INTEGER',
  real: 'REAL',
  text: 'TEXT',
  bytes: 'BLOB',
  id: 'INTEGER PRIMARY KEY',
  lastingId: 'INTEGER PRIMARY KEY AUTOINCREMENT',
  now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  table: (name, columns, { rowless = false } = {}) =>
    `CREATE TABLE ${name} (${columns}) STRICT${rowless ? ', WITHOUT ROWID' : ''}`,
  index(name, table, columns, { unique = false } = {}) {
    // An index is named with its schema, and its table without.
    const [schema, plain] = table.split('.')
    const full = plain === undefined ? `"${name}"` : `${schema}."${name}"`
    return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${full} ON ${plain ?? table} (${columns})`
  },
  trigger: ({ name, event, table, when, run }) => [
    `CREATE TRIGGER "${name}" AFTER ${event} ON ${table}${when === undefined ? '' : ` WHEN ${when}`}
     BEGIN ${run}; END`,
  ],
  dropTrigger: (name) => [`DROP TRIGGER "${name}"`],
  rememberDeleted: ({ name, table, column, into }) =>
    sqliteWords.trigger({
      name,
      event: 'DELETE',
      table,
      run: `INSERT INTO ${into} VALUES (old.${column}) ON CONFLICT DO NOTHING`,
    }),
  amongServers: () => [],
  uncompressed: () => [],
}
