import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { migrate } from '../sqlite/sqlite-migrator.ts'
import { sqliteWords } from '../sqlite/sqlite-schema-words.ts'
import { schemaVersions } from './schema-steps.ts'

function memory(): DatabaseSync {
  const sqlite = new DatabaseSync(':memory:')
  sqlite.exec("ATTACH DATABASE ':memory:' AS clips")
  return sqlite
}

/** Tables with their columns, keys and indexes, in one form. */
function schemaOf(sqlite: DatabaseSync) {
  const all = (query: string, ...values: string[]) => sqlite.prepare(query).all(...values)
  const tables = all(
    "SELECT schema, name, type, wr, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%' ORDER BY schema, name",
  )
  return tables.map((table) => {
    const of = [String(table['name']), String(table['schema'])]
    const indexes = all(
      'SELECT name, "unique", origin, partial FROM pragma_index_list(?, ?) ORDER BY name LIKE \'sqlite_%\', name',
      ...of,
    )
    return {
      ...table,
      columns: all('SELECT * FROM pragma_table_xinfo(?, ?)', ...of),
      keys: all('SELECT * FROM pragma_foreign_key_list(?, ?) ORDER BY "from"', ...of),
      indexes: indexes.map((index) => ({
        ...index,
        columns: all(
          'SELECT seqno, name, desc, coll FROM pragma_index_xinfo(?, ?)',
          String(index['name']),
          String(table['schema']),
        ),
      })),
      lasting:
        String(
          all(
            `SELECT sql FROM ${String(table['schema'])}.sqlite_schema WHERE name = ?`,
            String(table['name']),
          )[0]?.['sql'],
        ).includes('AUTOINCREMENT') && true,
    }
  })
}

function triggersOf(sqlite: DatabaseSync): string[] {
  const rows = sqlite.prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name").all()
  return rows.map((row) => String(row['sql']).replaceAll('"', '').replaceAll(/\s+/g, ' '))
}

test('the schema that is written once is that of the migrations of SQLite', () => {
  const [released, once] = [memory(), memory()]
  migrate(released, 'memory')
  for (const { step } of schemaVersions) for (const statement of step(sqliteWords)) once.exec(statement)
  expect(schemaOf(once)).toEqual(schemaOf(released))
  expect(triggersOf(once)).toEqual(triggersOf(released))
  const { user_version: version } = released.prepare('PRAGMA user_version').get() ?? {}
  expect(schemaVersions.at(-1)?.version).toBe(version)
})

function apply(sqlite: DatabaseSync, wanted: (version: number) => boolean): void {
  for (const { version, step } of schemaVersions)
    if (wanted(version)) for (const statement of step(sqliteWords)) sqlite.exec(statement)
}

/** Of: id, file, state, keeper. */
const addNovel = `
  INSERT INTO novels (id, title, author, language, metadata, sourceSha256, sourceName, report, complete, keeper, createdAt)
  VALUES (?, '', '', 'en', '{}', ?, '', '{}', ?, ?, '')`

test('a file that somebody kept is theirs afterwards, and of the house free', () => {
  const sqlite = memory()
  apply(sqlite, (version) => version <= 50)
  const add = sqlite.prepare(addNovel)
  add.run('house', 'aa', 1, null)
  add.run('kept', 'bb', 1, 'ada')
  add.run('trashed', 'cc', 3, 'ada')
  add.run('gone', 'gone', 0, 'ada')
  apply(sqlite, (version) => version === 51)
  const rows = sqlite.prepare('SELECT id, sourceSha256 FROM novels ORDER BY id').all()
  expect(rows.map(({ id, sourceSha256 }) => [id, sourceSha256])).toEqual([
    ['gone', 'gone'],
    ['house', 'aa'],
    ['kept', 'bb@ada'],
    ['trashed', 'cc@ada'],
  ])
})

test('a feed that was there is its novel’s keeper’s, else the first listener’s, and so is one that was just revoked', () => {
  const sqlite = memory()
  apply(sqlite, (version) => version <= 51)
  sqlite.exec("INSERT INTO listeners VALUES ('ada', 'Ada', '')")
  const feed = sqlite.prepare(
    "INSERT INTO feeds (novelId, token, digest, createdAt, fingerprint, changedAt) VALUES (?, ?, ?, '1', 'f', '2')",
  )
  const removal = sqlite.prepare("INSERT INTO removals VALUES (?, 'feed', ?, ?, '3')")
  for (const [id, keeper] of [
    ['house', null],
    ['kept', 'ada'],
    ['gone', 'nobody'],
  ] as const) {
    sqlite.prepare(addNovel).run(id, id, 1, keeper)
    feed.run(id, `token-${id}`, Buffer.from(id))
    const row = { novelId: id, token: `old-${id}`, digest: { base64: 'AA==' } }
    if (id !== 'gone') removal.run(id, id, JSON.stringify([[row]]))
  }
  removal.run('deleted', 'deleted', JSON.stringify([[{ novelId: 'deleted', token: 'old-deleted' }]]))
  apply(sqlite, (version) => version === 52)
  const feeds = sqlite.prepare('SELECT listener, novelId, token, createdAt, changedAt FROM feeds').all()
  expect(feeds.map((row) => Object.values(row))).toEqual([
    ['ada', 'kept', 'token-kept', '1', '2'],
    ['home', 'house', 'token-house', '1', '2'],
  ])
  const removals = sqlite.prepare('SELECT id, subject, content FROM removals ORDER BY id').all()
  expect(removals.map(({ id, subject, content }) => [id, subject, JSON.parse(String(content))])).toEqual([
    ['deleted', 'home deleted', [[{ listener: 'home', novelId: 'deleted', token: 'old-deleted' }]]],
    [
      'house',
      'home house',
      [[{ listener: 'home', novelId: 'house', token: 'old-house', digest: { base64: 'AA==' } }]],
    ],
    [
      'kept',
      'ada kept',
      [[{ listener: 'ada', novelId: 'kept', token: 'old-kept', digest: { base64: 'AA==' } }]],
    ],
  ])
})
