import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { insertSmallNovel, someClip } from '../../../test/fixtures/small-novel.ts'
import { openClips } from '../../../test/program/clip-process.ts'
import {
  alone,
  chapterOf,
  keyOf,
  keysOf,
  leftoversOf,
  openObjectClips,
  rangeOf,
  recipe,
} from '../../../test/program/object-clips.ts'
import { storageSettings } from '../../../test/program/test-storage.ts'
import { chaptersOf } from '../queries/chapter-queries.ts'
import { deleteNovel } from '../queries/deletion-queries.ts'
import { countClips } from '../queries/progress-queries.ts'
import { removeLeftoverObjects, trashOrphanObjects } from './clip-object-sweep.ts'
import { packChapter } from './clip-packs.ts'
import { RowClipStore } from './row-clip-store.ts'

const texts = Array.from({ length: 30 }, (_, at) => `Sentence ${at}.`)

test('the clips of a chapter become one object, which reads as they did; theirs are removed an hour later', async () => {
  await using store = await openObjectClips()
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
  await using store = await openObjectClips()
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
  await using store = await openObjectClips()
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

test('a deleted novel takes its objects with it, and none that another novel has', async () => {
  await using store = await openObjectClips()
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
  await using store = await openObjectClips()
  const { chapterId } = await chapterOf(store, texts)
  const before = await rangeOf(store, chapterId)
  const named = await keysOf(store)
  // Only prepared, as if killed before the commit.
  const orphans = ['a', 'b', 'c'].map((text) => ({ key: keyOf(`Orphan ${text}.`), clip: someClip(4) }))
  await store.clips.prepare?.(orphans.slice(0, 1))
  await store.clips.prepare?.(orphans.slice(1))
  await store.objects.put(`packs/00/${recipe}/7-00000000`, Buffer.from('an orphan'))
  await store.objects.put('clips/odd', Buffer.from('not ours'))
  expect(await trashOrphanObjects(store, Date.now())).toEqual({ orphans: 0, moved: true })
  expect(await trashOrphanObjects(store, Date.now(), undefined, -1000)).toEqual({ orphans: 4, moved: true })
  expect(await keysOf(store)).toEqual(named)
  expect(await keysOf(store, 'trash/')).toHaveLength(4)
  expect(await rangeOf(store, chapterId)).toEqual(before)
  // With an empty database nothing is an orphan.
  await store.db.deleteFrom('clips.clips').execute()
  await sql`DELETE FROM clips."leftoverObjects"`.execute(store.db)
  expect(await trashOrphanObjects(store, Date.now(), undefined, -1000)).toEqual({ orphans: 30, moved: false })
  expect(await keysOf(store)).toEqual(named)
})

test('clips that are in their rows from before are read, counted and packed', async () => {
  await using store = await openObjectClips()
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

test('whoever listens slowly hears on from the pack when the single objects have gone', async () => {
  await using store = await openObjectClips()
  const { chapterId } = await chapterOf(store, texts)
  const before = await rangeOf(store, chapterId)
  const listening = store.clips.range(chapterId, alone, 0, 30)[Symbol.asyncIterator]()
  const heard = [(await listening.next()).value.clip]
  await packChapter(store, chapterId, alone)
  await removeLeftoverObjects(store, undefined, 0)
  for (let next = await listening.next(); !next.done; next = await listening.next())
    heard.push(next.value.clip)
  expect(heard).toEqual(before)
})
