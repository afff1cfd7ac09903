import { cpSync, existsSync } from 'node:fs'
import { open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { FolderObjectStore } from '../src/storage/folder/folder-object-store.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import { changeAudio } from './fixtures/corrupt-clips.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication as start } from './program/in-process-application.ts'
import { openTestStorage } from './program/open-storage.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { inBucket, onPostgres } from './program/test-storage.ts'
import { waitUntil } from './program/wait-until.ts'

// What lies on the disk may be lost, damaged, left over or not fit on it. Postgres looks after its own files and disk.

const sound = { voice: 'odd:hum' }
/** With one speaker: here nothing is about several. */
const startApplication = ({ data }: { readonly data?: string } = {}) =>
  start({ ...(data !== undefined && { data }), settings: { NIGHTJAR_SPEAKERS: '1' } })
const audio = (api: Api, novel: Novel, chapter = 1) =>
  api.fetch(`/api/novels/${novel.id}/chapters/${chapter}/audio.m4a?voice=odd:hum`)

/** Speaks a story in a data folder and closes it; returns what is needed to look at it again. */
async function spokenIn(data: string) {
  await using here = await startApplication({ data })
  const { novel } = await here.api.add(longStory(1, 8), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await here.api.finished(progressId)
  const bytes = Buffer.from(await (await audio(here.api, novel)).bytes())
  return { novel, progressId, bytes }
}

const once = await temporaryFolder()
afterAll(() => once[Symbol.asyncDispose]())
let spokenOnce: ReturnType<typeof spokenIn> | undefined

/** The same in this data folder: a copy, but on Postgres, where a folder is not all that there is. */
async function spokenCopyIn(data: string): ReturnType<typeof spokenIn> {
  if (onPostgres) return spokenIn(data)
  const spoken = await (spokenOnce ??= spokenIn(once.path))
  cpSync(once.path, data, { recursive: true })
  return spoken
}

test.skipIf(onPostgres).for([
  ['is deleted', (file: string) => rm(file)],
  ['is empty', (file: string) => truncate(file, 0)],
  ['is overwritten with garbage', (file: string) => writeFile(file, 'no database at all '.repeat(5000))],
  [
    'is damaged in the middle',
    async (file: string) => {
      const { size } = await stat(file)
      await using handle = await open(file, 'r+')
      await handle.write(Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096)
    },
  ],
] as const)('clips.db %s: everything is spoken again, and is the same', async ([, harm]) => {
  await using folder = await temporaryFolder()
  const { novel, progressId, bytes } = await spokenCopyIn(folder.path)
  await harm(join(folder.path, 'clips.db'))
  await using here = await startApplication({ data: folder.path })
  await here.api.until(progressId, ({ status }) => status === 'completed')
  expect(Buffer.from(await (await audio(here.api, novel)).bytes()).equals(bytes)).toBe(true)
})

test.for([...(inBucket ? [] : (['adts'] as const)), 'frameSizes', 'wordTimes'] as const)(
  'a clip whose %s rotted on the disk is noticed, spoken again, and heard as before',
  async (column) => {
    await using folder = await temporaryFolder()
    const { novel, progressId, bytes } = await spokenCopyIn(folder.path)
    const db = await openTestStorage(folder.path)
    const rot = (bytes: Uint8Array): void => {
      bytes[20] = (bytes[20] ?? 0) ^ 0x04
    }
    const rows = db.selectFrom('clips.clips').selectAll().orderBy('id').offset(3).limit(1)
    const row = await rows.executeTakeFirstOrThrow()
    if (column === 'adts') {
      const objects = new FolderObjectStore(folder.path, join(folder.path, 'incoming'))
      const key = { recipe: bytesToHash(row.recipe), words: bytesToHash(row.words) }
      await changeAudio(db, objects, key, rot)
    } else {
      const rotted = Uint8Array.from(row[column])
      rot(rotted)
      await db
        .updateTable('clips.clips')
        .set({ [column]: rotted })
        .where('id', '=', row.id)
        .execute()
    }
    await db.destroy()
    await using here = await startApplication({ data: folder.path })
    const heard = async () => {
      const response = await audio(here.api, novel)
      if (response.status !== 200) return undefined
      return Buffer.from(await response.bytes().catch(() => new Uint8Array()))
    }
    await heard()
    await waitUntil(async () => (await heard())?.equals(bytes) === true)
    expect((await here.api.progress(progressId)).status).toBe('completed')
  },
)

test('a clip that rotted while its book is still being made is spoken again with the rest', async () => {
  await using here = await startApplication()
  const { db } = here.application
  const { novel } = await here.api.add(longStory(7, 12), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await here.api.until(progressId, ({ chapters }) => chapters[0]?.status === 'completed')
  const bytes = Buffer.from(await (await audio(here.api, novel)).bytes())
  await db.updateTable('clips.clips').set({ checksum: 0 }).where('id', '=', 2).execute()
  const heard = async () => {
    const response = await audio(here.api, novel)
    return response.status === 200 && Buffer.from(await response.bytes().catch(() => []))
  }
  expect((await here.api.progress(progressId)).status).toBe('running')
  const damaged = await heard()
  expect(damaged && damaged.equals(bytes)).toBe(false)
  expect((await here.api.finished(progressId)).status).toBe('completed')
  const again = await heard()
  expect(again && again.equals(bytes)).toBe(true)
})

test.skipIf(onPostgres)(
  'on a full disk progress says what it waits for, and goes on when there is room',
  async () => {
    await using here = await startApplication()
    const { db } = here.application
    const { novel } = await here.api.add(longStory(1, 30), 'story.txt')
    await sql`PRAGMA clips.max_page_count = 20`.execute(db)
    const progressId = await here.api.generate(novel.id, undefined, sound)
    const full = await here.api.until(progressId, ({ waiting }) => waiting !== null)
    expect(full.waiting).toMatch(/disk is full/)
    expect(full.status).toBe('running')
    expect(await here.api.json('/api/health')).toMatchObject({ disk: { full: true } })
    expect(await here.api.json('/api/worker/queue')).toMatchObject({
      waitingReason: expect.stringContaining('disk'),
    })
    await sql`PRAGMA clips.max_page_count = 1000000`.execute(db)
    const progress = await here.api.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', waiting: null, failedSegments: [] })
  },
)

test.skipIf(onPostgres)(
  'a book that finds no room is refused with a sentence, leaves nothing, and comes in when there is room',
  async () => {
    await using here = await startApplication()
    const { db } = here.application
    const { rows } = await sql<{ page_count: number }>`PRAGMA main.page_count`.execute(db)
    await sql`PRAGMA main.max_page_count = ${sql.raw(String((rows[0]?.page_count ?? 0) + 20))}`.execute(db)
    const refused = await here.api.upload(longStory(30, 100), 'story.txt')
    expect(refused.status).toBe(507)
    expect(await refused.json()).toMatchObject({ code: 'storage.full' })
    expect(await here.api.json('/api/novels')).toMatchObject({ novels: [] })
    for (const part of ['incoming', 'sources', 'covers']) {
      expect(await readdir(join(here.data, part))).toEqual([])
    }
    await sql`PRAGMA main.max_page_count = 1000000`.execute(db)
    expect((await here.api.upload(longStory(30, 100), 'story.txt')).status).toBe(201)
  },
)

test.skipIf(inBucket)(
  'a deleted novel takes its clips, its source and its cover with it, but nothing that others share',
  async () => {
    await using here = await startApplication()
    const { api, data } = here
    const shared = '<p>This sentence stands in both of the books, and nobody knows why.</p>'
    const cover = { 'OEBPS/cover.png': Buffer.from('89504e470d0a1a0a', 'hex') }
    const book = (title: string, body: string) =>
      buildEpub({
        title,
        pages: [{ name: 'one.xhtml', body: `<h1>Chapter ${title}</h1>${shared}${body}` }],
        nav: '<ol><li><a href="one.xhtml">I</a></li></ol>',
        manifest: '<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/>',
        files: cover,
      })
    const long = Array.from({ length: 20 }, (_, at) => `<p>On night ${at} the long book went on.</p>`).join(
      '',
    )
    const { novel: doomed } = await api.add(await book('Doomed', long), 'doomed.epub')
    const { novel: staying } = await api.add(await book('Staying', ''), 'staying.epub')
    for (const { id } of [doomed, staying]) await api.finished(await api.generate(id, undefined, sound))
    const before = Buffer.from(await (await audio(api, staying)).bytes())
    const database = async () =>
      (await api.json<{ database: { clips: number; bytes: number } }>('/api/health')).database
    const full = await database()
    expect(await readdir(join(data, 'covers'))).toHaveLength(2)
    expect((await api.fetch(`/api/novels/${doomed.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
    expect((await readdir(join(data, 'sources'))).toSorted()).toEqual([staying.id, `${staying.id}.json`])
    expect(await readdir(join(data, 'covers'))).toHaveLength(1)
    await waitUntil(async () => (await database()).clips < full.clips)
    // Postgres keeps the room for other clips.
    if (!onPostgres) await waitUntil(async () => (await database()).bytes < full.bytes / 2)
    const { novel } = await api.json<{ novel: Novel }>(`/api/novels/${staying.id}`)
    expect(novel.segmentsDone).toBe(novel.segmentsTotal)
    expect((await database()).clips).toBe(novel.segmentsTotal)
    expect(Buffer.from(await (await audio(api, staying)).bytes()).equals(before)).toBe(true)
  },
)

test.skipIf(inBucket)('what a crash has left is swept at the next start, and nothing else', async () => {
  await using folder = await temporaryFolder()
  const { novel } = await spokenCopyIn(folder.path)
  const leftovers = ['incoming/half', 'sources/orphan.json', 'covers/orphan'].map((name) =>
    join(folder.path, name),
  )
  for (const file of leftovers) await writeFile(file, 'left by a crash')
  await using here = await startApplication({ data: folder.path })
  expect(leftovers.filter((file) => existsSync(file))).toEqual([])
  expect((await readdir(join(folder.path, 'sources'))).toSorted()).toEqual([novel.id, `${novel.id}.json`])
  const [thrownAway] = await readdir(join(folder.path, 'trash'))
  const trash = await readdir(join(folder.path, 'trash', thrownAway!), { recursive: true })
  expect(trash.toSorted()).toEqual(['covers', 'covers/orphan', 'sources', 'sources/orphan.json'])
  expect((await audio(here.api, novel)).status).toBe(200)
})
