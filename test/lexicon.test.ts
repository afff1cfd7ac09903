import { expect, test } from 'vitest'
import type {
  LexiconPlan,
  WantedEntriesBody,
  WantedEntryBody,
} from '../src/http/contract/lexicon-contract.ts'
import { sayChapters } from '../src/jobs/lexicon/apply-lexicon.ts'
import { endLexicon, noteProgress, wantLexicon } from '../src/storage/queries/lexicon-book-queries.ts'
import { chaptersOf, segmentsOf, storedChapterText } from '../src/storage/queries/chapter-queries.ts'
import { bookWithSounds } from './fixtures/book-with-sounds.ts'
import { insertSmallNovel } from './fixtures/small-novel.ts'
import { answer } from './program/api-client.ts'
import { oddSpeechServer } from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { audioOf, clipKeys, LexiconOf } from './program/lexicon-client.ts'
import { waitUntil } from './program/wait-until.ts'
import { hums, insertDesk } from './program/speech-desk.ts'

// Words are said otherwise, through the API alone.

const story = new TextEncoder().encode(`Chapter 1

The lamp was lit in the kitchen of Zorphane, and the rain beat upon the window.

Nobody was at home but the cat, and the cat slept beside the stove all night.

Chapter 2

The road lay white before them in the moon, and the mill stood still by the river.

Zorphane’s mill had not turned for years, and nobody knew who had the key to it.

Chapter 3

In the morning the rain had stopped, and all the birds of the valley sang at once.
`)

type Here = Awaited<ReturnType<typeof startApplication>>

async function spokenOf({ application: { db } }: Here, novelId: string): Promise<string[]> {
  const chapters = await chaptersOf(db, novelId)
  const segments = await Promise.all(chapters.map(({ id }) => segmentsOf(db, id)))
  return segments.flat().map(({ spoken }) => spoken)
}

async function textsOf({ application: { db } }: Here, novelId: string) {
  const chapters = await chaptersOf(db, novelId)
  return Promise.all(chapters.map(({ id }) => storedChapterText(db, id)))
}

test('a name is said otherwise: only its segments are spoken again, and nothing when that is undone', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const lexicon = new LexiconOf(api, novel.id)
  expect(await lexicon.view()).toMatchObject({
    state: 'none',
    scopes: [
      { scope: 'novel', entries: [] },
      { scope: 'all', entries: [] },
    ],
  })
  const progressId = await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  await api.finished(progressId)
  const [keys, texts, before] = [
    await clipKeys(here),
    await textsOf(here, novel.id),
    await spokenOf(here, novel.id),
  ]
  const untouched = await audioOf(here, novel.id, 3)

  const change = { put: [{ written: 'Zorphane', words: 'Zor-fane' }] }
  const { plan } = await answer<{ plan: LexiconPlan }>(
    api.post(`${lexicon.path}/plan`, { scope: 'novel', ...change }),
  )
  expect(plan).toMatchObject({ segments: 2, chapters: 2, novels: 1 })
  expect(plan.seconds).toBeGreaterThan(0)
  await answer(lexicon.put(change))
  expect(await lexicon.settled()).toMatchObject({ state: 'applied', waiting: 0 })
  await api.finished(progressId)
  const after = await spokenOf(here, novel.id)
  expect(after).toEqual(before.map((spoken) => spoken.replace('Zorphane', 'Zor-fane')))
  const added = (await clipKeys(here)).filter((key) => !keys.includes(key))
  expect(added).toHaveLength(plan.segments)
  expect(await audioOf(here, novel.id, 3)).toEqual(untouched)
  expect(await api.json(`/api/novels/${novel.id}/review`)).toMatchObject({
    review: { undo: { kind: 'lexicon' } },
  })

  // Taken back, every segment has its old key, whose clip is there still.
  const spokenAnew: string[] = []
  using _ = here.application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken') spokenAnew.push(event.segment.novelId)
  })
  await answer(lexicon.revert('undo'))
  expect(await lexicon.settled()).toMatchObject({
    state: 'applied',
    scopes: [{ entries: [], redo: true }, {}],
  })
  await api.finished(progressId)
  expect(await textsOf(here, novel.id)).toEqual(texts)
  await answer(lexicon.revert('redo'))
  await lexicon.settled()
  await api.finished(progressId)
  expect(await spokenOf(here, novel.id)).toEqual(after)
  expect(spokenAnew).toEqual([])
  expect(await (await lexicon.revert('redo')).json()).toMatchObject({ code: 'lexicon.nothing' })

  // The edit of the chapters can be undone apart from the list of words, which tells that.
  await answer(api.post(`/api/novels/${novel.id}/edits/undo`, {}))
  expect(await lexicon.view()).toMatchObject({ state: 'undone' })
  expect(await textsOf(here, novel.id)).toEqual(texts)
  await answer(api.post(`/api/novels/${novel.id}/edits/redo`, {}))
  expect(await lexicon.view()).toMatchObject({ state: 'applied' })
  expect(await spokenOf(here, novel.id)).toEqual(after)
  await answer(api.post(`/api/novels/${novel.id}/edits/undo`, {}))
  await answer(api.post(`${lexicon.path}/apply`, {}))
  expect(await lexicon.settled()).toMatchObject({ state: 'applied' })
  expect(await spokenOf(here, novel.id)).toEqual(after)
})

test('entries replace each other, are changed and removed, and bad ones are refused with a reason', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const lexicon = new LexiconOf(api, novel.id)
  await answer(
    lexicon.put({
      put: [
        { written: 'Zorphane', words: 'one' },
        { written: 'mill', words: 'two' },
      ],
    }),
  )
  await answer(lexicon.put({ put: [{ written: 'zorphane', ipa: 'zˈɔɹfeɪn' }] }))
  const entries = await lexicon.entries()
  const [mill, name] = entries.map(({ id }) => id)
  expect(entries).toEqual([
    { id: mill, written: 'mill', words: 'two', caseSensitive: false, stem: true },
    { id: name, written: 'zorphane', ipa: 'zˈɔɹfeɪn', caseSensitive: false, stem: true },
  ])
  await answer(lexicon.put({ put: [{ id: name!, written: 'Zorphan', words: 'three' }], remove: [mill!] }))
  expect(await lexicon.entries()).toMatchObject([{ id: name, written: 'Zorphan', words: 'three' }])
  await answer(lexicon.revert('undo'))
  expect(await lexicon.entries()).toEqual(entries)
  const bad: [Partial<WantedEntriesBody>, string, string][] = [
    [{ put: [{ written: 'x', ipa: 'a☃' }] }, 'lexicon.impossible', '☃'],
    [{ put: [{ written: 'x' }] }, 'lexicon.impossible', 'either other words or IPA'],
    [{ scope: 'series', put: [] }, 'lexicon.no-series', ''],
  ]
  for (const [body, code, detail] of bad) {
    const refused = await lexicon.put(body)
    expect(refused.status).toBe(code === 'lexicon.no-series' ? 409 : 422)
    const told = (await refused.json()) as { code: string; error: string }
    expect(told.code).toBe(code)
    expect(told.error).toContain(detail)
  }
  // As long as a list may be.
  const put = Array.from({ length: 5000 }, (_, at) => ({
    written: `ề${at}`.padEnd(100, 'ề'),
    words: 'ề'.repeat(200),
  }))
  expect((await lexicon.api.post(`${lexicon.path}/plan`, { scope: 'novel', put })).status).toBe(200)
  await lexicon.settled()
})

test('a new book is said as all are, a restored line too, and a change for all reaches every book', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel: first } = await api.add(story, 'story.txt')
  const lexicon = new LexiconOf(api, first.id)
  await answer(lexicon.put({ scope: 'all', put: [{ written: 'Zorphane', words: 'Zor-fane' }] }))
  await lexicon.settled()
  const more = new TextEncoder().encode(`${new TextDecoder().decode(story)}\nZorphane slept.\n`)
  const { novel: second } = await api.add(more, 'more.txt')
  const said = await spokenOf(here, second.id)
  expect(said.filter((spoken) => spoken.includes('Zor-fane'))).toHaveLength(3)
  expect(said.join(' ')).not.toContain('Zorphane')
  expect(await new LexiconOf(api, second.id).view()).toMatchObject({ state: 'none', waiting: 0 })
  // The book’s own list goes before.
  await answer(new LexiconOf(api, second.id).put({ put: [{ written: 'Zorphane', words: 'Zed' }] }))
  await new LexiconOf(api, second.id).settled()
  expect((await spokenOf(here, second.id)).filter((spoken) => spoken.includes('Zed'))).toHaveLength(3)
  await answer(lexicon.revert('undo', 'all'))
  await waitUntil(async () => (await lexicon.view()).waiting === 0)
  expect((await spokenOf(here, first.id)).join(' ')).toContain('Zorphane')
  expect((await spokenOf(here, second.id)).join(' ')).toContain('Zed')
  // In the trash it is not brought up to date, but when it comes back.
  await api.fetch(`/api/novels/${first.id}`, { method: 'DELETE' })
  await answer(new LexiconOf(api, second.id).revert('redo', 'all'))
  await answer(api.post(`/api/trash/${first.id}/restore`, {}))
  await lexicon.settled()
  expect((await spokenOf(here, first.id)).join(' ')).toContain('Zor-fane')
})

const speaks = hums('bella')

test('a word is heard in the first sentence of the book that has it, before it is kept', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication({ work: false })
  const { api, application } = here
  await insertDesk(application.db, desk.address, 'bella')
  await application.voices.reload()
  const { novel } = await api.add(story, 'story.txt')
  const lexicon = new LexiconOf(api, novel.id)
  await answer(lexicon.put({ put: [{ written: 'mill', words: 'meel' }] }))
  await lexicon.settled()
  const hear = (body: { entry: WantedEntryBody; sentence?: string }) =>
    api.post(`${lexicon.path}/hear`, { voice: 'server:desk:bella', ...body })
  const heard = await hear({ entry: { written: 'Zorphane', words: 'Zor-fane' } })
  expect([heard.status, heard.headers.get('content-type')]).toEqual([200, 'audio/mp4'])
  await hear({ entry: { written: 'Zorphane', ipa: 'zˈɔɹfeɪn' }, sentence: 'Zorphane’s mill stood.' })
  const inputs = desk.heard.flatMap(({ body }) => (body?.['input'] === undefined ? [] : [body['input']]))
  expect(inputs.slice(-2)).toEqual([
    'The lamp was lit in the kitchen of Zor-fane, and the rain beat upon the window.',
    // A server has no IPA: it gets the word.
    'Zorphane’s meel stood.',
  ])
  expect((await hear({ entry: { written: 'x', ipa: '☃' } })).status).toBe(422)
  expect(await lexicon.entries()).toHaveLength(1)
})

test('what a book itself says of its words is told, can be switched off, and on again', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await api.add(await bookWithSounds(), 'said.epub')
  const lexicon = new LexiconOf(api, novel.id)
  const sentence = async () => (await spokenOf(here, novel.id)).find((spoken) => spoken.includes('Kitty'))
  const own = '\ufff9Darcy\ufffaˈdɑːsi\ufffb met \ufff9Kitty\ufffaˈkɪti\ufffb and the others.'
  expect(await sentence()).toBe(own)
  const entries = await lexicon.entries()
  expect(entries).toMatchObject([
    { written: 'Kitty', ipa: 'ˈkɪti', fromBook: 'text' },
    { written: 'Darcy', ipa: 'ˈdɑːsi', fromBook: 'lexicon' },
  ])
  const keep = async (...put: WantedEntriesBody['put'] & object) => {
    await answer(lexicon.put({ put }))
    await lexicon.settled()
  }
  const switched = entries.map((each) => {
    const { fromBook: _, ...entry } = each
    return { ...entry, off: true }
  })
  await keep(...switched)
  expect(await sentence()).toBe('Darcy met Kitty and the others.')
  expect(await lexicon.entries()).toEqual(entries.map((entry) => ({ ...entry, off: true })))
  expect(await (await api.fetch(`${lexicon.path}.pls`)).text()).not.toContain('Darcy')
  await keep(...switched.map((entry) => ({ ...entry, off: false })))
  expect(await sentence()).toBe(own)
  expect(await lexicon.entries()).toEqual(entries)
  // What somebody says otherwise is the book’s no longer.
  await keep({ ...switched[0]!, ipa: 'ˈkætɪ', off: false })
  expect(await sentence()).toBe(own.replace('ˈkɪti', 'ˈkætɪ'))
  expect((await lexicon.entries())[0]).not.toHaveProperty('fromBook')
  await answer(lexicon.revert('undo'))
  await lexicon.settled()
  expect(await sentence()).toBe(own)
})

test('how far one long book is tells its row, until it is said so', async () => {
  await using here = await startApplication({ work: false })
  const { db } = here.application
  const { novel } = await here.api.add(story, 'story.txt')
  const lexicon = new LexiconOf(here.api, novel.id)
  await wantLexicon(db, [novel.id], 'first')
  expect(await lexicon.view()).toMatchObject({ state: 'waiting' })
  expect(await lexicon.view()).not.toHaveProperty('progress')
  await noteProgress(db, novel.id, 'first', { done: 2, total: 3 })
  expect((await lexicon.view()).progress).toEqual({ done: 2, total: 3 })
  // Of an earlier wish it says nothing.
  await wantLexicon(db, [novel.id], 'second')
  await noteProgress(db, novel.id, 'first', { done: 3, total: 3 })
  expect(await lexicon.view()).not.toHaveProperty('progress')
  await endLexicon(db, novel.id, 'second', 'applied')
  await noteProgress(db, novel.id, 'second', { done: 3, total: 3 })
  expect(await lexicon.view()).toMatchObject({ state: 'applied' })
})

test('a book of many characters is gone through in parts, and tells each', async () => {
  await using here = await startApplication({ work: false })
  const { db } = here.application
  const chapters = Array.from({ length: 12 }, (_, at) => [`Zorphane ${at}. ${'It rained. '.repeat(9000)}`])
  const novelId = await insertSmallNovel(db, chapters)
  const lexicon = {
    language: 'en',
    scopes: [[{ written: 'Zorphane', words: 'Zed', caseSensitive: false, stem: true }]],
  }
  const told: number[] = []
  const rows = await chaptersOf(db, novelId)
  const said = await sayChapters(db, rows, lexicon, { onSaid: async (done) => void told.push(done) })
  expect(said.size).toBe(12)
  expect(told.length).toBeGreaterThan(1)
  expect(told).toEqual(told.toSorted((one, other) => one - other))
  expect(told.at(-1)).toBe(12)
})
