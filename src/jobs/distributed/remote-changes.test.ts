import { expect, test } from 'vitest'
import { smallChapter } from '../../../test/fixtures/small-novel.ts'
import { longStory } from '../../../test/fixtures/long-story.ts'
import { startApplication } from '../../../test/program/in-process-application.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { onPostgres, storageSettings } from '../../../test/program/test-storage.ts'
import { waitUntil } from '../../../test/program/wait-until.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { rekeyNovel } from '../import/rekey-novel.ts'

/** Two servers of one database in this process. */
async function twoServers() {
  await using opening = new AsyncDisposableStack()
  const shared = opening.use(await temporaryFolder()).path
  const settings = { ...storageSettings(shared), NIGHTJAR_OBJECTS: shared }
  const a = opening.use(await startApplication({ settings }))
  const b = opening.use(await startApplication({ settings }))
  const opened = opening.move()
  return { a, b, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

test.runIf(onPostgres)('what a server caches follows what others change', async () => {
  await using servers = await twoServers()
  const { a, b } = servers
  const here = a.application
  const there = b.application
  const { novel } = await a.api.add(longStory(2, 4), 'story.txt')

  // Positions.
  const position = { chapterNumber: 2, segment: 3, seconds: 9 }
  const put = {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(position),
  }
  expect((await a.api.fetch(`/api/novels/${novel.id}/position`, put)).status).toBe(200)
  await waitUntil(() => [...there.playbackPriorities.urgent(Date.now())].length > 0)
  expect([...there.playbackPriorities.urgent(Date.now())][0]).toEqual({
    novelId: novel.id,
    chapterNumber: 2,
    from: 3,
  })

  // Speech servers and their voices.
  const server = { title: 'Desk', address: 'http://127.0.0.1:1/v1', voices: ['one'] }
  expect((await a.api.post('/api/speech-servers', server)).status).toBe(201)
  await waitUntil(() => there.voices.server('desk') !== undefined)
  expect(there.voices.byId('server:desk:one').name).toBe('one · Desk')

  // Counts, and clips that were deleted.
  const progressId = await a.api.generate(novel.id, undefined, { voice: 'odd:hum' })
  const finished = await a.api.finished(progressId)
  expect(finished.status).toBe('completed')
  await waitUntil(async () => (await b.api.progress(progressId)).status === 'completed')
  const { invalidations } = there.counts
  const [clip] = await here.db.selectFrom('clips.clips').select(['recipe', 'words']).limit(1).execute()
  const key = {
    recipe: Buffer.from(clip!.recipe).toString('hex'),
    words: Buffer.from(clip!.words).toString('hex'),
  }
  await here.counts.discardClip(key)
  await waitUntil(() => there.counts.invalidations > invalidations)

  // Chapters of a generation that was re-keyed.
  const second = await b.api.generate(novel.id, undefined, { voice: 'odd:hum', speed: 1.2 })
  await b.api.post(`/api/worker/progress/${second}/pause`, {})
  await waitUntil(() => here.activeGenerations.byId(second)?.generation.desiredState === 'paused')
  await rekeyNovel(here, novel.id, ({ title }, { segments }) => {
    const sentences = (JSON.parse(segments) as { spoken: string }[]).map(({ spoken }) => `${spoken} Again.`)
    return { text: smallChapter(title, sentences) }
  })
  const ids = (await chaptersOf(here.db, novel.id)).map(({ id }) => id)
  await waitUntil(() => {
    const known = there.activeGenerations.byId(second)?.chapters.map(({ id }) => id)
    return known !== undefined && known.join() === ids.join()
  })

  // A novel that is deleted, and whoever deletes.
  expect([here.deletions.active, there.deletions.active]).toEqual([true, false])
  expect((await b.api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })).status).toBe(200)
  await waitUntil(() => here.activeGenerations.byId(second) === undefined)
  await waitUntil(async () => (await here.db.selectFrom('novels').select('id').execute()).length === 0)
  await a[Symbol.asyncDispose]()
  await waitUntil(() => there.deletions.active)
})
