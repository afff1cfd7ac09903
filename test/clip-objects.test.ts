import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { ProgressCounts } from '../src/jobs/generations/progress-counts.ts'
import { InProcessEventBus } from '../src/jobs/in-process/in-process-event-bus.ts'
import { InProcessJobQueue } from '../src/jobs/in-process/in-process-job-queue.ts'
import { ClipObjectJobs } from '../src/jobs/maintenance/clip-upkeep.ts'
import { ActiveGenerations } from '../src/jobs/scheduler/active-generations.ts'
import { ClipWriter } from '../src/jobs/scheduler/segment-results.ts'
import { Problems } from '../src/jobs/storage-health.ts'
import { singleVoice } from '../src/novel/casting.ts'
import { type Recipe, recipeHash, textHash } from '../src/novel/clip.ts'
import type { Generation } from '../src/novel/generation.ts'
import { InProcessLock } from '../src/storage/in-process/in-process-lock.ts'
import { type ObjectStore, ObjectStoreError } from '../src/storage/object-store.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { insertGeneration } from '../src/storage/queries/generation-queries.ts'
import { sqlDialect } from '../src/storage/sql-dialect.ts'
import { emptyTrash } from '../src/storage/unreferenced-objects.ts'
import { someRequest } from './fixtures/generation-request.ts'
import { insertSmallNovel, someClip } from './fixtures/small-novel.ts'
import { openClips } from './program/clip-process.ts'
import { openTestStorage } from './program/open-storage.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { storageSettings } from './program/test-storage.ts'
import { waitUntil } from './program/wait-until.ts'

// What is spoken is kept as objects, with Postgres and a shared folder: `npm run test:many`.

const recipe: Recipe = {
  voice: 'odd:hum',
  speed: 1,
  engine: 'odd-1',
  studio: '1',
  pauses: { sentence: 0.25, paragraph: 0.6, section: 1.2 },
}
const casting = singleVoice(recipeHash(recipe))
const keyOf = (text: string) => ({ recipe: casting.narrator, words: textHash(text, 'paragraph') })
const requestedAt = (novelId: string, createdAt: string): Generation => ({
  ...someRequest(novelId),
  id: 'g',
  voice: recipe.voice,
  casting,
  createdAt,
})
const texts = Array.from({ length: 12 }, (_, at) => `Sentence ${at}.`)

async function open() {
  await using opening = new AsyncDisposableStack()
  const data = opening.use(await temporaryFolder())
  const shared = join(data.path, 'shared')
  const db = await openTestStorage(data.path)
  opening.defer(() => db.destroy())
  const settings = { ...storageSettings(data.path), NIGHTJAR_OBJECTS: shared }
  const { clips, upkeep, objects } = await openClips({ data: data.path, settings }, db)
  const novelId = await insertSmallNovel(db, [texts])
  const [chapter] = await chaptersOf(db, novelId)
  const opened = opening.move()
  const files = (part: string): string[] => {
    const entries = readdirSync(shared, { recursive: true, withFileTypes: true })
    const below = entries.filter((entry) => entry.isFile() && entry.parentPath.includes(join(shared, part)))
    return below.map(({ name }) => name)
  }
  const close = () => opened.disposeAsync()
  return {
    db,
    clips,
    upkeep: upkeep!,
    objects,
    shared,
    novelId,
    chapterId: chapter!.id,
    files,
    [Symbol.asyncDispose]: close,
  }
}

test('while the store is away a spoken clip is kept and tried again, and progress is counted', async () => {
  await using here = await open()
  const counts = new ProgressCounts(here.db, here.clips)
  const reported: unknown[] = []
  const writer = new ClipWriter(counts, { retryMs: 20, onWriteError: (error) => reported.push(error) })
  const incoming = join(here.shared, 'incoming')
  renameSync(incoming, `${incoming}-aside`)
  writeFileSync(incoming, '')
  const written = writer.put(keyOf(texts[0]!), someClip(7))
  await waitUntil(() => reported.length > 0)
  expect(reported).toEqual([expect.any(ObjectStoreError)])
  expect(await counts.of(casting, [here.chapterId])).toMatchObject([{ done: 0 }])
  rmSync(incoming)
  renameSync(`${incoming}-aside`, incoming)
  expect(await written).toHaveLength(1)
  expect(reported).toEqual([expect.any(ObjectStoreError), undefined])
  expect(await here.clips.get(keyOf(texts[0]!))).toEqual(someClip(7))
  expect(await counts.of(casting, [here.chapterId])).toMatchObject([{ done: 1 }])
})

test('a chapter is packed when its generation is complete; one server at a time removes what is left over', async () => {
  await using here = await open()
  const { db, clips, upkeep, novelId, chapterId } = here
  const log = { error: expect.fail, warn: () => undefined, info: () => undefined } as never
  const [lock, jobs, eventBus, problems] = [
    new InProcessLock(),
    new InProcessJobQueue(log),
    new InProcessEventBus(log),
    new Problems(),
  ]
  const [activeGenerations, counts] = [new ActiveGenerations(db), new ProgressCounts(db, clips)]
  await using keeping = new ClipObjectJobs({
    db,
    upkeep,
    objects: here.objects,
    jobs,
    lock,
    eventBus,
    activeGenerations,
    counts,
    problems,
    log,
    everyMs: 3_600_000,
  })
  const createdAt = new Date().toISOString()
  await insertGeneration(db, requestedAt(novelId, createdAt), [recipe], [chapterId])
  await clips.put(texts.map((text) => ({ key: keyOf(text), clip: someClip(4) })))
  eventBus.publish({ kind: 'generation', id: 'g' })
  await db.updateTable('generations').set({ completedAt: createdAt }).execute()
  eventBus.publish({ kind: 'generation', id: 'g' })
  await waitUntil(() => here.files('packs').length === 1)
  await waitUntil(async () => (await jobs.counts()).get('pack')?.active === 0)
  await keeping.sweep()
  expect(here.files('clips')).toHaveLength(12)
  await sql`UPDATE clips."leftoverObjects" SET at = at - 3700000`.execute(db)
  {
    await using _ = await lock.acquire('clip-objects')
    await keeping.sweep()
    expect(here.files('clips')).toHaveLength(12)
  }
  await keeping.sweep()
  expect(here.files('clips')).toEqual([])
  expect(await clips.get(keyOf(texts[5]!))).toEqual(someClip(4))
  expect(problems.all).toEqual([])
})

test('what clips take is told with their objects', async () => {
  await using here = await open()
  const { clipStatistics } = sqlDialect(here.db)
  const before = (await clipStatistics(here.db)).bytes
  const clip = someClip(20_000)
  await here.clips.put([{ key: keyOf(texts[0]!), clip }])
  const { clips, bytes } = await clipStatistics(here.db)
  expect(clips).toBe(1)
  expect(bytes - before).toBeGreaterThanOrEqual(clip.adts.length)
})

const [dayMs, hourMs] = [86_400_000, 3_600_000]

/** What sweeps the objects of `here`, at the time that `clock` tells. `objects`: through which it does. */
function sweeperOf(here: Awaited<ReturnType<typeof open>>, clock: () => number) {
  const { db, clips, upkeep, objects } = here
  const log = { error: expect.fail, warn: () => undefined, info: () => undefined } as never
  const [jobs, problems] = [new InProcessJobQueue(log), new Problems()]
  const [activeGenerations, counts] = [new ActiveGenerations(db), new ProgressCounts(db, clips)]
  const keeping = new ClipObjectJobs({
    db,
    upkeep,
    objects,
    jobs,
    problems,
    log,
    clock,
    activeGenerations,
    counts,
    lock: new InProcessLock(),
    eventBus: new InProcessEventBus(log),
    everyMs: hourMs,
  })
  return { keeping, jobs, problems, [Symbol.asyncDispose]: () => keeping[Symbol.asyncDispose]() }
}

test('the sweep of a day: forgotten packs are made, orphans go to the trash and from there a month later, and a crash in the middle only delays it', async () => {
  await using here = await open()
  const { db, clips, novelId, chapterId, objects } = here
  const createdAt = new Date().toISOString()
  await insertGeneration(db, requestedAt(novelId, createdAt), [recipe], [chapterId])
  await clips.put(texts.map((text) => ({ key: keyOf(text), clip: someClip(4) })))
  // Its server died before the chapter was packed.
  await db.updateTable('generations').set({ completedAt: createdAt }).execute()
  for (const text of ['a', 'b', 'c'])
    await clips.prepare?.([{ key: keyOf(`Orphan ${text}.`), clip: someClip(4) }])
  const trashed = () => here.files('trash').length
  let now = Date.now() + hourMs
  {
    await using today = sweeperOf(here, () => now)
    await today.keeping.sweep()
    // What is a day old at most may be a clip on its way.
    expect(trashed()).toBe(0)
    await waitUntil(() => here.files('packs').length === 1)
    now += 2 * hourMs
    await today.keeping.sweep()
    expect(readFileSync(join(here.shared, 'store', 'swept'), 'utf8')).toBe(
      new Date(now - 2 * hourMs).toISOString(),
    )
  }
  now += dayMs
  {
    // The next day another server begins, and dies after the first of them.
    const { move } = objects
    let moves = 0
    objects.move = async (...args: Parameters<ObjectStore['move']>) => {
      if (++moves > 1) throw new Error('killed')
      return move.apply(objects, args)
    }
    await using killed = sweeperOf(here, () => now)
    await expect(killed.keeping.sweep()).rejects.toThrow('killed')
    objects.move = move
  }
  expect(trashed()).toBe(1)
  {
    await using after = sweeperOf(here, () => now)
    await after.keeping.sweep()
    expect(trashed()).toBe(3)
    expect(after.problems.all).toEqual([])
  }
  for (const text of texts) expect(await clips.get(keyOf(text))).toEqual(someClip(4))
  expect(await emptyTrash(objects, now + 29 * dayMs)).toBe(0)
  expect(await emptyTrash(objects, now + 31 * dayMs)).toBeGreaterThan(0)
  expect(trashed()).toBe(0)
  for (const text of texts) expect(await clips.get(keyOf(text))).toEqual(someClip(4))
})

test('an object that a row lets go while it is swept, and while the clip is stored again, is never missed by a row', async () => {
  await using here = await open()
  const { db, clips, upkeep } = here
  const all = texts.map((text, at) => ({ key: keyOf(text), clip: someClip(2 + at) }))
  await clips.put(all)
  const sweep = async () => {
    await sql`UPDATE clips."leftoverObjects" SET at = at - 3700000`.execute(db)
    await upkeep.removeLeftovers()
  }
  for (let round = 0; round < 12; round++) {
    const { key, clip } = all[round]!
    await clips.discard(key)
    await Promise.all([sweep(), clips.put([{ key, clip }]), sweep()])
    expect(await clips.get(key)).toEqual(clip)
  }
  await sweep()
  for (const { key, clip } of all) expect(await clips.get(key)).toEqual(clip)
})
