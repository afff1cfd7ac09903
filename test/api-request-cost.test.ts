import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { requestGeneration } from '../src/jobs/generations/generation-requests.ts'
import { sqlDialect } from '../src/storage/sql-dialect.ts'
import { updateNovel } from '../src/storage/queries/novel-queries.ts'
import { missingSegments } from '../src/storage/queries/progress-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import { someClip } from './fixtures/small-novel.ts'
import { startApplication } from './program/in-process-application.ts'
import { statements } from './program/recorded-statements.ts'
import { waysOf } from './program/watched-connections.ts'
import { waitUntil } from './program/wait-until.ts'

const sound = { voice: 'odd:hum' }

/** Waits until nothing more follows in the database: events are published every 250 ms. */
async function quiet(): Promise<void> {
  for (let before = -1, rounds = 0; before !== statements.length && rounds < 20; rounds++) {
    before = statements.length
    await wait(300)
  }
}

test('the cost of a request does not grow with the number of pending generations', async () => {
  // No work is started, so that only the requests access the database.
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const { novel } = await api.add(longStory(60, 3), 'story.txt')
  const cost = async (ask: () => Promise<unknown>): Promise<number> => {
    const before = statements.length
    await ask()
    // Work after the response counts too.
    await application.dispatcher.dispatch()
    return statements.length - before
  }
  const chapter = (number: number) => api.generate(novel.id, [number], sound)
  const costs = async (first: number) => {
    await quiet()
    const fresh = await cost(() => chapter(first))
    const again = await cost(() => chapter(first))
    const id = await chapter(first)
    const [pause, resume, retry] = [
      await cost(() => api.post(`/api/worker/progress/${id}/pause`, {})),
      await cost(() => api.post(`/api/worker/progress/${id}/resume`, {})),
      await cost(() => api.post(`/api/worker/progress/${id}/retry`, {})),
    ]
    return { fresh, again, pause, resume, retry }
  }
  // The very first request also resolves the novel's voice and writes down how it is cast.
  await chapter(60)
  const few = await costs(1)
  for (let number = 2; number <= 50; number++) await chapter(number)
  // The last is scheduled behind its answer.
  await application.dispatcher.dispatch()
  expect(application.activeGenerations.all().length).toBe(51)
  const many = await costs(51)
  // Which of two readers fills the counts cache first varies; reading all pending generations would take fifty more.
  for (const [verb, count] of Object.entries(many)) {
    expect(count, verb).toBeGreaterThan(0)
    expect(count, verb).toBeLessThan(few[verb as keyof typeof few] + 10)
  }
})

test('a request takes few statements, and none of them reads all of a novel’s chapters or generations', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const { novel } = await api.add(longStory(8, 3), 'story.txt')
  const chapter = async (number: number) => {
    const from = statements.length
    await api.generate(novel.id, [number], sound)
    return statements.slice(from)
  }
  await chapter(8)
  // What a server writes of itself every few seconds may come in between: the fewest are those of the request.
  const fewest = async (numbers: readonly number[]) => {
    const all = []
    for (const number of numbers) {
      await quiet()
      all.push(await chapter(number))
    }
    return all.toSorted((one, other) => one.length - other.length)[0]!
  }
  const fresh = await fewest([1, 2, 3])
  const again = await fewest([1, 2, 3])
  // One after the other they are the time of a request: work of the dispatcher may be among them, BEGIN and COMMIT are not.
  expect(fresh.length).toBeLessThanOrEqual(9)
  expect(again.length).toBeLessThanOrEqual(8)
  if (sqlDialect(application.db).shared) return
  const wholly = /SCAN (?:generations|chapters|segments|clip)\b|USING .*\((?:novelId|casting)=\?\)$/
  for (const { sql: text, parameters } of [...fresh, ...again]) {
    if (/^insert/i.test(text.trim())) continue
    const { rows } = await application.db.executeQuery<{ detail: string }>({
      ...sql`SELECT 1`.compile(application.db),
      sql: `EXPLAIN QUERY PLAN ${text}`,
      parameters,
    })
    // Of the cast's state a novel has one row.
    for (const { detail } of rows)
      if (!detail.includes('castStates')) expect(detail, text).not.toMatch(wholly)
  }
})

test('a chapter is asked for in two ways to a database elsewhere, one after the other', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  if (!sqlDialect(application.db).shared) return
  const { novel } = await api.add(longStory(8, 3), 'story.txt')
  // The first writes down how the novel is cast.
  await api.generate(novel.id, [8], sound)
  const ask = async (numbers: readonly number[], wanted: { voice?: string }) => {
    const ways: number[] = []
    for (const number of numbers) {
      await quiet()
      // Until the answer: what is scheduled behind it is not waited for.
      const request = { novelId: novel.id, chapterNumbers: [number], ...wanted }
      ways.push(await waysOf(() => requestGeneration(application, request)))
    }
    // What a server writes of itself every few seconds may come in between.
    return Math.min(...ways)
  }
  expect(await ask([1, 2, 3], sound)).toBe(2)
  expect(await ask([1, 2, 3], sound)).toBe(2)
  await updateNovel(application.db, novel.id, sound)
  expect(await ask([4, 5, 6], {})).toBe(2)
})

test('the plan of a novel that is spoken in part takes no statements for each chapter', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const { db, activeGenerations, counts } = application
  const { novel } = await api.add(longStory(60, 3), 'story.txt')
  for (const speed of [1, 2]) {
    const id = await api.generate(novel.id, undefined, { ...sound, speed })
    await application.dispatcher.dispatch()
    const { generation, chapters } = activeGenerations.byId(id)!
    for (const chapter of chapters) {
      const missing = await missingSegments(db, chapter.id, generation.casting)
      const { recipe, textHash: words } = missing[speed]!
      await counts.put([{ key: { recipe, words }, clip: someClip(3) }])
    }
  }
  const headers = { 'content-type': 'application/json' }
  await api.fetch(`/api/novels/${novel.id}`, { method: 'PATCH', headers, body: JSON.stringify(sound) })
  await quiet()
  const from = statements.length
  const answer = await api.post(`/api/novels/${novel.id}/plan`, { ...sound, speed: 2 })
  expect(await answer.json()).toMatchObject({ plan: { remade: { segments: 60, chapters: 60 } } })
  expect(statements.length - from).toBeLessThan(20)
})

test('a position that is reported where chapters are kept ahead reads no chapters while it stays in its chapter', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(longStory(30, 3), 'story.txt')
  const put = (path: string, body: object) =>
    api.fetch(`/api/novels/${novel.id}/${path}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await put('ahead', { chapters: 5, ...sound })).status).toBe(200)
  const report = (chapterNumber: number, segment: number) =>
    put('position', { chapterNumber, segment, seconds: segment })
  const reads = async (ask: () => Promise<unknown>): Promise<string[]> => {
    await quiet()
    const from = statements.length
    await ask()
    await quiet()
    return statements.slice(from).map(({ sql: text }) => text)
  }
  const ofNovel = /from "chapters" where "novelId" = \S+ order by/
  const entered = await reads(() => report(7, 0))
  expect(entered.some((text) => ofNovel.test(text))).toBe(true)
  const stayed = []
  for (const segment of [1, 2, 3]) stayed.push(await reads(() => report(7, segment)))
  expect(stayed.flat().filter((text) => ofNovel.test(text))).toEqual([])
  expect(Math.min(...stayed.map((texts) => texts.length))).toBeLessThanOrEqual(6)
})

test('requests in quick succession are planned together', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  if (!sqlDialect(application.db).shared) return
  const { novel } = await api.add(longStory(33, 3), 'story.txt')
  await api.generate(novel.id, [33], sound)
  await quiet()
  const from = statements.length
  await Promise.all(Array.from({ length: 32 }, (_, at) => api.generate(novel.id, [1 + at], sound)))
  await waitUntil(async () => {
    const plans = (await application.jobs.counts()).get('plan')
    return plans !== undefined && plans.waiting + plans.active === 0
  })
  await application.dispatcher.dispatch()
  const texts = statements.slice(from).map(({ sql: text }) => text)
  const plans = texts.filter((text) => /^select .* from "segments" left join "clips"\."clips"/.test(text))
  expect(plans.length).toBeGreaterThan(0)
  expect(plans.length).toBeLessThanOrEqual(12)
  // Those of the request and a share of its plan: what is new is not read again to be scheduled.
  expect(texts.length / 32).toBeLessThan(11)
  const read = texts.filter((text) => /^select "generations".* where "generations"."id" = /.test(text))
  expect(read.length).toBeLessThan(32)
})
