import { afterAll, expect, test } from 'vitest'
import type { BegunNovel } from '../src/http/contract/begun-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'
import { fewestStatementsOf } from './program/recorded-statements.ts'
import { savePosition } from '../src/storage/queries/playback-queries.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here

async function send(method: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await api.fetch(path, { method, headers, body: JSON.stringify(body) })
  expect(response.ok, await response.text()).toBe(true)
}

const begun = async (query = '') =>
  (await api.json<{ novels: BegunNovel[] }>(`/api/listener/begun${query}`)).novels

test('what was begun is listed with its chapter and the time that is left, and can be taken off', async () => {
  await using events = await EventStream.open(api)
  const { novel } = await api.add(longStory(3, 10), 'begun.txt')
  expect(await begun()).toEqual([])
  const whole = (await api.json<{ novel: Novel }>(`/api/novels/${novel.id}`)).novel.left
  expect(whole).toMatchObject({ chapterNumber: 1, about: true })
  await send('PUT', `/api/novels/${novel.id}/position`, { chapterNumber: 2, segment: 1, seconds: 3 })
  await send('PATCH', `/api/novels/${novel.id}/settings`, { player: { rate: 1.5 } })
  const [first] = await begun()
  expect(first).toMatchObject({
    id: novel.id,
    rate: 1.5,
    chapter: { number: 2, title: 'Chapter 2', inStory: 2 },
    left: { chapterNumber: 2 },
  })
  expect(first!.left!.seconds).toBeCloseTo((whole!.seconds * 2) / 3 - 3, -1)
  const { novels } = await api.json<{ novels: Novel[] }>('/api/novels')
  expect(novels[0]?.left).toEqual(first!.left)

  await send('PUT', `/api/novels/${novel.id}/begun`, { listed: false })
  await events.until(({ kind, data }) => kind === 'listener' && 'about' in data && data.about === 'begun')
  expect(await begun()).toEqual([])
  await send('PUT', `/api/novels/${novel.id}/begun`, { listed: true })
  expect(await begun()).toHaveLength(1)
  await send('POST', `/api/novels/${novel.id}/heard/marks`, { heard: true })
  expect(await begun()).toEqual([])
  expect((await api.json<{ novel: Novel }>(`/api/novels/${novel.id}`)).novel.left).toBeUndefined()
})

test('with hundreds of novels it costs as much as with a few', async () => {
  const add = async (count: number) => {
    for (let at = 0; at < count; at++) {
      const novelId = await insertSmallNovel(application.db, [[`Line ${at}.`]])
      await savePosition(
        application.db,
        { listener: 'home', novelId },
        { chapterNumber: 1, segment: 0, seconds: 0 },
      )
    }
  }
  const cost = async () => (await fewestStatementsOf(() => begun())).length
  await add(8)
  await begun()
  const few = await cost()
  await add(200)
  await begun()
  expect(await begun()).toHaveLength(6)
  expect(await begun('?limit=20')).toHaveLength(20)
  expect(await cost()).toBeLessThanOrEqual(few)
})
