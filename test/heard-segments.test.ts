import { expect, test } from 'vitest'
import type { Chapter, ChapterListed, Novel } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

interface Heard {
  readonly chapterNumber: number
  readonly segmentsHeard: number
  readonly ranges: readonly { from: number; to: number }[]
}

const put = (api: Api, novelId: string, chapterNumber: number, from: number, to: number) =>
  api.fetch(`/api/novels/${novelId}/heard`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chapterNumber, from, to }),
  })
const heardOf = async (api: Api, novelId: string) =>
  (await api.json<{ heard: Heard[] }>(`/api/novels/${novelId}/heard`)).heard
const listed = (api: Api, novelId: string) =>
  api.json<{ novel: Novel; chapters: ChapterListed[] }>(`/api/novels/${novelId}`)

test('heard segments are stored by chapter, counted once, and returned with the novel, its chapters and the list', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(longStory(3, 10), 'heard.txt')
  expect(await heardOf(api, novel.id)).toEqual([])
  for (const [from, to] of [
    [0, 3],
    [6, 8],
    [2, 4],
    [4, 2],
  ] as const)
    expect((await put(api, novel.id, 2, from, to)).status).toBe(200)
  expect(await heardOf(api, novel.id)).toMatchObject([
    {
      chapterNumber: 2,
      segmentsHeard: 8,
      ranges: [
        { from: 0, to: 4 },
        { from: 6, to: 8 },
      ],
    },
  ])
  const known = await listed(api, novel.id)
  expect(known.novel.segmentsHeard).toBe(8)
  expect(known.chapters.map(({ segmentsHeard }) => segmentsHeard)).toEqual([0, 8, 0])
  const { novels } = await api.json<{ novels: Novel[] }>('/api/novels')
  expect(novels[0]?.segmentsHeard).toBe(8)
  const { chapter } = await api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/2`)
  expect(chapter.heard).toEqual([
    { from: 0, to: 4 },
    { from: 6, to: 8 },
  ])

  expect((await put(api, novel.id, 9, 0, 1)).status).toBe(404)
  expect((await put(api, novel.id, 2, 0, 11)).status).toBe(404)
  expect((await put(api, novel.id, 2, -1, 1)).status).toBe(400)
})

test('chapters, ranges of them or all are marked as heard or reset, and what that returns takes it back', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(longStory(4, 10), 'marked.txt')
  await put(api, novel.id, 2, 3, 5)
  const marks = `/api/novels/${novel.id}/heard/marks`
  const mark = async (body: object, method = 'POST') => {
    const headers = { 'content-type': 'application/json' }
    const response = await api.fetch(marks, { method, headers, body: JSON.stringify(body) })
    return { status: response.status, ...((await response.json()) as { before: Heard[] }) }
  }
  const counts = async () => (await listed(api, novel.id)).chapters.map((each) => each.segmentsHeard)

  const { before } = await mark({ heard: true, chapters: [{ from: 1, to: 2 }] })
  expect(before).toEqual([
    { chapterNumber: 1, ranges: [] },
    { chapterNumber: 2, ranges: [{ from: 3, to: 5 }] },
  ])
  expect(await counts()).toEqual([11, 11, 0, 0])
  const known = await listed(api, novel.id)
  expect(known.chapters.map(({ finished }) => finished)).toEqual([true, true, undefined, undefined])
  expect(known.novel.finished).toBeUndefined()
  const all = await mark({ heard: true })
  expect(all.before.map(({ chapterNumber }) => chapterNumber)).toEqual([3, 4])
  expect((await listed(api, novel.id)).novel.finished).toBe(true)

  await mark({ chapters: all.before }, 'PUT')
  await mark({ chapters: before }, 'PUT')
  expect(await counts()).toEqual([0, 3, 0, 0])
  await mark({ heard: false })
  expect(await counts()).toEqual([0, 0, 0, 0])
  expect((await mark({ heard: true, chapters: [{ from: 7, to: 9 }] })).status).toBe(404)
  const beyond = { chapters: [{ chapterNumber: 1, ranges: [{ from: 0, to: 99 }] }] }
  expect((await mark(beyond, 'PUT')).status).toBe(404)
  // What was heard on another device meanwhile is kept whole.
  await Promise.all([mark({ heard: true }), put(api, novel.id, 1, 2, 4), mark({ heard: false })])
  for (const count of await counts()) expect([0, 3, 11]).toContain(count)
})

test('heard segments are deleted with their novel, and the same book imported again has none', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const book = longStory(1, 10)
  const { novel } = await api.add(book, 'forgotten.txt')
  await put(api, novel.id, 1, 0, 9)
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  expect((await api.fetch(`/api/novels/${novel.id}/heard`)).status).toBe(404)
  const again = await api.add(book, 'forgotten.txt')
  expect(again.novel.segmentsHeard).toBe(0)
  expect(await heardOf(api, again.novel.id)).toEqual([])
})

test('heard segments that were acknowledged are still stored after kill -9', async () => {
  await using folder = await temporaryFolder()
  const first = await ServerProcess.start({ data: folder.path, speakers: 1 })
  const { novel } = await first.add(longStory(1, 10), 'killed.txt')
  for (let at = 0; at < 8; at++) await put(first, novel.id, 1, at, at)
  await first.kill()
  await using back = await ServerProcess.start({ data: folder.path, speakers: 1 })
  expect(await heardOf(back, novel.id)).toMatchObject([
    { chapterNumber: 1, segmentsHeard: 8, ranges: [{ from: 0, to: 7 }] },
  ])
})

test('a chapter that was never requested has no progress, even if another book shares some of its clips', async () => {
  await using here = await startApplication()
  const { api } = here
  const book = (own: string) =>
    new TextEncoder().encode(
      [1, 2]
        .map((at) => `Chapter ${at}\n\n“No,” he said.\n\nThis is ${own} ${at}, and no other.\n`)
        .join('\n'),
    )
  const { novel: one } = await api.add(book('the one book'), 'one.txt')
  await api.finished(await api.generate(one.id, undefined, { voice: 'odd:hum' }))
  const { novel: other } = await api.add(book('the other book'), 'other.txt')
  const choose = (id: string) =>
    api.fetch(`/api/novels/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voice: 'odd:hum' }),
    })
  await choose(other.id)
  const fresh = await listed(api, other.id)
  expect(fresh.novel).toMatchObject({ segmentsDone: 0, seconds: 0 })
  expect(fresh.chapters.map(({ status, segmentsDone }) => [status, segmentsDone])).toEqual([
    ['none', 0],
    ['none', 0],
  ])
  // Once it is requested, existing clips count.
  const id = await api.generate(other.id, [1], { voice: 'odd:hum' })
  await api.finished(id)
  const begun = await listed(api, other.id)
  expect(begun.chapters.map(({ status }) => status)).toEqual(['completed', 'none'])
  expect(begun.chapters[1]?.segmentsDone).toBe(0)
})
