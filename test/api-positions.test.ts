import { afterAll, expect, test } from 'vitest'
import type { Novel, StoredPosition } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { EventStream } from './program/event-stream.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const { novel } = await api.add(longStory(3, 10), 'places.txt')

const phone = { id: 'phone', name: 'Firefox on Android' }
const desk = { id: 'desk', name: 'Chrome on Linux' }

async function save(body: object): Promise<StoredPosition> {
  const response = await api.fetch(`/api/novels/${novel.id}/position`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as { position: StoredPosition }).position
}

test('a position says which device saved it, and a place sent late does not overwrite a newer one', async () => {
  await using events = await EventStream.open(api)
  await save({ chapterNumber: 2, segment: 4, seconds: 9, device: desk })
  const late = { chapterNumber: 1, segment: 1, seconds: 2, device: phone, agoSeconds: 3600 }
  expect(await save(late)).toMatchObject({ chapterNumber: 2, device: desk })
  const stored = await save({ chapterNumber: 3, segment: 0, seconds: 0, device: phone })
  expect(stored).toMatchObject({ chapterNumber: 3, device: phone })
  const known = await api.json<{ novel: Novel }>(`/api/novels/${novel.id}`)
  expect(known.novel.position).toEqual(stored)
  await events.until(({ kind, data }) => kind === 'listener' && 'device' in data && data.device === phone.id)
})

test('what was left long ago is not spoken first', async () => {
  const now = Date.now()
  const urgent = () => [...application.playbackPriorities.urgent(now)].map((each) => each.chapterNumber)
  await save({ chapterNumber: 1, segment: 0, seconds: 0 })
  expect(urgent()).toEqual([1, 2])
  await save({ chapterNumber: 3, segment: 0, seconds: 0, agoSeconds: 3600 })
  expect(urgent()).toEqual([1, 2])
})
