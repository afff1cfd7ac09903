import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../src/storage/database-tables.ts'
import { ObjectClipStore } from '../src/storage/clips/object-clip-store.ts'
import { FolderObjectStore } from '../src/storage/folder/folder-object-store.ts'
import { openPostgresBesideServer } from '../src/storage/postgres/postgres-database.ts'
import { clipRows } from '../src/storage/queries/clip-queries.ts'
import { openDatabase } from '../src/storage/sqlite/sqlite-database.ts'
import { contentOf, fillClips, fillTables } from './fixtures/filled-tables.ts'
import { longStory } from './fixtures/long-story.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import type { Api } from './program/api-client.ts'
import { Command } from './program/cli-process.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { storageSettings } from './program/test-storage.ts'

// "nightjar migrate": a studio moves from a data folder to Postgres and back.

const faulty = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))
const sound = { voice: 'odd:hum' }

/** A database of its own, which goes with the folder that it is named after. */
async function emptyPostgres() {
  const folder = await temporaryFolder()
  const { NIGHTJAR_DATABASE: url = '' } = storageSettings(folder.path)
  return { url, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

async function inFolder<T>(folder: string, work: (db: Database) => Promise<T>): Promise<T> {
  const files = { folder, nightjar: join(folder, 'nightjar.db'), clips: join(folder, 'clips.db') }
  await using db = openDatabase(files).db
  return await work(db)
}

async function inPostgres<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  await using db = openPostgresBesideServer(url)
  return await work(db)
}

/** With the audio in a shared folder. */
const clipsIn = (db: Database, folder: string) =>
  new ObjectClipStore(db, new FolderObjectStore(folder, join(folder, 'incoming')))

const migrate = (data: string, ...options: readonly string[]) =>
  Command.run(['migrate', ...options, '--data', data], data)

async function writeObjects(root: string, objects: Readonly<Record<string, string | Uint8Array>>) {
  for (const [key, bytes] of Object.entries(objects)) {
    await mkdir(dirname(join(root, key)), { recursive: true })
    await writeFile(join(root, key), bytes)
  }
}

const someObjects = {
  'sources/018f0000-0000-7000-8000-000000000001': 'a book',
  'sources/018f0000-0000-7000-8000-000000000001.json': '{"fileName":"a.txt"}',
  'covers/018f0000-0000-7000-8000-000000000001': new Uint8Array(300_000).map((_, at) => at % 251),
  'voices/install/model.onnx': new Uint8Array(2_000_000).map((_, at) => (at * at) % 253),
  'recordings/00ff': 'an mp3',
  'imports/018f0000-0000-7000-8000-000000000002': 'a file that waits',
}

test('every table, every clip and every file goes to Postgres and comes back as it was', async () => {
  await using home = await temporaryFolder()
  await using shared = await temporaryFolder()
  await using back = await temporaryFolder()
  await using postgres = await emptyPostgres()
  const before = await inFolder(home.path, async (db) => {
    await fillTables(db)
    await fillClips(db, 150)
    // The id of a deleted chapter is not given again.
    await sql`UPDATE sqlite_sequence SET seq = 77 WHERE name = 'chapters'`.execute(db)
    return contentOf(db)
  })
  for (const rows of Object.values(before)) expect(rows.length).toBeGreaterThan(0)
  await writeObjects(home.path, someObjects)

  const to = await migrate(home.path, '--to', postgres.url, '--objects', shared.path)
  expect(to).toMatchObject({ code: 0 })
  expect(to.out).toMatch(/segments +3 rows +[0-9a-f]{16}/)
  expect(to.out).toMatch(/imports\/ +1 objects/)
  expect(to.out).toMatch(/voices\/ +1 objects +[0-9a-f]{16} +2\.0 MB/)
  await inPostgres(postgres.url, async (db) => {
    expect(await contentOf(db, clipsIn(db, shared.path))).toEqual(before)
    // What a server does at its start: from then on this is a studio of its own.
    await db.deleteFrom('copyState').execute()
  })

  const from = await migrate(back.path, '--from', postgres.url, '--objects', shared.path)
  expect(from).toMatchObject({ code: 0 })
  // The same hashes are printed.
  expect(from.out.replace(/\n\n[^]*/, '')).toBe(to.out.replace(/\n\n[^]*/, ''))
  await inFolder(back.path, async (db) => {
    expect(await contentOf(db)).toEqual(before)
    await insertSmallNovel(db, [['One more.']])
    const ids = await db.selectFrom('chapters').select('id').execute()
    expect(Math.max(...ids.map(({ id }) => id))).toBe(78)
  })
})

test('a second run takes what changed, and what is gone', async () => {
  await using home = await temporaryFolder()
  await using shared = await temporaryFolder()
  await using postgres = await emptyPostgres()
  const keys = await inFolder(home.path, async (db) => {
    await fillTables(db)
    return fillClips(db, 20)
  })
  await writeObjects(home.path, someObjects)
  const options = ['--to', postgres.url, '--objects', shared.path]
  expect(await migrate(home.path, ...options)).toMatchObject({ code: 0 })
  const changed = await inFolder(home.path, async (db) => {
    const novels = await db.selectFrom('novels').select('id').orderBy('id').execute()
    // One is deleted, another takes over what is unique of it, a third has a new title.
    const [gone, heir, renamed] = novels.map(({ id }) => id)
    const { sourceSha256 } = await db
      .selectFrom('novels')
      .select('sourceSha256')
      .where('id', '=', gone ?? '')
      .executeTakeFirstOrThrow()
    await db.deleteFrom('recordings').execute()
    await db
      .deleteFrom('novels')
      .where('id', '=', gone ?? '')
      .execute()
    await db
      .updateTable('novels')
      .set({ sourceSha256 })
      .where('id', '=', heir ?? '')
      .execute()
    await db
      .updateTable('novels')
      .set({ title: 'Another' })
      .where('id', '=', renamed ?? '')
      .execute()
    for (const key of keys.slice(0, 3))
      await db.deleteFrom('clips.clips').where('id', 'in', clipRows(db, key).select('id')).execute()
    await fillClips(db, 2, 33)
    return contentOf(db)
  })
  await writeObjects(home.path, { 'recordings/00ff': 'an MP3' })
  const again = await migrate(home.path, ...options)
  expect(again).toMatchObject({ code: 0 })
  expect(await inPostgres(postgres.url, (db) => contentOf(db, clipsIn(db, shared.path)))).toEqual(changed)
})

test('killed at any moment, the same command ends it', async () => {
  await using home = await temporaryFolder()
  await using shared = await temporaryFolder()
  await using back = await temporaryFolder()
  await using postgres = await emptyPostgres()
  const before = await inFolder(home.path, async (db) => {
    await fillTables(db, 250)
    await fillClips(db, 250)
    return contentOf(db)
  })
  await writeObjects(home.path, someObjects)
  const both = [
    [home.path, '--to'],
    [back.path, '--from'],
  ] as const
  for (const [data, way] of both) {
    const args = ['migrate', way, postgres.url, '--objects', shared.path, '--data', data]
    let kills = 0
    // Now at its first row, now after so many tenths of the way.
    for (const tenths of [0, 3, 7]) {
      const command = new Command(args, data)
      const ended = command.ended.then(() => 'ended')
      while (command.err.split('%').length <= tenths + 1)
        if ((await Promise.race([ended, wait(2)])) === 'ended') break
      if (
        await command.kill().then(
          () => true,
          () => false,
        )
      )
        kills++
    }
    // A busy machine may look when it has ended by itself.
    expect(kills).toBeGreaterThan(0)
    expect(await Command.run(args, data)).toMatchObject({ code: 0 })
    if (way === '--to')
      await inPostgres(postgres.url, async (db) => {
        expect(await contentOf(db, clipsIn(db, shared.path))).toEqual(before)
        await db.deleteFrom('copyState').execute()
      })
  }
  expect(await inFolder(back.path, contentOf)).toEqual(before)
})

async function audioOf(api: Api, novelId: string): Promise<Buffer[]> {
  const files = ['chapters/1/audio.m4a', 'chapters/2/audio.m4a', 'book.m4b', 'book.epub']
  const bytes: Buffer[] = []
  for (const file of files) {
    const response = await api.fetch(`/api/novels/${novelId}/${file}?voice=odd:hum`)
    expect(response.status).toBe(200)
    bytes.push(Buffer.from(await response.bytes()))
  }
  return bytes
}

test('a server works while it is copied; stopped, it goes on at the other place, and every byte is the same', async () => {
  await using home = await temporaryFolder()
  await using shared = await temporaryFolder()
  await using postgres = await emptyPostgres()
  await using there = await temporaryFolder()
  await using back = await temporaryFolder()
  const embedded = { program: [faulty], settings: { NIGHTJAR_DATABASE: '' } }
  await using first = await ServerProcess.start({ data: home.path, ...embedded })
  const { novel } = await first.add(longStory(3, 40), 'story.txt')
  const progressId = await first.generate(novel.id, undefined, sound)
  await first.until(progressId, ({ segmentsDone }) => segmentsDone > 5)

  const copying = new Command(
    ['migrate', '--to', postgres.url, '--objects', shared.path, '--data', home.path],
    home.path,
  )
  // Books come and go, and the work goes on, during the first pass.
  const second = await first.add(longStory(1, 3), 'second.txt')
  await first.fetch(`/api/novels/${second.novel.id}?forever=true`, { method: 'DELETE' })
  await first.add(longStory(1, 4), 'third.txt')
  await first.finished(progressId)
  while (!copying.err.includes('Stop the server')) await wait(50)
  const before = await audioOf(first, novel.id)
  expect(await first.stop()).toBe(0)
  const copied = await copying.ended
  expect(copied).toMatchObject({ code: 0 })
  expect(copied.out).toContain('is the same as')

  const settings = { NIGHTJAR_DATABASE: postgres.url, NIGHTJAR_OBJECTS: shared.path }
  await using many = await ServerProcess.start({ data: there.path, program: [faulty], settings })
  expect(await audioOf(many, novel.id)).toEqual(before)
  const { novels } = await many.json<{ novels: { id: string }[] }>('/api/novels')
  expect(novels).toHaveLength(2)
  expect(await many.progress(progressId)).toMatchObject({ status: 'completed', percent: 100 })
  const more = await many.generate(novels.find(({ id }) => id !== novel.id)?.id ?? '', undefined, sound)
  await many.finished(more)

  // While that server runs, nothing is copied over it.
  const refused = await migrate(home.path, '--to', postgres.url, '--objects', shared.path)
  expect(refused).toMatchObject({ code: 1 })
  expect(refused.err).toContain('is in use by another Nightjar')
  const returning = new Command(
    ['migrate', '--from', postgres.url, '--objects', shared.path, '--data', back.path],
    back.path,
  )
  while (!returning.err.includes('Stop the server')) await wait(50)
  expect(await many.stop()).toBe(0)
  expect(await returning.ended).toMatchObject({ code: 0 })
  await using last = await ServerProcess.start({ data: back.path, ...embedded })
  expect(await audioOf(last, novel.id)).toEqual(before)
  expect(await last.progress(more)).toMatchObject({ status: 'completed', percent: 100 })
})

test('a target that is something else is refused and left as it is', async () => {
  await using home = await temporaryFolder()
  await using shared = await temporaryFolder()
  await using postgres = await emptyPostgres()
  await inFolder(home.path, (db) => fillTables(db))
  const to = (): ReturnType<typeof migrate> =>
    migrate(home.path, '--to', postgres.url, '--objects', shared.path)

  await inPostgres(postgres.url, (db) => insertSmallNovel(db, [['Mine.']]))
  const occupied = await to()
  expect(occupied).toMatchObject({ code: 1 })
  expect(occupied.err).toContain('is not empty and holds no copy of')
  await inPostgres(postgres.url, async (db) => {
    expect(await db.selectFrom('novels').select('title').execute()).toHaveLength(1)
    await db.deleteFrom('novels').execute()
    await db.deleteFrom('releasedTexts').execute()
    await db.deleteFrom('leftoverFiles').execute()
  })

  await writeObjects(shared.path, { 'sources/018f0000-0000-7000-8000-0000000000ff': 'theirs' })
  expect((await to()).err).toContain('the object sources/018f0000-0000-7000-8000-0000000000ff')
  await writeObjects(home.path, { 'sources/018f0000-0000-7000-8000-0000000000ff': 'theirs' })

  const named = (name: string) => inPostgres(postgres.url, (db) => sql.raw(name).execute(db))
  await named(`INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', 'now')`)
  expect((await to()).err).toContain('was written by a newer Nightjar')
  await named(`DELETE FROM kysely_migration WHERE name = '9999-later'`)
  await named('CREATE TABLE aside AS SELECT * FROM kysely_migration ORDER BY name DESC LIMIT 1')
  await named('DELETE FROM kysely_migration WHERE name IN (SELECT name FROM aside)')
  expect((await to()).err).toContain('was written by an older Nightjar')
  await named('INSERT INTO kysely_migration SELECT * FROM aside')
  expect(await to()).toMatchObject({ code: 0 })

  // Of another studio it is no copy; and the other way, a data folder with a studio is none.
  await using other = await temporaryFolder()
  await inFolder(other.path, (db) => fillTables(db))
  expect((await migrate(other.path, '--to', postgres.url)).err).toContain(`a copy of ${home.path}`)
  expect((await migrate(other.path, '--from', postgres.url)).err).toContain('is not empty')
})

test('a copy that is not finished is not served', async () => {
  await using home = await temporaryFolder()
  await using postgres = await emptyPostgres()
  await inFolder(home.path, (db) => insertSmallNovel(db, [['Mine.']]))
  expect(await migrate(home.path, '--to', postgres.url)).toMatchObject({ code: 0 })
  await inPostgres(postgres.url, (db) => db.updateTable('copyState').set({ finishedAt: null }).execute())
  await using there = await temporaryFolder()
  const settings = { NIGHTJAR_DATABASE: postgres.url }
  await expect(ServerProcess.start({ data: there.path, settings })).rejects.toThrow(
    /not finished. Run "nightjar migrate" again/,
  )
  expect(await migrate(home.path, '--to', postgres.url)).toMatchObject({ code: 0 })
  await using server = await ServerProcess.start({ data: there.path, settings })
  const { novels } = await server.json<{ novels: unknown[] }>('/api/novels')
  expect(novels).toHaveLength(1)
})

test('what is typed wrong is told', async () => {
  await using home = await temporaryFolder()
  expect(await migrate(home.path)).toMatchObject({ code: 2 })
  expect((await migrate(home.path, '--to', 'mysql://somewhere')).err).toContain('postgres://')
  expect((await migrate(home.path, '--to', 'postgres://nobody@127.0.0.1:1/none')).err).toMatch(
    /nothing of Nightjar|cannot be opened/,
  )
})
