import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { singleVoice } from '../../src/novel/casting.ts'
import { type ClipKey, textHash } from '../../src/novel/clip.ts'
import type { SegmentClip } from '../../src/storage/clip-store.ts'
import type { Database } from '../../src/storage/database-tables.ts'
import { type ObjectStore, readObject } from '../../src/storage/object-store.ts'
import { chaptersOf } from '../../src/storage/queries/chapter-queries.ts'
import { storedClipRow } from '../../src/storage/queries/clip-object-queries.ts'
import { s3Address } from '../../src/storage/s3-address.ts'
import { S3ObjectStore } from '../../src/storage/s3/s3-object-store.ts'
import type { ClipStoreUnderTest } from '../contracts/clip-store-contract.ts'
import { insertSmallNovel, someClip } from '../fixtures/small-novel.ts'
import { openClips } from './clip-process.ts'
import { openTestStorage } from './open-storage.ts'
import type { S3Server } from './s3-server.ts'
import { dropStorage, storageSettings } from './test-storage.ts'
import { waitUntil } from './wait-until.ts'

// A Postgres whose clips are objects: for tests of `npm run test:many`.

export interface ObjectClips extends ClipStoreUnderTest {
  readonly objects: ObjectStore
}

/** A database of its own, and its clips in a folder of its own, or in a bucket of the server. */
export async function openObjectClips(server?: S3Server): Promise<ObjectClips> {
  const data = await mkdtemp(join(tmpdir(), 'nightjar-test-'))
  const shared = join(data, 'shared')
  const store = server ? server.settings(`clips-${crypto.randomUUID()}`) : { NIGHTJAR_OBJECTS: shared }
  const address = { data, settings: { ...storageSettings(data), ...store } }
  const db = await openTestStorage(data)
  const { clips, objects } = await openClips(address, db, server && impatient(data, address.settings))
  return {
    clips,
    db,
    objects,
    address,
    flip: (key) => flip(db, objects, key),
    trouble: () => (server ? bucketAway(server, objects) : fileInTheWay(shared)),
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

async function bucketAway(server: S3Server, objects: ObjectStore): Promise<AsyncDisposable> {
  await server.stop()
  return {
    async [Symbol.asyncDispose]() {
      await server.restart()
      // It answers before it has found its own files.
      await waitUntil(() => isReadable(objects))
    },
  }
}

async function isReadable(objects: ObjectStore): Promise<boolean> {
  try {
    for await (const { key } of objects.list('clips/')) return (await readObject(objects, key)) !== undefined
  } catch {
    // Not yet.
  }
  return false
}

export const recipe = '00112233445566778899aabbccddeeff'
export const alone = singleVoice(recipe)
export const keyOf = (text: string): ClipKey => ({ recipe, words: textHash(text, 'paragraph') })

/** A novel of one chapter, all of it spoken. */
export async function chapterOf(store: ObjectClips, texts: readonly string[]) {
  const novelId = await insertSmallNovel(store.db, [texts])
  const [chapter] = await chaptersOf(store.db, novelId)
  const batch = [...new Set(texts)].map((text) => ({
    key: keyOf(text),
    clip: someClip(5, 100 + text.length),
  }))
  await store.clips.put(batch)
  return { novelId, chapterId: chapter!.id }
}

export async function rangeOf({ clips }: ObjectClips, chapterId: number): Promise<SegmentClip['clip'][]> {
  const found: SegmentClip['clip'][] = []
  for await (const { clip } of clips.range(chapterId, alone, 0, 1000)) found.push(clip)
  return found
}

/** Sorted, without ids. */
export async function keysOf({ objects }: ObjectClips, ...parts: string[]): Promise<string[]> {
  const keys: string[] = []
  for (const part of parts.length > 0 ? parts : ['clips/', 'packs/']) {
    for await (const { key } of objects.list(part)) keys.push(key)
  }
  return keys.toSorted()
}

/** Sorted. */
export const leftoversOf = async ({ db }: ObjectClips) =>
  (await sql<{ object: string }>`SELECT object FROM clips."leftoverObjects" ORDER BY 1`.execute(db)).rows.map(
    ({ object }) => object,
  )
