import { afterAll, expect, test } from 'vitest'
import type { Bookmark, MarkedNovel } from '../src/http/contract/bookmark-contract.ts'
import type { Chapter } from '../src/http/contract/novel-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication({ work: false })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const { novel } = await api.add(longStory(2, 6), 'marked.txt')
const { chapter } = await api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/1`)

const ids = [1, 2, 3].map((at) => `01990000-0000-4000-8000-00000000000${at}`)
const send = (path: string, method: string, body?: object) =>
  api.fetch(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
const put = (id: string | undefined, body: object, of = novel.id) =>
  send(`/api/novels/${of}/bookmarks/${id}`, 'PUT', body)
const listed = async () =>
  (await api.json<{ bookmarks: Bookmark[] }>(`/api/novels/${novel.id}/bookmarks`)).bookmarks

test('a sentence is marked once however often it is asked, changed, deleted and brought back as it was', async () => {
  const { block, start, end } = chapter.segments[3]!
  const first = await put(ids[0], { chapterNumber: 1, segment: 3, note: 'Here.' })
  const { bookmark } = (await first.json()) as { bookmark: Bookmark }
  expect(bookmark).toMatchObject({ id: ids[0], chapterNumber: 1, block, start, segment: 3, note: 'Here.' })
  expect(bookmark.quote).toBe(chapter.blocks[block]?.text.slice(start, end).trim())
  await put(ids[0], { chapterNumber: 1, segment: 3, note: 'Here.' })
  // A character within the sentence is its place as well.
  await put(ids[1], {
    chapterNumber: 1,
    block: chapter.segments[1]!.block,
    start: chapter.segments[1]!.start + 2,
  })
  expect((await listed()).map(({ id, segment }) => [id, segment])).toEqual([
    [ids[1], 1],
    [ids[0], 3],
  ])
  await put(ids[0], { chapterNumber: 1, segment: 3, note: 'There.' })
  const [, changed] = await listed()
  expect(changed).toMatchObject({ note: 'There.', createdAt: bookmark.createdAt })

  expect((await send(`/api/novels/${novel.id}/bookmarks/${ids[0]}`, 'DELETE')).status).toBe(204)
  expect(await listed()).toHaveLength(1)
  expect((await send(`/api/novels/${novel.id}/bookmarks/${ids[0]}`, 'DELETE')).status).toBe(404)
  const { chapterNumber, note, createdAt } = changed!
  await put(ids[0], { chapterNumber, block, start, note, createdAt })
  expect((await listed())[1]).toEqual({ ...changed, updatedAt: expect.any(String) })

  for (const [body, status] of [
    [{ chapterNumber: 9, segment: 0 }, 404],
    [{ chapterNumber: 1, segment: 99 }, 404],
    [{ chapterNumber: 1 }, 422],
    [{ chapterNumber: 1, segment: -1 }, 400],
  ] as const)
    expect((await put(ids[2], body)).status, JSON.stringify(body)).toBe(status)
  expect((await put('none', { chapterNumber: 1, segment: 0 })).status).toBe(400)
})

test('bookmarks of all novels are listed, leave as Markdown, and go with their novel', async () => {
  const { novel: other } = await api.add(longStory(1, 4), 'other.txt')
  await put(ids[2], { chapterNumber: 1, segment: 2, note: 'In the *other* one.' }, other.id)
  const all = await api.json<{ novels: MarkedNovel[]; bookmarks: Bookmark[] }>('/api/listener/bookmarks')
  expect(all.novels.map(({ id }) => id)).toEqual([other.id, novel.id])
  expect(all.bookmarks.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]])
  const file = await api.fetch(`/api/novels/${other.id}/bookmarks.md`)
  expect(file.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename=.*\.md"?/)
  expect(await file.text()).toContain(String.raw`In the \*other\* one.`)
  const whole = await (await api.fetch('/api/listener/bookmarks.md')).text()
  expect(whole.match(/^# /gm)).toHaveLength(2)

  await send(`/api/novels/${other.id}?forever=true`, 'DELETE')
  await expect
    .poll(() => application.db.selectFrom('bookmarks').select('novelId').distinct().execute())
    .toEqual([{ novelId: novel.id }])
  expect((await api.json<{ novels: MarkedNovel[] }>('/api/listener/bookmarks')).novels).toHaveLength(1)
})

test('one place that is marked on three devices is one bookmark, unless something is noted there', async () => {
  const { novel: book } = await api.add(longStory(1, 5), 'three.txt')
  const at = { chapterNumber: 1, segment: 2 }
  const id = (nth: number): string => `01990000-0000-4000-8000-0000000001${nth}0`
  const mine = async () =>
    (await api.json<{ bookmarks: Bookmark[] }>(`/api/novels/${book.id}/bookmarks`)).bookmarks
  const answers = await Promise.all(
    [1, 2, 3].map(async (nth) => {
      const response = await put(id(nth), at, book.id)
      return ((await response.json()) as { bookmark: Bookmark }).bookmark.id
    }),
  )
  expect(new Set(answers).size).toBe(1)
  expect((await mine()).map((each) => each.id)).toEqual([answers[0]])
  // With a note it is somebody's thought, which no other takes the place of; and each has a note of its own.
  await put(answers[0], { ...at, note: 'Here.' }, book.id)
  await put(id(4), at, book.id)
  await put(id(5), { ...at, note: 'There.' }, book.id)
  expect((await mine()).map(({ note }) => note).toSorted()).toEqual(['', 'Here.', 'There.'])
  // What is brought back as it was is not another one beside it.
  const [empty] = (await mine()).filter(({ note }) => note === '')
  await send(`/api/novels/${book.id}/bookmarks/${empty!.id}`, 'DELETE')
  await put(empty!.id, { ...at, note: '', createdAt: empty!.createdAt }, book.id)
  expect(await mine()).toHaveLength(3)
})
