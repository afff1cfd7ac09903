import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
import { InProcessLock } from '../src/storage/in-process/in-process-lock.ts'
import { ObjectStoreError } from '../src/storage/object-store.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { insertGeneration } from '../src/storage/queries/generation-queries.ts'
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
  const generation = {
    id: 'g',
    novelId,
    voice: 'odd:hum',
    speed: 1,
    casting,
    priority: 0,
    wish: 'run',
    createdAt,
  } as const
  await insertGeneration(db, generation, [recipe], [chapterId])
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
