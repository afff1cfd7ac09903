import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { insertSmallNovel, someClip } from './fixtures/small-novel.ts'
import { ClipProcess } from './program/clip-process.ts'
import {
  alone,
  keyOf,
  keysOf,
  leftoversOf,
  type ObjectClips,
  openObjectClips,
  rangeOf,
  recipe,
} from './program/object-clips.ts'
import { ProgressCounts } from '../src/jobs/generations/progress-counts.ts'
import { ClipWriter } from '../src/jobs/scheduler/segment-results.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { deleteNovel } from '../src/storage/queries/deletion-queries.ts'
import { removeLeftoverObjects, trashOrphanObjects } from '../src/storage/clips/clip-object-sweep.ts'
import { packChapter } from '../src/storage/clips/clip-packs.ts'

// Clips that are prepared together are one object, of whatever novels they are.

const texts = ['One.', 'Two.', 'Three.', 'Four.']

async function novelOf({ db }: ObjectClips, sentences: readonly string[]) {
  const novelId = await insertSmallNovel(db, [sentences])
  const [chapter] = await chaptersOf(db, novelId)
  return { novelId, chapterId: chapter!.id }
}

const clipsOf = (sentences: readonly string[]) =>
  sentences.map((text, at) => ({ key: keyOf(text), clip: someClip(3 + at, 150 + text.length) }))

/** As a writer does: prepared, then committed with where they occur. */
async function store({ db, clips }: ObjectClips, sentences: readonly string[]) {
  const counts = new ProgressCounts(db, clips)
  const batch = clipsOf(sentences)
  await counts.prepare(batch)
  await counts.put(batch)
}

const sweep = (opened: ObjectClips) => removeLeftoverObjects(opened, undefined, 0)
const aGroup = expect.stringMatching(/^packs\/groups\/[\da-f-]{36}$/)

test('clips that are prepared together are one object, which the pack of their chapter replaces', async () => {
  await using opened = await openObjectClips()
  const { chapterId } = await novelOf(opened, texts)
  await store(opened, texts.slice(0, 3))
  await store(opened, texts.slice(3))
  expect(await keysOf(opened)).toEqual([expect.stringMatching(/^clips\//), aGroup])
  const spoken = await rangeOf(opened, chapterId)
  expect(spoken).toMatchObject(
    [...clipsOf(texts.slice(0, 3)), ...clipsOf(texts.slice(3))].map(({ clip }) => ({ adts: clip.adts })),
  )
  expect(await packChapter(opened, chapterId, alone)).toBe('packed')
  expect(await rangeOf(opened, chapterId)).toEqual(spoken)
  expect(await leftoversOf(opened)).toEqual([expect.stringMatching(/^clips\//), aGroup])
  await sweep(opened)
  expect(await keysOf(opened)).toEqual([expect.stringMatching(/^packs\/00\//)])
  expect(await rangeOf(opened, chapterId)).toEqual(spoken)
  expect(await packChapter(opened, chapterId, alone)).toBe('packed-already')
})

test('a group goes with its last clip: one is corrupt, a novel is deleted, the rest is packed', async () => {
  await using opened = await openObjectClips()
  const kept = await novelOf(opened, texts.slice(0, 2))
  const doomed = await novelOf(opened, texts.slice(2))
  await store(opened, texts)
  const [group] = await keysOf(opened)
  await opened.flip(keyOf('One.'))
  const whole = await Promise.all(texts.slice(1).map((text) => opened.clips.get(keyOf(text))))
  expect(whole).toEqual(
    clipsOf(texts)
      .slice(1)
      .map(({ clip }) => clip),
  )
  expect(await opened.clips.get(keyOf('One.'))).toBe('damaged')
  expect(await opened.clips.discard(keyOf('Two.'))).toBe(false)
  expect(await opened.clips.discard(keyOf('One.'))).toBe(true)
  await store(opened, ['One.'])
  await deleteNovel(opened.db, doomed.novelId)
  while ((await opened.clips.deleteUnreferenced(10)).more);
  // The second clip has it still.
  expect(await leftoversOf(opened)).toEqual([group])
  expect(await sweep(opened)).toBe(0)
  expect(await leftoversOf(opened)).toEqual([])
  expect(await packChapter(opened, kept.chapterId, alone)).toBe('packed')
  expect(await leftoversOf(opened)).toContain(group)
  await sweep(opened)
  expect(await keysOf(opened)).toEqual([expect.stringMatching(/^packs\/00\//)])
  expect(await rangeOf(opened, kept.chapterId)).toHaveLength(2)
})

test('a novel that is deleted while its clips are in a group costs the others nothing', async () => {
  await using opened = await openObjectClips()
  const { chapterId } = await novelOf(opened, texts.slice(0, 2))
  const doomed = await novelOf(opened, texts.slice(2))
  const counts = new ProgressCounts(opened.db, opened.clips)
  for (const sentences of [texts, texts.slice(2)]) {
    const batch = clipsOf(sentences)
    await counts.prepare(batch)
    if (sentences === texts) await deleteNovel(opened.db, doomed.novelId)
    const written = await counts.put(batch)
    expect(written.map((places) => places.length)).toEqual(
      sentences.map((text) => (texts.indexOf(text) < 2 ? 1 : 0)),
    )
  }
  expect(await opened.clips.get(keyOf('Three.'))).toBeUndefined()
  expect(await rangeOf(opened, chapterId)).toMatchObject(
    clipsOf(texts.slice(0, 2)).map(({ clip }) => ({ adts: clip.adts })),
  )
  // The second group has no clip at all, and is noted in the commit that stored none.
  expect(await leftoversOf(opened)).toHaveLength(1)
  expect(await sweep(opened)).toBe(1)
  expect(await keysOf(opened)).toEqual([aGroup])
})

test('of a group one of whose rows is refused the others are stored, and nothing is uploaded again', async () => {
  await using opened = await openObjectClips()
  await novelOf(opened, ['First.', ...texts])
  await sql`ALTER TABLE clips.clips ADD CHECK (frames <> 4)`.execute(opened.db)
  const writer = new ClipWriter(new ProgressCounts(opened.db, opened.clips), {
    onWriteError: (error) => expect(error).toBeUndefined(),
  })
  // The first is prepared at once; the others wait for it, and for each other.
  const written = await Promise.allSettled(
    [{ key: keyOf('First.'), clip: someClip(9) }, ...clipsOf(texts)].map(({ key, clip }) =>
      writer.put(key, clip),
    ),
  )
  expect(written.map(({ status }) => status === 'fulfilled')).toEqual([true, true, false, true, true])
  expect(await opened.clips.get(keyOf('Two.'))).toBeUndefined()
  expect(await opened.clips.get(keyOf('Four.'))).toEqual(clipsOf(texts)[3]!.clip)
  expect(await keysOf(opened)).toEqual([expect.stringMatching(/^clips\//), aGroup])
})

test('a group that cannot be uploaded is kept whole and tried again, and blamed on no sentence', async () => {
  await using opened = await openObjectClips()
  await novelOf(opened, ['First.', ...texts])
  const reported: unknown[] = []
  const writer = new ClipWriter(new ProgressCounts(opened.db, opened.clips), {
    retryMs: 20,
    onWriteError: (error) => reported.push(error),
  })
  const trouble = await opened.trouble()
  const written = Promise.all(
    [{ key: keyOf('First.'), clip: someClip(9) }, ...clipsOf(texts)].map(({ key, clip }) =>
      writer.put(key, clip),
    ),
  )
  await expect.poll(() => reported.length).toBe(1)
  await trouble[Symbol.asyncDispose]()
  expect((await written).flat()).toHaveLength(5)
  expect(reported.at(-1)).toBeUndefined()
  expect(await opened.db.selectFrom('failures').selectAll().execute()).toEqual([])
  for (const { key, clip } of clipsOf(texts)) expect(await opened.clips.get(key)).toEqual(clip)
})

test('of two servers that speak the same, the group of the second keeps only what was not there', async () => {
  await using opened = await openObjectClips()
  await novelOf(opened, texts)
  const [first, second] = [clipsOf(texts.slice(0, 2)), clipsOf(texts.slice(0, 3)).slice(1)]
  const counts = new ProgressCounts(opened.db, opened.clips)
  await Promise.all([counts.prepare(first), counts.prepare(second)])
  await Promise.all([counts.put(first), counts.put(second)])
  expect(await leftoversOf(opened)).toEqual([])
  const again = first.map(({ key }) => ({ key, clip: someClip(40) }))
  await counts.prepare(again)
  await counts.put(again)
  expect(await leftoversOf(opened)).toHaveLength(1)
  for (const { key, clip } of clipsOf(texts.slice(0, 3))) expect(await opened.clips.get(key)).toEqual(clip)
})

test('kill -9 between the object of a group and its rows leaves each clip whole or absent, and the object an orphan', async () => {
  await using opened = await openObjectClips()
  const spoken = Array.from({ length: 90 }, (_, at) => `Killed ${at}.`)
  const { chapterId } = await novelOf(opened, spoken)
  for (const count of [3, 9, 30]) {
    await using writing = await ClipProcess.start({
      store: opened.address,
      recipe,
      text: 'Killed',
      together: 3,
    })
    await writing.stored(count)
    await writing.kill()
    const found = await rangeOf(opened, chapterId)
    for (const [at, clip] of found.entries()) {
      if (clip === undefined) expect(at).toBeGreaterThanOrEqual(count)
      else expect(clip).toMatchObject({ adts: someClip(at + 1).adts })
    }
  }
  // As if killed right after the upload.
  await opened.clips.prepare?.(clipsOf(texts))
  await sweep(opened)
  const before = await rangeOf(opened, chapterId)
  const { orphans, moved } = await trashOrphanObjects(opened, Date.now(), undefined, -1000)
  expect([orphans > 0, moved]).toEqual([true, true])
  expect(await rangeOf(opened, chapterId)).toEqual(before)
  expect(await trashOrphanObjects(opened, Date.now(), undefined, -1000)).toEqual({ orphans: 0, moved: true })
})
