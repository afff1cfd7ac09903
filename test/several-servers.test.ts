import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { takenJobs } from '../src/storage/postgres/job-counts.ts'
import { openPostgresBesideServer } from '../src/storage/postgres/postgres-database.ts'
import { longStory } from './fixtures/long-story.ts'
import type { AddedNovel, Api } from './program/api-client.ts'
import { EventStream } from './program/event-stream.ts'
import { importAll, importDone, importOf } from './program/import-client.ts'
import { PostgresCluster, postgresPrograms } from './program/postgres-cluster.ts'
import { ServerProcess } from './program/server-process.ts'
import { maySkip } from './program/skip-policy.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { WebhookReceiver } from './program/webhook-receiver.ts'

// Several servers on one Postgres, with their objects in a folder that they share.

const skipped = maySkip(postgresPrograms() !== undefined)
const program = fileURLToPath(new URL('./program/serve-with-faulty-engine.ts', import.meta.url))
const sound = { voice: 'odd:hum' }

/** A database and a shared folder; `start` begins a server with a data folder of its own, or the one of that name. */
async function world() {
  await using opening = new AsyncDisposableStack()
  const cluster = opening.use(new PostgresCluster({ durable: true }))
  const objects = opening.use(await temporaryFolder()).path
  const folders = opening.use(await temporaryFolder()).path
  let servers = 0
  const start = async (
    more: Readonly<Record<string, string>> = {},
    name = String(++servers),
  ): Promise<ServerProcess> => {
    const data = join(folders, name)
    const settings = { NIGHTJAR_DATABASE: cluster.url(), NIGHTJAR_OBJECTS: objects, ...more }
    return ServerProcess.start({ data, program: [program], speakers: 1, settings })
  }
  const opened = opening.move()
  return { cluster, objects, start, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

async function audioOf(api: Api, { novel, chapters }: AddedNovel): Promise<Buffer[]> {
  const files: Buffer[] = []
  for (const { number } of chapters) {
    const response = await api.fetch(`/api/novels/${novel.id}/chapters/${number}/audio.m4a?voice=odd:hum`)
    expect(response.status).toBe(200)
    files.push(Buffer.from(await response.bytes()))
  }
  return files
}

/** A download that breaks off at one server goes on at the other: both have the same file, by the same name. */
async function expectResumable(from: Api, at: Api, path: string): Promise<void> {
  const whole = await from.fetch(path)
  expect(whole.status, path).toBe(200)
  const [etag, bytes] = [whole.headers.get('etag') ?? '', Buffer.from(await whole.arrayBuffer())]
  expect(etag).toMatch(/^"/)
  const half = bytes.length >> 1
  const headers = { range: `bytes=${half}-`, 'if-range': etag }
  const rest = await at.fetch(path, { headers })
  expect(rest.status, path).toBe(206)
  expect(rest.headers.get('etag')).toBe(etag)
  expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(half)), path).toBe(true)
}

test.skipIf(skipped)('what is done at one server is seen, heard and steered at the other', async () => {
  await using here = await world()
  await using a = await here.start()
  await using b = await here.start()

  // The same file at both at once is one novel, with one source.
  const story = longStory(3, 40)
  const [one, other] = await Promise.all([a.upload(story, 'story.txt'), b.upload(story, 'story.txt')])
  expect(new Set([one.status, other.status])).toEqual(new Set([200, 201]))
  const added = (await one.json()) as AddedNovel
  expect(((await other.json()) as AddedNovel).novel.id).toBe(added.novel.id)
  expect((await readdir(join(here.objects, 'sources'))).toSorted()).toEqual([
    added.novel.id,
    `${added.novel.id}.json`,
  ])

  await using receiver = await WebhookReceiver.start()
  const { secret } = (await (await a.post('/api/webhooks', { url: receiver.url() })).json()) as {
    secret: string
  }
  expect(secret).toMatch(/^whsec_/)
  await using atA = await EventStream.open(a)
  await using atB = await EventStream.open(b)
  const { id: novelId } = added.novel
  const ids = await Promise.all([a, b, a, b].map((api) => api.generate(novelId, undefined, sound)))
  expect(new Set(ids).size).toBe(1)
  const progressId = ids[0] ?? ''
  for (const stream of [atA, atB]) {
    await stream.until(({ kind, data }) => kind === 'generation' && data.id === progressId)
    await stream.until(({ kind, data }) => kind === 'segment' && data.state === 'spoken')
    await stream.until(({ kind, data }) => kind === 'progress' && data.segmentsDone > 3)
  }

  expect((await a.post(`/api/worker/progress/${progressId}/pause`, {})).status).toBe(200)
  await atB.until(({ kind, data }) => kind === 'generation' && data.status === 'paused')
  // Whoever comes from another server gets the whole state.
  await using resumed = await EventStream.open(b, atA.heard.at(-1)?.id)
  await resumed.until(({ kind, data }) => kind === 'generation' && data.id === progressId)
  expect((await b.post(`/api/worker/progress/${progressId}/resume`, {})).status).toBe(200)

  const [atEnd] = await Promise.all([a.finished(progressId), b.finished(progressId)])
  expect(atEnd).toMatchObject({ status: 'completed', segmentsDone: atEnd.segmentsTotal })
  for (const stream of [atA, atB])
    await stream.until(({ kind, data }) => kind === 'generation' && data.status === 'completed')
  // Both servers see that it is ready: one of them tells it.
  const told = async () => (await receiver.until(4)).map(({ event }) => event.type).toSorted()
  const ready = ['chapter.ready', 'chapter.ready', 'chapter.ready', 'generation.completed']
  expect(await told()).toEqual(ready)
  expect(await audioOf(a, added)).toEqual(await audioOf(b, added))
  await expectResumable(a, b, `/api/novels/${novelId}/chapters/2/audio.m4a?voice=odd:hum`)
  await expectResumable(a, b, `/api/novels/${novelId}/book.m4b?voice=odd:hum`)
  const epub = `/api/novels/${novelId}/book.epub?voice=odd:hum`
  const etag = (await a.fetch(epub, { method: 'HEAD' })).headers.get('etag') ?? ''
  expect((await b.fetch(epub, { headers: { 'if-none-match': etag } })).status).toBe(304)
  expect(await a.progress(progressId)).toMatchObject({ segmentsDone: atEnd.segmentsDone })
  expect(await b.progress(progressId)).toMatchObject({ segmentsDone: atEnd.segmentsDone })

  expect(await told()).toEqual(ready)
  expect((await b.fetch(`/api/novels/${novelId}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  await atA.until(({ kind, data }) => kind === 'novel' && data.id === novelId)
  expect((await a.fetch(`/api/novels/${novelId}`)).status).toBe(404)
  await waitUntil(async () => {
    const { database } = await a.json<{ database: { clips: number } }>('/api/health')
    return database.clips === 0
  })
})

test.skipIf(skipped)(
  'a server that starts lets the others import, and finishes what one that was killed has left',
  async () => {
    await using here = await world()
    await using a = await here.start()
    const added = await a.add(longStory(3, 60), 'story.txt')
    const importing = a.upload(longStory(300, 300), 'long.txt')
    await waitUntil(async () => (await a.fetch('/metrics').then((response) => response.text())) !== '')
    await using b = await here.start()
    const imported = await importing
    expect(imported.status).toBe(201)
    const { novel } = (await imported.json()) as AddedNovel
    expect((await b.fetch(`/api/novels/${novel.id}/source`)).status).toBe(200)

    const progressId = await b.generate(added.novel.id, undefined, sound)
    await a.until(progressId, ({ segmentsDone }) => segmentsDone > 20)
    // Files that came together are read by the first, and the other takes up what is left of them.
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `Book ${at}.txt`,
        `Book ${at}\n\n\nChapter 1\n\nBook ${at} went to the sea.\n`,
      ]),
    )
    const batch = await importAll(a, files)
    await waitUntil(() => a.log.split('a file of an import was read').length > 2)
    await a.kill()
    const left = await importOf(b, batch)
    expect(left.done).toBeLessThan(left.total)
    expect((await importDone(b, batch)).states).toEqual({ added: 12 })
    const shelf = await b.json<{ novels: { title: string }[] }>('/api/novels?limit=500')
    const titles = shelf.novels.map(({ title }) => title).filter((title) => title.startsWith('Book '))
    expect(titles.toSorted()).toEqual(
      Object.keys(files)
        .map((_, at) => `Book ${at}`)
        .toSorted(),
    )
    const progress = await b.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', percent: 100, failedSegments: [] })
    await audioOf(b, added)

    // With books in another place, the one would not find what the other has.
    await using elsewhere = await temporaryFolder()
    const refused = here.start({ NIGHTJAR_OBJECTS: elsewhere.path })
    await expect(refused).rejects.toThrow('Set the NIGHTJAR_OBJECTS of each to the same bucket')

    here.cluster.stop()
    here.cluster.start()
    await using c = await here.start()
    const second = await c.generate(added.novel.id, [1], { voice: 'odd:hum', speed: 1.1 })
    expect(await b.finished(second)).toMatchObject({ status: 'completed' })
    expect(await c.stop()).toBe(0)
    expect(await b.stop()).toBe(0)
  },
)

test.skipIf(skipped)('what an only server held when it was killed is free when it is back', async () => {
  await using here = await world()
  const killed = await here.start({}, 'only')
  const added = await killed.add(longStory(3, 60), 'story.txt')
  const progressId = await killed.generate(added.novel.id, undefined, sound)
  await killed.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  await killed.kill()

  const db = openPostgresBesideServer(here.cluster.url())
  await using _ = { [Symbol.asyncDispose]: () => db.destroy() }
  const held = async () => ({
    claims: (await db.selectFrom('claims').select('lease').execute()).map(({ lease }) => lease),
    jobs: (await takenJobs(db, 'jobs')).map(({ id, retryCount }) => `${id} ${retryCount}`),
  })
  const before = await held()
  expect(before.claims).not.toEqual([])
  expect(before.jobs).not.toEqual([])
  await using server = await here.start({}, 'only')
  const after = await held()
  expect(after.claims.filter((lease) => before.claims.includes(lease))).toEqual([])
  expect(after.jobs.filter((job) => before.jobs.includes(job))).toEqual([])
  expect(await server.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
})
