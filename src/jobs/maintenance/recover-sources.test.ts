import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pino from 'pino'
import { expect, test } from 'vitest'
import { longStory } from '../../../test/fixtures/long-story.ts'
import { emptyDatabase } from '../../../test/fixtures/small-novel.ts'
import { toStoredChapter } from '../../novel/stored-chapter.ts'
import { openDataFolder } from '../../storage/local/data-paths.ts'
import { FolderObjectStore } from '../../storage/folder/folder-object-store.ts'
import { receiveFile } from '../../storage/local/temporary-files.ts'
import { InProcessLock } from '../../storage/in-process/in-process-lock.ts'
import { readSourceCard } from '../../storage/novel-files.ts'
import { sourceCardKey, sourceKey } from '../../storage/object-keys.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { hideNovel } from '../../storage/queries/deletion-queries.ts'
import { setKeeper } from '../../storage/queries/kept-novel-queries.ts'
import { insertNovel, listNovels, novelById } from '../../storage/queries/novel-queries.ts'
import { offeredVersions } from '../../storage/queries/novel-version-queries.ts'
import { changePeople, insertPerson } from '../../storage/queries/people-queries.ts'
import { importNovel, type ImportOptions } from '../import/novel-commands.ts'
import { keepNovel } from '../import/keep-novel.ts'
import { correctCards, recoverNovel } from './recover-sources.ts'

const id = '01939f2c-0000-7000-8000-000000000001'

test('a source that is re-imported while its file is uploaded gives one novel with all its chapters', async () => {
  const db = await emptyDatabase()
  const folder = openDataFolder(await mkdtemp(join(tmpdir(), 'nightjar-recover-')))
  const lock = new InProcessLock()
  const bytes = longStory(12, 12)
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  await objects.put(sourceKey(id), bytes)
  await using file = await receiveFile(folder, Readable.from([bytes]))
  const [, { novel }] = await Promise.all([
    recoverNovel({ db, folder, objects, lock }, id),
    importNovel({ db, folder, objects, lock }, file, 'story.txt'),
  ])
  const novels = await listNovels(db, undefined, { limit: 10, offset: 0 })
  expect(novels).toEqual([novel])
  expect(novel.sourceSha256).toBe(file.sha256)
  expect(await chaptersOf(db, novel.id)).toHaveLength(12)
  expect((await readdir(folder.sources)).filter((name) => !name.endsWith('.json'))).toEqual([novel.id])
  await db.destroy()
})

test('killed when the file of a version is stored, it is offered to its novel after all; what is kept to oneself stays so', async () => {
  const db = await emptyDatabase()
  const folder = openDataFolder(await mkdtemp(join(tmpdir(), 'nightjar-recover-')))
  const objects = new FolderObjectStore(folder.root, folder.temporary)
  const start = () => ({ db, folder, objects, lock: new InProcessLock() })
  const ends: (() => Promise<void>)[] = []
  /** What an import leaves whose server is killed when it has stored the source, recovered. Returns the novel's id. */
  const killed = async (bytes: Uint8Array, options: ImportOptions): Promise<string> => {
    await using file = await receiveFile(folder, Readable.from([bytes]))
    const { promise: stored, resolve } = Promise.withResolvers<string>()
    const { promise: never, reject } = Promise.withResolvers<never>()
    class KilledStore extends FolderObjectStore {
      override async putFile(key: string, path: string): Promise<void> {
        await super.putFile(key, path)
        resolve(key.slice(sourceKey('').length))
        await never
      }
      override async delete(): Promise<void> {}
    }
    const killedObjects = new KilledStore(folder.root, folder.temporary)
    const imported = importNovel(
      { ...start(), objects: killedObjects },
      file,
      'story.txt',
      undefined,
      options,
    )
    const novelId = await stored
    ends.push(async () => {
      reject(new Error('the server is gone'))
      await expect(imported).rejects.toThrow('the server is gone')
    })
    await recoverNovel(start(), novelId)
    return novelId
  }
  const context = start()
  await using file = await receiveFile(folder, Readable.from([longStory(3, 12)]))
  const { novel } = await importNovel(context, file, 'story.txt')
  const version = await killed(longStory(4, 12), {})
  expect((await offeredVersions(db, novel.id)).map(({ id: offered }) => offered)).toEqual([version])

  const { listener } = await changePeople(db, (commit) =>
    insertPerson(commit, { id: 'somebody', name: 'Ann', role: 'editor' }),
  )
  const kept = await killed(longStory(3, 7), { addedBy: listener, keep: true })
  expect(await novelById(db, kept)).toMatchObject({ keeper: listener, addedBy: listener })
  expect((await listNovels(db, 'another', { limit: 10, offset: 0 })).map((each) => each.id)).toEqual([
    novel.id,
  ])
  for (const end of ends) await end()
  await db.destroy()
})

test('who keeps a novel stands on its card, killed before it was written or shared meanwhile', async () => {
  const db = await emptyDatabase()
  const folder = openDataFolder(await mkdtemp(join(tmpdir(), 'nightjar-recover-')))
  let meanwhile = (): Promise<unknown> => Promise.resolve()
  class Slow extends FolderObjectStore {
    override async put(key: string, bytes: Uint8Array): Promise<void> {
      if (key === sourceCardKey(novel.id)) {
        const before = meanwhile
        meanwhile = () => Promise.resolve()
        await before()
      }
      await super.put(key, bytes)
    }
  }
  const objects = new Slow(folder.root, folder.temporary)
  const { listener } = await changePeople(db, (commit) =>
    insertPerson(commit, { id: 'somebody', name: 'Ann', role: 'editor' }),
  )
  await using file = await receiveFile(folder, Readable.from([longStory(2, 5)]))
  const plain = new FolderObjectStore(folder.root, folder.temporary)
  const context = { db, folder, objects: plain, lock: new InProcessLock() }
  const { novel } = await importNovel(context, file, 'story.txt', undefined, { addedBy: listener })
  const keeperOnCard = async () => (await readSourceCard(objects, novel.id))?.keeper
  const keepIs = (keeper: string | null) =>
    db.transaction().execute((commit) => setKeeper(commit, [novel.id], keeper))
  const log = pino({ level: 'silent' })

  await keepIs(listener)
  await correctCards({ db, objects, log }, AbortSignal.timeout(60_000))
  expect(await keeperOnCard()).toBe(listener)
  expect((await readSourceCard(objects, novel.id))?.fileName).toBe('story.txt')

  // Two servers at once: what the slower one writes is not the last word.
  await keepIs(null)
  await correctCards({ db, objects, log }, AbortSignal.timeout(60_000))
  expect(await keeperOnCard()).toBeUndefined()
  const who = { listener, isAdmin: false, isListener: false }
  meanwhile = () => keepIs(null)
  await keepNovel({ db, objects }, (await novelById(db, novel.id))!, who, true)
  expect(await keeperOnCard()).toBeUndefined()

  // The store is away when it is kept: asked again, it is on the card.
  meanwhile = () => Promise.reject(new Error('the store is away'))
  const before = (await novelById(db, novel.id))!
  await expect(keepNovel({ db, objects }, before, who, true)).rejects.toThrow('the store is away')
  expect(await keeperOnCard()).toBeUndefined()
  await keepNovel({ db, objects }, (await novelById(db, novel.id))!, who, true)
  expect(await keeperOnCard()).toBe(listener)
  await db.destroy()
})

test('a novel that is hidden during its import stays hidden', async () => {
  const db = await emptyDatabase()
  const block = { kind: 'paragraph' as const, text: 'One.' }
  const segment = { block: 0, start: 0, end: 4, spoken: 'One.', edits: [], pause: 'paragraph' as const }
  const one = toStoredChapter(
    { title: 'One', matter: 'body', blocks: [block], skips: [] },
    { segments: [segment], skips: [] },
  )
  async function* chapters() {
    yield [one]
    await hideNovel(db, id)
  }
  const known = { format: 'text', evidence: 'whole-text', chapters: 1, characters: 4 } as const
  const report = { ...known, skipped: {}, remarks: [] }
  const head = { title: 'One', author: '', language: 'en', report }
  const written = insertNovel(db, { id, sha256: 'a', sourceName: 'a.txt', head, chapters: chapters() })
  await expect(written).rejects.toThrow('was hidden during its import')
  expect(await listNovels(db, undefined, { limit: 10, offset: 0 })).toEqual([])
  await db.destroy()
})
