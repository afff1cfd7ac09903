import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { deleteNovel } from '../queries/deletion-queries.ts'
import { addFeed, feedOf } from '../queries/export-queries.ts'
import { novelById } from '../queries/novel-queries.ts'
import { lockFolder } from '../local/folder-lock.ts'
import { schemaVersions } from '../migrations/schema-steps.ts'
import { nightjar1, nightjar2 } from './migrations/nightjar-migrations-1-to-5.ts'
import { openDatabase } from './sqlite-database.ts'

function files() {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-database-'))
  return { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
}

test('both files are durable at every commit, can return free pages, and have the version of their migrations', async () => {
  const { db } = openDatabase(files())
  const known = schemaVersions.at(-1)?.version
  const pragma = async (name: string) => (await sql<object>`PRAGMA ${sql.raw(name)}`.execute(db)).rows[0]
  for (const [schema, version] of Object.entries({ main: known, clips: 1 })) {
    expect(await pragma(`${schema}.journal_mode`)).toEqual({ journal_mode: 'wal' })
    expect(await pragma(`${schema}.synchronous`)).toEqual({ synchronous: 2 })
    expect(await pragma(`${schema}.auto_vacuum`)).toEqual({ auto_vacuum: 2 })
    expect(await pragma(`${schema}.user_version`)).toEqual({ user_version: version })
  }
  await db.destroy()
})

test('a clips.db that is no database is quarantined for salvage and replaced by an empty one', async () => {
  const where = files()
  const before = openDatabase(where).db
  await before.selectFrom('clips.clips').selectAll().execute()
  await before.destroy()
  writeFileSync(where.clips, 'x'.repeat(10_000))
  const {
    db,
    files: { salvage },
  } = openDatabase(where)
  expect(salvage).toBe(`${where.clips}.salvage`)
  expect(readFileSync(salvage!, 'utf8')).toBe('x'.repeat(10_000))
  expect(await db.selectFrom('clips.clips').selectAll().execute()).toEqual([])
  await db.destroy()
})

test('a database of a newer Nightjar is refused with an error that names both versions', async () => {
  const where = files()
  const { db } = openDatabase(where)
  await sql`PRAGMA main.user_version = 99`.execute(db)
  await db.destroy()
  expect(() => openDatabase(where)).toThrow(/database version 99, this one knows \d+\)/)
})

test('a folder can be locked only once at a time', () => {
  const { folder } = files()
  const held = lockFolder(join(folder, 'lock.db'), folder)
  expect(() => lockFolder(join(folder, 'lock.db'), folder)).toThrow(`already using ${folder}`)
  held[Symbol.dispose]()
  lockFolder(join(folder, 'lock.db'), folder)[Symbol.dispose]()
})

test('migrating a database of an older Nightjar keeps its rows and adds the new tables', async () => {
  const where = files()
  const older = new DatabaseSync(where.nightjar)
  older.exec(`${nightjar1}; ${nightjar2}; PRAGMA user_version = 2;
    INSERT INTO novels (id, title, author, language, metadata, sourceSha256, sourceName, report, complete, createdAt)
    VALUES ('old', 'Salt', 'Anna Bell', 'en', '{}', 'sha', 'salt.txt', '{}', 1, '2026-01-01T00:00:00.000Z')`)
  older.close()
  const { db } = openDatabase(where)
  const feed = { listener: 'home', novelId: 'old' }
  await addFeed(db, feed)
  expect(await feedOf(db, feed)).toMatchObject({ novelId: 'old' })
  expect(await novelById(db, 'old')).toMatchObject({ title: 'Salt' })
  await deleteNovel(db, 'old')
  expect(await feedOf(db, feed)).toBeUndefined()
  await db.destroy()
})
