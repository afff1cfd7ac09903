import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Progress } from '../src/http/contract/generation-contract.ts'
import { chaptersOf } from '../src/storage/queries/chapter-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

const sound = { voice: 'odd:hum' }
type Here = Awaited<ReturnType<typeof startApplication>>

/** The chapters of the segments that were handed out, in order. */
function listen({ application }: Here): { readonly chapters: number[] } & Disposable {
  const chapters: number[] = []
  const hearing = application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'speaking')
      chapters.push(event.segment.chapterNumber)
  })
  return { chapters, [Symbol.dispose]: () => hearing[Symbol.dispose]() }
}

async function steer(api: Api, progressId: string, verb: string): Promise<Progress> {
  const response = await api.post(`/api/worker/progress/${progressId}/${verb}`, {})
  expect(response.status).toBe(200)
  return ((await response.json()) as { progress: Progress }).progress
}

test('paused, nothing more is handed out; resumed, it goes on to the end', async () => {
  await using here = await startApplication()
  using heard = listen(here)
  const { novel } = await here.api.add(longStory(2, 20), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await here.api.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  expect((await steer(here.api, progressId, 'pause')).status).toBe('paused')
  const handedOut = heard.chapters.length
  // What speakers held is finished and kept.
  await here.api.until(progressId, ({ segmentsDone }) => segmentsDone === handedOut)
  await wait(300)
  expect(heard.chapters).toHaveLength(handedOut)
  expect((await steer(here.api, progressId, 'pause')).status).toBe('paused')
  expect((await steer(here.api, progressId, 'resume')).status).toBe('running')
  const { segmentsTotal } = await here.api.finished(progressId)
  expect(heard.chapters).toHaveLength(segmentsTotal)
})

test('the generations of a chapter are looked up, and followed when one is added, ended or moved', async () => {
  await using here = await startApplication()
  const { activeGenerations, db } = here.application
  const { novel } = await here.api.add(longStory(2, 40), 'story.txt')
  const all = await here.api.generate(novel.id, undefined, sound)
  await here.api.until(all, ({ segmentsDone }) => segmentsDone > 0)
  await steer(here.api, all, 'pause')
  const { casting } = activeGenerations.byId(all)!.generation
  const [one, two] = await chaptersOf(db, novel.id)
  const ids = (chapterId: number) =>
    activeGenerations.waitingFor(casting.id, chapterId).map(({ generation }) => generation.id)
  expect([ids(one!.id), ids(two!.id)]).toEqual([[all], [all]])
  // Looked up, not searched for.
  expect(activeGenerations.waitingFor(casting.id, one!.id)).toBe(
    activeGenerations.waitingFor(casting.id, one!.id),
  )
  const urgent = await here.api.generate(novel.id, [2], { ...sound, priority: 9 })
  await here.api.until(urgent, ({ status }) => status !== 'pending')
  await steer(here.api, urgent, 'pause')
  expect([ids(one!.id), ids(two!.id)]).toEqual([[all], [urgent, all]])
  await steer(here.api, all, 'cancel')
  expect([ids(one!.id), ids(two!.id)]).toEqual([[], [urgent]])
  expect(activeGenerations.waitingFor('another', two!.id)).toEqual([])
})

test('completed, it stays as it is however often it is asked for', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(longStory(2, 4), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  // Its last clip is counted before its end is written.
  const { completedAt } = await here.api.until(progressId, (progress) => progress.completedAt !== null)
  const ids: string[] = []
  using _ = here.application.eventBus.subscribe((event) => {
    if (event.kind === 'generation') ids.push(event.id)
  })
  expect(await here.api.generate(novel.id, undefined, sound)).toBe(progressId)
  expect(await here.api.generate(novel.id, undefined, { ...sound, priority: 5 })).toBe(progressId)
  const retried = await steer(here.api, progressId, 'retry')
  expect(retried).toMatchObject({ status: 'completed', completedAt })
  // Whatever is scheduled follows: a generation that is asked for next is done after all of it.
  const other = await here.api.generate(novel.id, [1], sound)
  await here.api.finished(other)
  expect((await here.api.progress(progressId)).completedAt).toBe(completedAt)
  expect(ids).not.toContain(progressId)
})

test('cancelled, it stays so; asked again, it is a new generation that keeps what was spoken', async () => {
  await using here = await startApplication()
  using heard = listen(here)
  const { novel } = await here.api.add(longStory(2, 20), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await here.api.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  expect((await steer(here.api, progressId, 'cancel')).status).toBe('cancelled')
  const resumed = await here.api.post(`/api/worker/progress/${progressId}/resume`, {})
  expect(resumed.status).toBe(409)
  const again = await here.api.generate(novel.id, undefined, sound)
  expect(again).not.toBe(progressId)
  const { segmentsTotal } = await here.api.finished(again)
  expect(heard.chapters).toHaveLength(segmentsTotal)
})

test('what is cancelled goes on when it is retried', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(longStory(1, 8), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await steer(here.api, progressId, 'cancel')
  await steer(here.api, progressId, 'retry')
  expect((await here.api.finished(progressId)).status).toBe('completed')
})

test('a more urgent chapter overtakes at the next segment', async () => {
  await using here = await startApplication()
  using heard = listen(here)
  const { novel } = await here.api.add(longStory(3, 12), 'story.txt')
  const slow = await here.api.generate(novel.id, undefined, sound)
  await here.api.until(slow, ({ segmentsDone }) => segmentsDone > 2)
  const urgent = await here.api.generate(novel.id, [3], { ...sound, priority: 50 })
  await here.api.until(urgent, ({ status }) => status !== 'pending')
  const from = heard.chapters.indexOf(3)
  await here.api.finished(urgent)
  const { segmentsTotal } = await here.api.progress(urgent)
  expect(heard.chapters.slice(from, from + segmentsTotal)).toEqual(Array(segmentsTotal).fill(3))
  expect((await here.api.finished(slow)).status).toBe('completed')
  expect(heard.chapters[from + segmentsTotal]).toBe(1)
  expect(heard.chapters.filter((number) => number === 3)).toHaveLength(segmentsTotal)
})

test('asked again with more urgency, a generation moves forward in the queue', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(longStory(3, 12), 'story.txt')
  await here.api.generate(novel.id, [1], sound)
  const later = await here.api.generate(novel.id, [2], sound)
  expect(await here.api.generate(novel.id, [2], { ...sound, priority: 9 })).toBe(later)
  // It is placed after its answer, when it has been read from the database.
  await waitUntil(async () => {
    const { running, waiting } = await here.api.json<{ running: Progress[]; waiting: Progress[] }>(
      '/api/worker/queue',
    )
    const priorities = [...running, ...waiting].map(({ priority }) => priority)
    return priorities.length === 2 && priorities.includes(0) && priorities.includes(9)
  })
  expect((await here.api.progress(later)).priority).toBe(9)
})

test('a new request stands where the database would place it, the most urgent first, then the oldest', async () => {
  await using here = await startApplication()
  const { activeGenerations, dispatcher } = here.application
  const { novel } = await here.api.add(longStory(6, 12), 'story.txt')
  const asked: { id: string; priority: number }[] = []
  for (const [at, priority] of [0, 9, 0, 20, 9, 0].entries()) {
    asked.push({ id: await here.api.generate(novel.id, [at + 1], { ...sound, priority }), priority })
  }
  const wanted = asked.toSorted((one, other) => other.priority - one.priority).map(({ id }) => id)
  const ids = () => [...activeGenerations.all()].map(({ generation }) => generation.id)
  // It is placed after its answer, when it has been read from the database.
  await waitUntil(() => ids().includes(asked.at(-1)!.id))
  // Several may be done by now; those that are not stand in order, and reading all anew changes nothing.
  const placed = ids()
  expect(placed.length).toBeGreaterThan(2)
  expect(placed).toEqual(wanted.filter((id) => placed.includes(id)))
  await dispatcher.refresh()
  expect(placed.filter((id) => ids().includes(id))).toEqual(ids())
})

test('what comes next under the play head is spoken first', async () => {
  await using here = await startApplication()
  using heard = listen(here)
  const { novel } = await here.api.add(longStory(4, 12), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await here.api.until(progressId, ({ segmentsDone }) => segmentsDone > 2)
  const position = await here.api.fetch(`/api/novels/${novel.id}/position`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chapterNumber: 3, segment: 4, seconds: 0 }),
  })
  expect(position.status).toBe(200)
  await here.api.finished(progressId)
  const from = heard.chapters.indexOf(3)
  expect(heard.chapters.lastIndexOf(2)).toBeGreaterThan(from)
  // From the play head to the chapter's end, then the chapter after it, before all that was left behind.
  const next = heard.chapters.slice(from)
  expect(next.indexOf(4)).toBeGreaterThan(5)
  expect(next.indexOf(1) < 0 ? next.indexOf(2) : next.indexOf(1)).toBeGreaterThan(next.indexOf(4))
})

test('priorities and pauses belong to one generation; another on the same chapter goes on', async () => {
  await using here = await startApplication()
  const { novel } = await here.api.add(longStory(2, 12), 'story.txt')
  const all = await here.api.generate(novel.id, undefined, sound)
  const one = await here.api.generate(novel.id, [1], sound)
  await steer(here.api, all, 'pause')
  expect((await here.api.finished(one)).status).toBe('completed')
  const { status, chapters } = await here.api.progress(all)
  expect(status).toBe('paused')
  expect(chapters.map((chapter) => chapter.status)).toEqual(['completed', 'paused'])
})
