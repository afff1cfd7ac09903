import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { openDataFolder } from '../src/storage/local/data-paths.ts'
import { FolderObjectStore } from '../src/storage/folder/folder-object-store.ts'
import { emptyTrash, moveToTrash } from '../src/storage/unreferenced-objects.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { Command } from './program/cli-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// A database that is lost, or older than what lies beside it, costs no book and no clip.

const sound = { voice: 'odd:hum' }
const books = [longStory(1, 6), longStory(2, 5)]
const names = ['The first.txt', 'The second.txt']

async function heard(api: Api, id: string): Promise<Buffer> {
  return Buffer.from(await (await api.fetch(`/api/novels/${id}/chapters/1/audio.m4a?voice=odd:hum`)).bytes())
}

const novelsOf = async (api: Api): Promise<Novel[]> =>
  (await api.json<{ novels: Novel[] }>('/api/novels')).novels

const once = await temporaryFolder()
afterAll(() => once[Symbol.asyncDispose]())
const whole = join(once.path, 'data')
/** `nightjar.db` as it was when there was only the first book. */
const older = join(once.path, 'nightjar.db')

async function speakBoth() {
  const spoken: { id: string; bytes: Buffer; title: string }[] = []
  for (const [at, book] of books.entries()) {
    await using here = await startApplication({ data: whole })
    const { novel } = await here.api.add(book, names[at])
    await here.api.finished(await here.api.generate(novel.id, undefined, sound))
    spoken.push({ id: novel.id, title: novel.title, bytes: await heard(here.api, novel.id) })
    await here[Symbol.asyncDispose]()
    if (at === 0) copyFileSync(join(whole, 'nightjar.db'), older)
  }
  return spoken
}

let both: ReturnType<typeof speakBoth> | undefined

/** Puts a data folder here in which both books are spoken. */
async function spokenIn(data: string): ReturnType<typeof speakBoth> {
  const spoken = await (both ??= speakBoth())
  cpSync(whole, data, { recursive: true })
  return spoken
}

const clipsIn = (data: string): number => {
  const sqlite = new DatabaseSync(join(data, 'clips.db'), { readOnly: true })
  const count = Number(sqlite.prepare('SELECT count(*) AS clips FROM clips').get()?.['clips'])
  sqlite.close()
  return count
}

const refusal =
  /^\S+ holds 2 books and its nightjar\.db (is missing|is empty|knows none of them)\. Put [^\n]*\n$/

test.each([
  ['is empty', (file: string) => writeFile(file, '')],
  [
    'knows none of them',
    (file: string) => {
      new DatabaseSync(file).exec('PRAGMA journal_mode = WAL; CREATE TABLE other (a); DROP TABLE other')
    },
  ],
] as const)('a nightjar.db that %s beside books stops the start with a sentence', async (what, harm) => {
  await using data = await temporaryFolder()
  const folder = openDataFolder(data.path)
  for (const name of ['01939f2c-0000-7000-8000-000000000001', '01939f2c-0000-7000-8000-000000000002'])
    await writeFile(join(folder.sources, name), 'A book.')
  await harm(folder.nightjarDb)
  const { code, err } = await Command.run(['serve'], data.path)
  expect(code).toBe(1)
  expect(err).toMatch(refusal)
  expect(err).toContain(what)
  expect(await readdir(folder.sources)).toHaveLength(2)
})

test('with nightjar.db lost nothing is swept, and the books come back from their sources with their clips', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const spoken = await spokenIn(data)
  const clips = clipsIn(data)
  const sources = await readdir(join(data, 'sources'))
  rmSync(join(data, 'nightjar.db'))
  for (let start = 0; start < 2; start++) {
    const { code, err } = await Command.run(['serve'], data)
    expect(code).toBe(1)
    expect(err).toMatch(refusal)
  }
  expect(existsSync(join(data, 'nightjar.db'))).toBe(false)
  expect(await readdir(join(data, 'sources'))).toEqual(sources)

  // Killed in the middle, it goes on when it is run again.
  const killed = new Command(['restore', '--from-sources'], data)
  await waitUntil(() => existsSync(join(data, 'nightjar.db-wal')))
  await killed.kill()
  const { code, out, err } = await Command.run(['restore', '--from-sources'], data)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('taken up again')

  await using here = await startApplication({ data })
  const novels = await novelsOf(here.api)
  expect(new Map(novels.map(({ id, title }) => [id, title]))).toEqual(
    new Map(spoken.map(({ id, title }) => [id, title])),
  )
  for (const { id, bytes } of spoken) {
    const progress = await here.api.finished(await here.api.generate(id, undefined, sound))
    expect(progress.status).toBe('completed')
    expect((await heard(here.api, id)).equals(bytes)).toBe(true)
  }
  await here[Symbol.asyncDispose]()
  // Nothing was spoken again, nothing was swept.
  expect(clipsIn(data)).toBe(clips)
})

test('with an older nightjar.db no clip is swept, and the book that it does not know is taken up again', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const spoken = await spokenIn(data)
  const clips = clipsIn(data)
  copyFileSync(older, join(data, 'nightjar.db'))
  await using here = await startApplication({ data })
  await waitUntil(async () => (await novelsOf(here.api)).length === 2)
  const taken = spoken[1]!
  expect((await novelsOf(here.api)).map(({ id }) => id)).toContain(taken.id)
  expect((await here.api.json<{ novel: Novel }>(`/api/novels/${taken.id}`)).novel.title).toBe(taken.title)
  await here.api.finished(await here.api.generate(taken.id, undefined, sound))
  expect((await heard(here.api, taken.id)).equals(taken.bytes)).toBe(true)
  await here[Symbol.asyncDispose]()
  expect(clipsIn(data)).toBe(clips)
})

test('books that were brought before their names were kept beside them have them after a start, and after a loss', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const spoken = await spokenIn(data)
  const cards = spoken.map(({ id }) => join(data, 'sources', `${id}.json`))
  rmSync(cards[0]!)
  await writeFile(cards[1]!, '{"fileN')
  {
    await using here = await startApplication({ data })
    const kept = cards.map((card) => () => readFileSync(card, 'utf8').includes('fileName'))
    await waitUntil(() => cards.every((card) => existsSync(card)) && kept.every((isKept) => isKept()))
    expect(await novelsOf(here.api)).toHaveLength(2)
  }
  for (const ending of ['', '-wal', '-shm']) rmSync(join(data, `nightjar.db${ending}`), { force: true })
  expect((await Command.run(['restore', '--from-sources'], data)).code).toBe(0)
  const sqlite = new DatabaseSync(join(data, 'nightjar.db'), { readOnly: true })
  const rows = sqlite.prepare('SELECT id, sourceName FROM novels ORDER BY id').all()
  sqlite.close()
  expect(rows.map((row) => [row['id'], row['sourceName']])).toEqual(
    spoken.map(({ id }, at) => [id, names[at]]),
  )
})

test('a book that cannot be taken up keeps no clips of deleted novels', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const spoken = await spokenIn(data)
  await writeFile(join(data, 'sources', '01939f2c-0000-7000-8000-000000000001'), '')
  await using here = await startApplication({ data })
  await waitUntil(() => here.application.problems.all.some(({ code }) => code === 'storage.unread-books'))
  for (const { id } of spoken) await here.api.fetch(`/api/novels/${id}?forever=true`, { method: 'DELETE' })
  await waitUntil(() => clipsIn(data) === 0)
  expect(existsSync(join(data, 'sources', '01939f2c-0000-7000-8000-000000000001'))).toBe(true)
})

test('a deleted novel does not come back, killed at whichever step of its deletion', async () => {
  await using folder = await temporaryFolder()
  const data = folder.path
  const spoken = await spokenIn(data)
  const { id } = spoken[0]!
  const files = [join(data, 'sources', id), join(data, 'sources', `${id}.json`)]
  const kept = files.map((file) => `${file}.kept`)
  for (const [at, file] of files.entries()) copyFileSync(file, kept[at]!)
  {
    await using here = await startApplication({ data })
    expect((await here.api.fetch(`/api/novels/${id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  }
  // As if it had been killed before the files went.
  for (const [at, file] of files.entries()) {
    copyFileSync(kept[at]!, file)
    rmSync(kept[at]!)
  }
  await using here = await startApplication({ data })
  expect((await novelsOf(here.api)).map((novel) => novel.id)).toEqual([spoken[1]!.id])
  expect(files.filter((file) => existsSync(file))).toEqual([])
})

test('what is left over goes into the trash and stays there for 30 days', async () => {
  await using data = await temporaryFolder()
  const folder = openDataFolder(data.path)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  const days = 24 * 3600 * 1000
  const now = Date.parse('2026-11-29T10:00:00Z')
  for (const name of ['one', 'two']) await writeFile(join(folder.covers, name), 'x')
  await moveToTrash(objects, ['covers/one'], now - 31 * days)
  await moveToTrash(objects, ['covers/two'], now - 29 * days)
  await writeFile(join(folder.trash, 'somebody put it here'), 'x')
  expect(await emptyTrash(objects, now)).toBe(1)
  expect((await readdir(folder.trash)).toSorted()).toEqual([
    '2026-10-31T10.00.00.000Z',
    'somebody put it here',
  ])
  expect(await emptyTrash(objects, now + 2 * days)).toBe(1)
})

test('more than a quarter of a folder is never swept at once: it stays, and health tells', async () => {
  await using folder = await temporaryFolder()
  await using first = await startApplication({ data: folder.path })
  await first[Symbol.asyncDispose]()
  const { covers } = openDataFolder(folder.path)
  for (let at = 0; at < 20; at++) await writeFile(join(covers, `cover-${at}`), 'x')
  // Files that were to be imported when the database was another one: one that came just now may be in the middle of it.
  const [old, fresh] = ['old', 'fresh'].map((name) => join(folder.path, 'imports', name)) as [string, string]
  await mkdir(join(folder.path, 'imports'), { recursive: true })
  for (const file of [old, fresh]) await writeFile(file, 'A book.')
  await utimes(old, 0, 0)
  await using here = await startApplication({ data: folder.path })
  expect(readdirSync(covers)).toHaveLength(20)
  expect(here.application.problems.all).toEqual([
    {
      code: 'storage.unknown-files',
      message: expect.stringMatching(/does not know imports\/old and 20 more in/),
    },
  ])
  expect(readdirSync(join(folder.path, 'imports')).toSorted()).toEqual(['fresh', 'old'])
  await rm(old)
  await here[Symbol.asyncDispose]()
  for (let at = 5; at < 20; at++) await rm(join(covers, `cover-${at}`))
  await using next = await startApplication({ data: folder.path })
  expect(readdirSync(covers)).toEqual([])
  expect(next.application.problems.all).toEqual([])
})
