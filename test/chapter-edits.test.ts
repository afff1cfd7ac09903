import { expect, test } from 'vitest'
import type { ChapterCommandBody, Review } from '../src/http/contract/review-contract.ts'
import type { Block, Skip } from '../src/novel/novel.ts'
import type { Segment } from '../src/novel/segment.ts'
import type { Database } from '../src/storage/database-tables.ts'
import { bookmarksOf, saveBookmark } from '../src/storage/queries/bookmark-queries.ts'
import { chaptersOf, storedChapterText } from '../src/storage/queries/chapter-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from '../src/storage/queries/playback-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { editChapters as edit } from './program/chapter-edits.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

const sound = { voice: 'odd:hum' }

/** Everything of a novel's chapters but their ids. */
async function contentOf(db: Database, novelId: string) {
  const rows = await chaptersOf(db, novelId)
  return Promise.all(rows.map(async ({ id, ...row }) => ({ ...row, ...(await storedChapterText(db, id)) })))
}

const titles = ({ chapters }: Review): string[] => chapters.map(({ title }) => title)

test('only the segments that change are spoken again when chapters are merged and split, and none when that is undone', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel } = await api.add(longStory(3, 4), 'story.txt')
  const progressId = await api.generate(novel.id, undefined, sound)
  const other = await api.generate(novel.id, [3], sound)
  await api.finished(progressId)
  let spoken: string[] = []
  using _ = application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken')
      spoken.push(`${event.segment.chapterNumber}/${event.segment.index}`)
  })
  const settled = async (total: number) => {
    await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
    expect(await api.progress(progressId)).toMatchObject({ segmentsTotal: total, segmentsDone: total })
    const found = spoken
    spoken = []
    return found
  }
  const before = await contentOf(application.db, novel.id)
  // The second chapter's first segment has no silence before it any more.
  const merged = await edit(api, novel.id, { kind: 'merge', chapterNumber: 1 })
  expect(titles(merged)).toEqual(['Chapter 1', 'Chapter 3'])
  expect(merged).toMatchObject({ undo: { kind: 'merge', chapterNumber: 1 }, redo: null })
  expect(await settled(15)).toEqual(['1/5'])
  const recording = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.mp3?voice=odd:hum`)
  expect(recording.status).toBe(202)
  const { tags } = await application.db.selectFrom('recordings').select('tags').executeTakeFirstOrThrow()
  expect(JSON.parse(tags)).toMatchObject({ number: 1, of: 2 })
  expect((await api.progress(other)).chapters).toMatchObject([{ chapterNumber: 2, title: 'Chapter 3' }])
  // Whoever asks for one that is gone is told how many there are now.
  for (const answer of [
    await api.fetch(`/api/novels/${novel.id}/chapters/3`),
    await api.fetch(`/api/novels/${novel.id}/book.m4b?chapters=3`),
    await api.post('/api/worker/generate/batch', { novelId: novel.id, chapterNumbers: [3] }),
  ])
    expect(await answer.json()).toMatchObject({
      code: 'chapter.unknown',
      details: { chapterNumber: 3, chapterCount: 2 },
    })
  const split = await edit(api, novel.id, { kind: 'split', chapterNumber: 1, block: 2, title: 'Later' })
  expect(titles(split)).toEqual(['Chapter 1', 'Later', 'Chapter 3'])
  expect(await settled(15)).toEqual(['2/0'])
  expect((await api.progress(progressId)).chapters.map((each) => each.title)).toEqual(titles(split))
  await edit(api, novel.id, 'undo')
  expect(await settled(15)).toEqual([])
  const undone = await edit(api, novel.id, 'undo')
  expect(undone).toMatchObject({ undo: null, redo: { kind: 'merge' } })
  expect(await settled(15)).toEqual([])
  expect(await contentOf(application.db, novel.id)).toEqual(before)
  expect((await api.progress(other)).chapters).toMatchObject([{ chapterNumber: 3 }])
  await edit(api, novel.id, 'redo')
  expect(await settled(15)).toEqual([])
  expect((await api.post(`/api/novels/${novel.id}/edits/undo`, {})).status).toBe(200)
  const nothing = await api.post(`/api/novels/${novel.id}/edits/undo`, {})
  expect([nothing.status, await nothing.json()]).toMatchObject([409, { code: 'edit.nothing' }])
  // What was undone cannot be done again after something else.
  await edit(api, novel.id, { kind: 'rename', chapterNumber: 2, title: 'The second' })
  expect((await api.post(`/api/novels/${novel.id}/edits/redo`, {})).status).toBe(409)
})

test('a preview tells what would be made anew, and changes nothing', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { novel } = await api.add(longStory(2, 3), 'story.txt')
  const headers = { 'content-type': 'application/json' }
  await api.fetch(`/api/novels/${novel.id}`, { method: 'PATCH', headers, body: JSON.stringify(sound) })
  const preview = async (command: ChapterCommandBody) =>
    (await (await api.post(`/api/novels/${novel.id}/edits/preview`, command)).json()) as unknown
  const merge = { kind: 'merge', chapterNumber: 1 } as const
  expect(await preview(merge)).toMatchObject({ remade: { segments: 0 } })
  await api.finished(await api.generate(novel.id))
  const before = await contentOf(application.db, novel.id)
  expect(await preview(merge)).toMatchObject({ remade: { segments: 1, chapters: 1 } })
  expect(await preview({ kind: 'rename', chapterNumber: 1, title: 'A' })).toMatchObject({
    remade: { segments: 0 },
  })
  expect(await contentOf(application.db, novel.id)).toEqual(before)
  for (const [command, status] of [
    [{ kind: 'merge', chapterNumber: 2 }, 422],
    [{ kind: 'merge', chapterNumber: 9 }, 404],
    [{ kind: 'split', chapterNumber: 1, block: 99 }, 422],
    [{ kind: 'move', first: 1, last: 1, to: 1 }, 422],
    [{ kind: 'move', first: 1, last: 2, to: 2 }, 422],
    [{ kind: 'restore', skips: [{ chapterNumber: 1, index: 0 }] }, 404],
    [{ kind: 'rename', chapterNumber: 1, title: ' ' }, 400],
  ] as const) {
    expect((await api.post(`/api/novels/${novel.id}/edits`, command)).status, JSON.stringify(command)).toBe(
      status,
    )
  }
})

test('the position, what was heard, and the order of parts go along', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { db, playbackPriorities } = here.application
  const novelId = await insertSmallNovel(db, [['One.', 'Two.'], ['Three.', 'Four.'], ['Five.'], ['Six.']])
  const place = async () => {
    const { chapterNumber, segment } = (await positionOf(db, { listener: 'home', novelId }))!
    return [chapterNumber, segment]
  }
  const heard = async () =>
    (await heardOf(db, 'home', novelId)).map(({ chapterNumber, ranges }) => [chapterNumber, ranges])
  await savePosition(db, { listener: 'home', novelId }, { chapterNumber: 2, segment: 1, seconds: 2 })
  playbackPriorities.update(novelId, 2, 1, Date.now())
  const of = { listener: 'home', novelId }
  await saveBookmark(db, of, { id: 'mark', chapterNumber: 2, at: 1, note: '' })
  const marked = async () =>
    (await bookmarksOf(db, of)).map((each) => [each.chapterNumber, each.segment, each.quote])
  await addHeard(db, { listener: 'home', novelId, chapterNumber: 1 }, [1, 1])
  await addHeard(db, { listener: 'home', novelId, chapterNumber: 2 }, [0, 0])
  await addHeard(db, { listener: 'home', novelId, chapterNumber: 4 }, [0, 0])
  const begun = await heard()
  await edit(api, novelId, { kind: 'merge', chapterNumber: 1 })
  expect(await place()).toEqual([1, 3])
  expect(await marked()).toEqual([[1, 3, 'Four.']])
  expect([...playbackPriorities.urgent(Date.now())][0]).toMatchObject({ chapterNumber: 1, from: 3 })
  expect(await heard()).toEqual([
    [1, [[1, 2]]],
    [3, [[0, 0]]],
  ])
  await edit(api, novelId, { kind: 'move', first: 2, last: 3, to: 1 })
  expect(await place()).toEqual([3, 3])
  expect(await marked()).toEqual([[3, 3, 'Four.']])
  expect(await heard()).toEqual([
    [2, [[0, 0]]],
    [3, [[1, 2]]],
  ])
  const parted = await edit(api, novelId, { kind: 'part', first: 1, last: 2, part: 'Book the last' })
  expect(parted.chapters.map(({ title, part }) => [title, part])).toEqual([
    ['Chapter 3', 'Book the last'],
    ['Chapter 4', 'Book the last'],
    ['Chapter 1', undefined],
  ])
  const left = await edit(api, novelId, { kind: 'narrate', chapterNumbers: [1, 3], narrated: false })
  expect(left.chapters.map(({ narrated, reason }) => [narrated, reason])).toEqual([
    [false, 'chosen'],
    [true, 'story'],
    [false, 'chosen'],
  ])
  expect(left.chapters[2]?.firstWords).toBe('One. Two. Three. Four.')
  for (let at = 0; at < 4; at++) await edit(api, novelId, 'undo')
  expect(await place()).toEqual([2, 1])
  expect(await marked()).toEqual([[2, 1, 'Four.']])
  expect(await heard()).toEqual(begun)
})

/** Deterministic, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
}

function everyCharacter(content: Awaited<ReturnType<typeof contentOf>>): string[] {
  return content
    .flatMap((chapter) => (JSON.parse(chapter.blocks ?? '[]') as Block[]).map(({ text }) => text))
    .sort()
}

/** Segments and skips of each block lie one behind the other and leave nothing out. */
function expectTiled(content: Awaited<ReturnType<typeof contentOf>>): void {
  for (const { blocks, skips, segments, segmentCount } of content) {
    const found = JSON.parse(segments ?? '[]') as Segment[]
    expect(found.length).toBe(segmentCount)
    for (const [block, { text }] of (JSON.parse(blocks ?? '[]') as Block[]).entries()) {
      const ranges = [...found, ...(JSON.parse(skips ?? '[]') as Skip[])]
        .filter((one) => one.block === block && one.start < one.end)
        .toSorted((one, other) => one.start - other.start)
      let at = 0
      for (const { start, end } of ranges) {
        expect(start).toBe(at)
        at = end
      }
      expect(at).toBe(text.length)
    }
  }
}

test('after any edits every character is there once, and undoing all of them gives the chapters as they were', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { db } = here.application
  const { novel } = await api.add(longStory(8, 4), 'story.txt')
  const before = await contentOf(db, novel.id)
  const texts = everyCharacter(before)
  for (const seed of [Math.floor(Math.random() * 1e6), 2]) {
    const pick = random(seed)
    let done = 0
    let left = before.length
    for (let at = 0; at < 10; at++) {
      const one = 1 + pick(left)
      const last = Math.min(left, one + pick(3))
      const commands: ChapterCommandBody[] = [
        { kind: 'merge', chapterNumber: one },
        { kind: 'split', chapterNumber: one, block: 1 + pick(6) },
        { kind: 'move', first: one, last, to: 1 + pick(left) },
        { kind: 'rename', chapterNumber: one, title: `Name ${seed}/${at}` },
        { kind: 'narrate', chapterNumbers: [one, last], narrated: pick(2) === 0 },
        { kind: 'part', first: one, last, part: pick(3) === 0 ? null : `Part ${at}` },
      ]
      const answer = await api.post(`/api/novels/${novel.id}/edits`, commands[pick(commands.length)])
      expect([200, 422], `seed ${seed}`).toContain(answer.status)
      if (answer.status !== 200) continue
      done++
      const content = await contentOf(db, novel.id)
      left = content.length
      expect(content.map(({ number }) => number)).toEqual(content.map((_, index) => index + 1))
      expect(everyCharacter(content)).toEqual(texts)
      expectTiled(content)
    }
    const after = await contentOf(db, novel.id)
    for (let at = 0; at < done; at++) await edit(api, novel.id, 'undo')
    expect(await contentOf(db, novel.id)).toEqual(before)
    for (let at = 0; at < done; at++) await edit(api, novel.id, 'redo')
    expect(await contentOf(db, novel.id)).toEqual(after)
    for (let at = 0; at < done; at++) await edit(api, novel.id, 'undo')
  }
  // What was undone and then overwritten goes, and a deleted novel takes what was replaced with it.
  await edit(api, novel.id, { kind: 'merge', chapterNumber: 1 })
  await api.fetch(`/api/novels/${novel.id}`, { method: 'DELETE' })
  expect(await api.json('/api/trash')).toMatchObject({ novels: [{ chapterCount: before.length - 1 }] })
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  await waitUntil(async () => (await db.selectFrom('chapters').select('id').execute()).length === 0)
  await waitUntil(async () => (await db.selectFrom('novels').select('id').execute()).length === 0)
  expect(await db.selectFrom('chapterEdits').select('number').execute()).toEqual([])
})
