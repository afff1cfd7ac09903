import { expect, test } from 'vitest'
import type {
  HeadingOutline,
  Headings,
  ReadAgainBody,
  ReadAgainPreview,
} from '../src/http/contract/review-contract.ts'
import type { Database } from '../src/storage/database-tables.ts'
import { bookmarksOf, saveBookmark } from '../src/storage/queries/bookmark-queries.ts'
import { chaptersOf, storedChapterText } from '../src/storage/queries/chapter-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from '../src/storage/queries/playback-queries.ts'
import { buildEpub } from './fixtures/epub.ts'
import type { Api } from './program/api-client.ts'
import { editChapters as edit } from './program/chapter-edits.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

const sound = { voice: 'odd:hum' }

/** A book whose chapters are called days, which is no heading word. */
function dayBook(days: number): string {
  const lines = ['The Book of Days', '']
  for (let day = 1; day <= days; day++) {
    lines.push(`Day ${day}. The mill`, '')
    for (let at = 1; at <= 3; at++)
      lines.push(`On day ${day} the miller said number ${at} again, and the river did not answer him.`, '')
  }
  return lines.join('\n')
}

const bytes = (text: string) => new TextEncoder().encode(text)

async function preview(api: Api, novelId: string, command: ReadAgainBody): Promise<ReadAgainPreview> {
  const answer = await api.post(`/api/novels/${novelId}/headings/preview`, command)
  if (answer.status !== 200) throw new Error(await answer.text())
  return ((await answer.json()) as { preview: ReadAgainPreview }).preview
}

async function contentOf(db: Database, novelId: string) {
  const rows = await chaptersOf(db, novelId)
  return Promise.all(rows.map(async (row) => ({ ...row, ...(await storedChapterText(db, row.id)) })))
}

const titles = ({ chapters }: { chapters: readonly { title: string }[] }): string[] =>
  chapters.map(({ title }) => title)

const days: ReadAgainBody = { kind: 'headings', rule: { kind: 'pattern', pattern: 'Day {number}.*' } }

test('the chapters of a plain text are found by another rule while it is spoken, and clips, place, marks and bookmarks go along', async () => {
  await using here = await startApplication()
  const { api } = here
  const { db, eventBus } = here.application
  const { novel } = await api.add(bytes(dayBook(3)), 'days.txt')
  const headers = { 'content-type': 'application/json' }
  await api.fetch(`/api/novels/${novel.id}`, { method: 'PATCH', headers, body: JSON.stringify(sound) })
  const of = { listener: 'home', novelId: novel.id }
  expect(novel.chapterCount).toBe(1)
  const { headings } = await api.json<{ headings: Headings }>(`/api/novels/${novel.id}/headings`)
  expect(headings.rule).toEqual({ kind: 'automatic' })
  expect(headings.rules.find(({ rule }) => rule.kind === 'none')).toMatchObject({ chapters: 1 })
  expect((await preview(api, novel.id, days)).staying).toBe(0)
  // The outline, which waits for no sentence, has the very chapters of the preview.
  const rule = days.kind === 'headings' && days.rule
  const { outline } = (await (
    await api.post(`/api/novels/${novel.id}/headings/outline`, { rule })
  ).json()) as { outline: HeadingOutline }
  const whole = await preview(api, novel.id, days)
  expect(outline.chapters).toEqual(whole.chapters.map(({ kept: _kept, ...chapter }) => chapter))
  const progressId = await api.generate(novel.id)
  await api.finished(progressId)
  const before = await contentOf(db, novel.id)
  const segments = before[0]!.segmentCount
  await savePosition(db, of, { chapterNumber: 1, segment: segments - 1, seconds: 20 })
  await addHeard(db, { ...of, chapterNumber: 1 }, [0, segments - 2])
  await saveBookmark(db, of, { id: 'mark', chapterNumber: 1, at: segments - 1, note: 'Here' })

  const seen = await preview(api, novel.id, days)
  expect(titles(seen).slice(-3)).toEqual(['Day 1. The mill', 'Day 2. The mill', 'Day 3. The mill'])
  expect(seen).toMatchObject({ chaptersNow: 1, unfound: 0, restored: 0 })
  const total = seen.staying + seen.remade.segments
  // Only headings and what stands before silence sound different.
  expect(seen.staying).toBeGreaterThanOrEqual(6)
  expect(await contentOf(db, novel.id)).toEqual(before)

  let spoken = 0
  using _ = eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken') spoken++
  })
  const cut = await edit(api, novel.id, days)
  expect(titles(cut)).toEqual(titles(seen))
  expect(cut).toMatchObject({ undo: { kind: 'headings', chapterNumber: 1 } })
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  expect(spoken).toBe(seen.remade.segments)
  expect(await api.progress(progressId)).toMatchObject({ segmentsTotal: total, segmentsDone: total })
  const last = cut.chapters.length
  expect(await positionOf(db, of)).toMatchObject({ chapterNumber: last })
  expect(await bookmarksOf(db, of)).toMatchObject([
    { chapterNumber: last, quote: expect.stringContaining('On day 3') },
  ])
  expect((await heardOf(db, 'home', novel.id)).map((each) => each.chapterNumber)).toEqual(
    cut.chapters.map(({ number }) => number),
  )
  expect((await api.json<{ headings: Headings }>(`/api/novels/${novel.id}/headings`)).headings.rule).toEqual(
    days.kind === 'headings' && days.rule,
  )
  // A chapter that has the same text by the next rule too stays, with the name that it was given.
  await edit(api, novel.id, { kind: 'rename', chapterNumber: last, title: 'The last day' })
  const two = await edit(api, novel.id, {
    kind: 'headings',
    rule: { kind: 'pattern', pattern: 'Day 1*|Day 3*' },
  })
  expect(titles(two).slice(-2)).toEqual(['Day 1. The mill', 'The last day'])
  for (const _ of [1, 2, 3]) await edit(api, novel.id, 'undo')
  expect(await contentOf(db, novel.id)).toEqual(before)
  expect(await positionOf(db, of)).toMatchObject({ chapterNumber: 1, segment: segments - 1 })
  expect(await bookmarksOf(db, of)).toMatchObject([{ chapterNumber: 1, segment: segments - 1 }])
  // The title was the first sentence, and stood on no page that is spoken in between.
  expect((await heardOf(db, 'home', novel.id)).map((each) => each.ranges)).toEqual([[[1, segments - 2]]])
  await edit(api, novel.id, 'redo')
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  expect(await api.progress(progressId)).toMatchObject({ segmentsTotal: total })
})

test('what cannot be done is told, and changes nothing', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(bytes(dayBook(2)), 'days.txt')
  const refused = async (path: string, body: unknown) => {
    const answer = await api.post(`/api/novels/${novel.id}/${path}`, body)
    return [answer.status, ((await answer.json()) as { code: string }).code]
  }
  const by = (pattern: string): ReadAgainBody => ({ kind: 'headings', rule: { kind: 'pattern', pattern } })
  expect(await refused('headings/preview', by('Night {number}'))).toEqual([422, 'headings.none'])
  expect(await refused('edits', by('Night {number}'))).toEqual([422, 'headings.none'])
  expect(await refused('edits/preview', by('{numbr}'))).toEqual([422, 'headings.pattern'])
  expect(await refused('headings/preview', by('x'.repeat(300)))).toEqual([400, 'request.invalid'])
  expect(await refused('edits', { kind: 'headings', rule: { kind: 'none' } })).toEqual([
    422,
    'edit.impossible',
  ])
  expect(await refused('edits', { kind: 'reread' })).toEqual([422, 'edit.impossible'])
  await here.application.objects.delete([`sources/${novel.id}`])
  expect(await refused('edits', { kind: 'reread' })).toEqual([404, 'headings.no-source'])
})

/** As an earlier version has imported them: without emphasis. */
async function forgetMarks(db: Database, novelId: string): Promise<void> {
  for (const { id } of await chaptersOf(db, novelId)) {
    const { blocks } = (await storedChapterText(db, id))!
    const plain = (JSON.parse(blocks) as { marks?: unknown }[]).map((block) => ({
      ...block,
      marks: undefined,
    }))
    await db
      .updateTable('chapterTexts')
      .set({ blocks: JSON.stringify(plain) })
      .where('chapterId', '=', id)
      .execute()
  }
}

test('a book that was imported before emphasis was kept gains it, with its chapters as somebody arranged them', async () => {
  await using here = await startApplication()
  const { api } = here
  const { db } = here.application
  const pages = [1, 2, 3, 4, 5].map((day) => ({
    name: `${day}.xhtml`,
    body: `<h1>Chapter ${day}</h1>${[1, 2, 3].map((at) => `<p>On day ${day} she said <em>number ${at}</em> again.</p>`).join('')}`,
  }))
  const { novel } = await api.add(await buildEpub({ pages }), 'chapters.epub')
  const progressId = await api.generate(novel.id, undefined, sound)
  await api.finished(progressId)
  const marksOf = async () =>
    (await contentOf(db, novel.id)).map(({ blocks = '' }) => blocks.includes('"marks"'))
  const original = await contentOf(db, novel.id)
  if (!(await marksOf()).some(Boolean)) throw new Error('the book has no emphasis to gain')
  await forgetMarks(db, novel.id)
  const plain = await contentOf(db, novel.id)
  expect(await preview(api, novel.id, { kind: 'reread' })).toMatchObject({
    unfound: 0,
    remade: { segments: 0 },
  })
  const reread = await edit(api, novel.id, { kind: 'reread' })
  expect(reread).toMatchObject({ undo: { kind: 'reread' } })
  const strip = (content: Awaited<ReturnType<typeof contentOf>>) => content.map((row) => ({ ...row, id: 0 }))
  expect(strip(await contentOf(db, novel.id))).toEqual(strip(original))
  expect(await api.progress(progressId)).toMatchObject({ status: 'completed' })
  await edit(api, novel.id, 'undo')
  expect(await contentOf(db, novel.id)).toEqual(plain)

  // Merged, split, moved, renamed and left out.
  await edit(api, novel.id, { kind: 'merge', chapterNumber: 1 })
  await edit(api, novel.id, { kind: 'split', chapterNumber: 1, block: 3, title: 'Later' })
  await edit(api, novel.id, { kind: 'move', first: 4, last: 5, to: 1 })
  await edit(api, novel.id, { kind: 'narrate', chapterNumbers: [2], narrated: false })
  await edit(api, novel.id, { kind: 'rename', chapterNumber: 1, title: 'First' })
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  const arranged = await contentOf(db, novel.id)
  const seen = await preview(api, novel.id, { kind: 'reread' })
  expect(seen).toMatchObject({ unfound: 0, chaptersNow: arranged.length, remade: { segments: 0 } })
  const again = await edit(api, novel.id, { kind: 'reread' })
  expect(again.chapters.map(({ title, narrated }) => [title, narrated])).toEqual(
    arranged.map(({ title, narrated }) => [title, narrated === 1]),
  )
  expect(await marksOf()).toContain(true)
  const spokenOf = (content: Awaited<ReturnType<typeof contentOf>>) => content.map(({ segments }) => segments)
  expect(spokenOf(await contentOf(db, novel.id))).toEqual(spokenOf(arranged))
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  await edit(api, novel.id, 'undo')
  expect(await contentOf(db, novel.id)).toEqual(arranged)
})
