import { expect, test } from 'vitest'
import type { CastView } from '../src/http/contract/cast-contract.ts'
import type { LexiconView } from '../src/http/contract/lexicon-contract.ts'
import type { ChapterListed, Novel } from '../src/http/contract/novel-contract.ts'
import type { RecognisedVersion, VersionDifferenceView } from '../src/http/contract/version-contract.ts'
import { bookmarksOf, saveBookmark } from '../src/storage/queries/bookmark-queries.ts'
import { chaptersOf, segmentsOf } from '../src/storage/queries/chapter-queries.ts'
import { addHeard, heardOf, positionOf, savePosition } from '../src/storage/queries/playback-queries.ts'
import { corrected, serialChapters, serialEpub, serialText } from './fixtures/serial.ts'
import { type Api, answer } from './program/api-client.ts'
import { editChapters as edit } from './program/chapter-edits.ts'
import { startApplication } from './program/in-process-application.ts'
import { insertDesk } from './program/speech-desk.ts'
import { waitUntil } from './program/wait-until.ts'

interface Uploaded {
  readonly novel: Novel
  readonly chapters: readonly ChapterListed[]
  readonly version?: RecognisedVersion
  readonly unchanged?: true
}

const sound = { voice: 'odd:hum' }
const name = 'Letters of the Harbour.txt'

async function send(api: Api, file: Uint8Array<ArrayBuffer>, as = name): Promise<Uploaded> {
  return answer<Uploaded>(api.upload(file, as, { separate: false }))
}

async function patch(api: Api, id: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await answer(api.fetch(`/api/novels/${id}`, { method: 'PATCH', headers, body: JSON.stringify(body) }))
}

async function difference(api: Api, { novel, version }: Uploaded): Promise<VersionDifferenceView> {
  const path = `/api/novels/${novel.id}/versions/${version!.id}`
  return (await answer<{ version: VersionDifferenceView }>(api.fetch(path))).version
}

async function take(api: Api, { novel, version }: Uploaded, body: object = {}): Promise<Uploaded> {
  return answer<Uploaded>(api.post(`/api/novels/${novel.id}/versions/${version!.id}/take`, body))
}

/** The text of each segment that is spoken from now on. */
function listen({ application }: Awaited<ReturnType<typeof startApplication>>) {
  const spoken: string[] = []
  const subscription = application.eventBus.subscribe((event) => {
    if (event.kind === 'segment' && event.segment.state === 'spoken')
      spoken.push(`${event.segment.chapterNumber}/${event.segment.index}`)
  })
  return { spoken, [Symbol.dispose]: () => subscription[Symbol.dispose]() }
}

test('a serial grows by 20 chapters and has 3 corrected: exactly the changed sentences are spoken, and everything stays at its sentence', async () => {
  await using here = await startApplication()
  const { api, application } = here
  const { db } = application
  const before = serialChapters(10, 2)
  const { novel } = await send(api, serialText(before))
  await patch(api, novel.id, sound)
  const progressId = await api.generate(novel.id)
  await api.finished(progressId)
  const listener = { listener: 'home', novelId: novel.id }
  // Segment 0 is the heading; each of two paragraphs has two sentences.
  await savePosition(db, listener, { chapterNumber: 5, segment: 4, seconds: 4 })
  await saveBookmark(db, listener, { id: 'mark', chapterNumber: 9, at: 4, note: 'this' })
  await addHeard(db, { ...listener, chapterNumber: 5 }, [1, 4])
  const corrections: [number, number, string][] = [
    [3, 0, 'Evening 3.1 found them in the snow. Nobody spoke of letter 300 again.'],
    // A paragraph more, before what is marked.
    [5, 0, `${before[4]!.paragraphs[0]} Only the dog of the lighthouse keeper knew what it had said.`],
    [9, 0, 'Evening 9.1 had been forgotten by all of them. Somebody knew about letter 900 again.'],
  ]
  const after = [
    ...corrections.reduce((chapters, [number, at, text]) => corrected(chapters, number, at, text), before),
    ...serialChapters(20, 2, 11),
  ]
  using listening = listen(here)
  const { spoken } = listening
  const seen = await send(api, serialText(after))
  expect(seen.novel.id).toBe(novel.id)
  expect(seen.chapters).toHaveLength(10)
  expect(seen.version).toMatchObject({
    fileName: name,
    difference: {
      chaptersNow: 10,
      chaptersThen: 30,
      unchanged: 7,
      added: 20,
      changed: 3,
      gone: 0,
      sentences: 30 * 5 + 1,
      kept: 10 * 5 - 4,
      anew: { segments: 5 },
      new: { segments: 20 * 5 },
    },
  })
  // The shelf has one novel, and the same file again the same question.
  expect((await api.json<{ novels: Novel[] }>('/api/novels')).novels.map(({ id }) => id)).toEqual([novel.id])
  expect((await send(api, serialText(after))).version?.id).toBe(seen.version!.id)
  const shown = await difference(api, seen)
  expect(shown.chapters.map(({ kind, number, changes }) => [kind, number, changes.length])).toEqual([
    ['changed', 3, 1],
    ['changed', 5, 1],
    ['changed', 9, 1],
    ...Array.from({ length: 20 }, (_, at) => ['added', 11 + at, 0]),
  ])
  expect(shown.chapters[0]!.changes).toEqual([
    {
      before: [before[2]!.paragraphs[0]!.split(/ (?=N)/)[0]],
      after: ['Evening 3.1 found them in the snow.'],
    },
  ])
  expect(shown.chapters[1]!.changes).toEqual([
    { before: [], after: ['Only the dog of the lighthouse keeper knew what it had said.'] },
  ])
  expect(spoken).toEqual([])
  await take(api, seen)
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  // The end of a paragraph has another pause when a sentence follows it.
  const anew = ['3/1', '5/2', '5/3', '9/1', '9/2']
  expect(spoken.toSorted()).toEqual(anew)
  expect(await api.progress(progressId)).toMatchObject({
    segmentsTotal: 10 * 5 + 1,
    segmentsDone: 10 * 5 + 1,
  })
  const place = (await positionOf(db, listener))!
  expect([place.chapterNumber, place.segment]).toEqual([5, 5])
  expect(await bookmarksOf(db, listener)).toMatchObject([{ chapterNumber: 9, segment: 4, note: 'this' }])
  expect((await heardOf(db, 'home', novel.id)).map((each) => [each.chapterNumber, each.ranges])).toEqual([
    [
      5,
      [
        [1, 2],
        [4, 5],
      ],
    ],
  ])
  // The file is the novel's, which reads from it what it has.
  expect((await send(api, serialText(after))).version).toBeUndefined()
  expect(new Uint8Array(await (await api.fetch(`/api/novels/${novel.id}/source`)).arrayBuffer())).toEqual(
    serialText(after),
  )
  spoken.length = 0
  const undone = await edit(api, novel.id, 'undo')
  expect(undone.chapters).toHaveLength(10)
  expect(undone.redo).toMatchObject({ kind: 'grow' })
  expect((await positionOf(db, listener))!.segment).toBe(4)
  expect(new Uint8Array(await (await api.fetch(`/api/novels/${novel.id}/source`)).arrayBuffer())).toEqual(
    serialText(before),
  )
  expect((await edit(api, novel.id, 'redo')).chapters).toHaveLength(30)
  expect((await positionOf(db, listener))!.segment).toBe(5)
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  expect(spoken).toEqual([])
})

test('corrections stay: titles, order, what is narrated, what was merged and split', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const before = serialChapters(8, 2)
  const { novel } = await send(api, serialText(before))
  await edit(api, novel.id, { kind: 'rename', chapterNumber: 2, title: 'The second evening' })
  await edit(api, novel.id, { kind: 'narrate', chapterNumbers: [8], narrated: false })
  // 1, 2, 3+4, 5, 6a, 6b, 7, 8
  await edit(api, novel.id, { kind: 'merge', chapterNumber: 3 })
  await edit(api, novel.id, { kind: 'split', chapterNumber: 5, block: 2, title: 'Later that night' })
  const edited = await edit(api, novel.id, { kind: 'move', first: 7, last: 7, to: 1 })
  const titles = [
    'Chapter 7',
    'Chapter 1',
    'The second evening',
    'Chapter 3',
    'Chapter 5',
    'Chapter 6',
    'Later that night',
    'Chapter 8',
  ]
  expect(edited.chapters.map(({ title }) => title)).toEqual(titles)
  const after = [
    ...corrected(
      corrected(
        before,
        4,
        1,
        'Evening 4.2 was quite another one near the lighthouse. Nobody spoke of letter 401 again.',
      ),
      6,
      1,
      'Evening 6.2 was told once more, and otherwise. Nobody spoke of letter 601 again.',
    ),
    ...serialChapters(2, 2, 9),
  ]
  const seen = await send(api, serialText(after))
  expect(seen.version?.difference).toMatchObject({ added: 2, changed: 2, gone: 0, unchanged: 6 })
  const { chapters } = await take(api, seen)
  expect(chapters.map(({ title }) => title)).toEqual([...titles, 'Chapter 9', 'Chapter 10'])
  expect(chapters.map(({ narrated }) => narrated)).toEqual([
    ...titles.map((title) => title !== 'Chapter 8'),
    true,
    true,
  ])
  const text = async (number: number) => {
    const { chapter } = await api.json<{ chapter: { blocks: { text: string }[] } }>(
      `/api/novels/${novel.id}/chapters/${number}`,
    )
    return chapter.blocks.map((block) => block.text)
  }
  expect(await text(4)).toEqual(['Chapter 3', ...before[2]!.paragraphs, 'Chapter 4', ...after[3]!.paragraphs])
  expect([await text(6), await text(7)]).toEqual([
    ['Chapter 6', after[5]!.paragraphs[0]],
    [after[5]!.paragraphs[1]],
  ])
})

test('a cast and a list of words stay: lines keep their voices, and words are said otherwise in what is new too', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const { db } = application
  await insertDesk(db, 'http://127.0.0.1:9', 'bella')
  await application.voices.reload()
  const before = [
    {
      title: 'Chapter 1',
      paragraphs: [
        'The lamp of Zorphane was lit in the kitchen. The rain beat upon the window.',
        '“Who is there?” asked Mrs. Hurst.',
        '“Only Ben, and the rain,” said Ben. “Let us come in.”',
      ],
    },
    {
      title: 'Chapter 2',
      paragraphs: [
        'Nobody said anything for a long time while the clock of Zorphane went on.',
        '“Then come in,” said Mrs. Hurst, and she opened the door to the night.',
      ],
    },
  ]
  const { novel } = await send(api, serialText(before))
  const path = `/api/novels/${novel.id}`
  const castNow = async () => (await api.json<{ cast: CastView }>(`${path}/cast`)).cast
  const castFound = async (): Promise<CastView> => {
    expect((await api.post(`${path}/cast/analysis`, {})).status).toBe(202)
    await waitUntil(async () => (await castNow()).state === 'ready')
    return castNow()
  }
  const applied = async ({ version }: CastView) =>
    (await answer<{ cast: CastView }>(api.post(`${path}/cast/apply`, { version }))).cast
  /** By chapter, what is spoken in her voice and what by the narrator. */
  const spokenBy = async (role: number) => {
    const rows = await chaptersOf(db, novel.id)
    const segments = await Promise.all(rows.map(({ id }) => segmentsOf(db, id)))
    const of = (own: boolean) =>
      segments.map((each) =>
        each.filter((segment) => (segment.role === role) === own).map(({ spoken }) => spoken),
      )
    return { hers: of(true), others: of(false) }
  }

  const found = await castFound()
  const { role } = found.characters.find(({ name }) => name === 'Mrs. Hurst')!
  const characters = found.characters.map((each) => ({
    role: each.role,
    name: each.name,
    names: each.names,
    voice: each.role === role ? 'server:desk:bella' : null,
  }))
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ version: found.version, characters })
  const { cast } = await answer<{ cast: CastView }>(
    api.fetch(`${path}/cast`, { method: 'PUT', headers, body }),
  )
  await applied(cast)
  await answer(
    api.post(`${path}/lexicon/entries`, {
      scope: 'novel',
      put: [{ written: 'Zorphane', words: 'Zor-fane' }],
    }),
  )
  await waitUntil(
    async () => (await api.json<{ lexicon: LexiconView }>(`${path}/lexicon`)).lexicon.state === 'applied',
  )
  const old = await spokenBy(role)
  expect(old.hers).toEqual([['“Who is there?”'], ['“Then come in,”']])
  expect(old.others[1]![1]).toBe('Nobody said anything for a long time while the clock of Zor-fane went on.')

  const after = [
    ...corrected(
      before,
      1,
      0,
      'The lamp of Zorphane was lit in the kitchen. Snow fell on all the roofs of Zorphane.',
    ),
    {
      title: 'Chapter 3',
      paragraphs: ['Zorphane lay white before them.', '“It is late,” said Mrs. Hurst to the clock.'],
    },
  ]
  await take(api, await send(api, serialText(after)))
  const grown = await spokenBy(role)
  expect(grown.hers).toEqual([...old.hers, []])
  expect(grown.others[0]).toEqual([
    ...old.others[0]!.slice(0, 2),
    'Snow fell on all the roofs of Zor-fane.',
    ...old.others[0]!.slice(3),
  ])
  expect(grown.others[1]).toEqual(old.others[1])
  expect(grown.others[2]!.slice(0, 2)).toEqual(['Chapter 3', 'Zor-fane lay white before them.'])
  // Who speaks in what is new is found by the characters that there are, and told before anything changes.
  const again = await castFound()
  expect(again.characters.find((each) => each.role === role)).toMatchObject({
    name: 'Mrs. Hurst',
    voice: 'server:desk:bella',
    lines: 3,
  })
  expect((await spokenBy(role)).hers[2]).toEqual([])
  await applied(again)
  expect(await spokenBy(role)).toEqual({
    hers: [...old.hers, ['“It is late,”']],
    others: [
      grown.others[0],
      grown.others[1],
      ['Chapter 3', 'Zor-fane lay white before them.', 'said Mrs. Hurst to the clock.'],
    ],
  })
})

test('new chapters are spoken by themselves if that is wished, once, and after an undo nothing is lost', async () => {
  await using here = await startApplication()
  const { api } = here
  const { novel } = await send(api, serialText(serialChapters(3, 1)))
  await patch(api, novel.id, { ...sound, speakNew: true })
  expect((await api.json<{ novel: Novel }>(`/api/novels/${novel.id}`)).novel.speakNew).toBe(true)
  const seen = await send(api, serialText(serialChapters(5, 1)))
  using listening = listen(here)
  const { spoken } = listening
  await take(api, seen)
  await waitUntil(() => spoken.length === 6)
  await edit(api, novel.id, 'undo')
  await edit(api, novel.id, 'redo')
  const again = await send(api, serialText(serialChapters(6, 1)))
  await take(api, again, { speakNew: false })
  const { novel: now, chapters } = await api.json<Uploaded>(`/api/novels/${novel.id}`)
  expect(now.speakNew).toBeUndefined()
  expect(chapters.map(({ status }) => status)).toEqual([
    'none',
    'none',
    'none',
    'completed',
    'completed',
    'none',
  ])
  expect(spoken.toSorted()).toEqual(['4/0', '4/1', '4/2', '5/0', '5/1', '5/2'])
})

test('what is not the same novel is added, and what is offered may be kept apart or left', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const before = serialChapters(4, 2)
  const { novel } = await send(api, serialText(before))
  // The same name, and nothing in common.
  const other = await send(api, serialText(serialChapters(4, 2, 900)))
  expect(other.version).toBeUndefined()
  expect(other.novel.id).not.toBe(novel.id)
  await api.fetch(`/api/novels/${other.novel.id}?forever=true`, { method: 'DELETE' })
  // Another file of the same text.
  const spaced = new TextEncoder().encode(`${new TextDecoder().decode(serialText(before))}\n\n\n`)
  const same = await send(api, spaced)
  expect([same.novel.id, same.unchanged, same.version]).toEqual([novel.id, true, undefined])
  // No text, or nothing at all.
  for (const empty of ['', '\n\n\n'])
    expect(
      (await api.upload(new TextEncoder().encode(empty), name, { separate: false })).status,
    ).toBeGreaterThan(399)
  // Known by its text under another name.
  const grown = await send(api, serialText(serialChapters(5, 2)), 'untitled download.txt')
  expect(grown.novel.id).toBe(novel.id)
  expect(grown.version?.difference).toMatchObject({ added: 1, changed: 0, gone: 0 })
  const path = `/api/novels/${novel.id}/versions/${grown.version!.id}`
  const list = await api.json<{ versions: unknown[] }>(`/api/novels/${novel.id}/versions`)
  expect(list.versions).toMatchObject([{ id: grown.version!.id, fileName: 'untitled download.txt' }])
  const apart = await api.post(`${path}/separate`, {})
  expect(apart.status).toBe(201)
  expect(((await apart.json()) as Uploaded).chapters).toHaveLength(5)
  expect((await api.fetch(path)).status).toBe(404)
  // Shorter: what it lacks is told, and nothing is lost unless it is taken.
  const shorter = await send(api, serialText(before.slice(0, 3)))
  expect(shorter.version?.difference).toMatchObject({ gone: 1, added: 0, unchanged: 3 })
  const left = `/api/novels/${shorter.novel.id}/versions/${shorter.version!.id}`
  expect((await api.fetch(left, { method: 'DELETE' })).status).toBe(200)
  for (const answered of [
    await api.fetch(left),
    await api.fetch(left, { method: 'DELETE' }),
    await api.post(`${left}/take`, {}),
    await api.post(`${left}/separate`, {}),
  ])
    expect([answered.status, await answered.json()]).toMatchObject([404, { code: 'version.unknown' }])
  expect(await application.objects.get(`sources/${shorter.version!.id}`)).toBeUndefined()
  expect(await chaptersOf(application.db, novel.id)).toHaveLength(4)
  // A copy, because somebody wants one.
  const copy = await answer<Uploaded>(api.upload(serialText(serialChapters(6, 2)), name))
  expect(copy.version).toBeUndefined()
  expect(copy.chapters).toHaveLength(6)
})

test('chapters that stand in another order, twice or under other titles are what they were', async () => {
  await using here = await startApplication()
  const { api } = here
  const before = serialChapters(6, 2)
  const named = { title: 'Letters', identifier: 'https://serials.example/letters' }
  const { novel } = await send(api, await serialEpub(before, named), 'letters.epub')
  await patch(api, novel.id, sound)
  const progressId = await api.generate(novel.id)
  await api.finished(progressId)
  using listening = listen(here)
  const { spoken } = listening
  const [one, two, three, four, five, six] = before
  const again = [three!, one!, two!, four!, four!, five!, { ...six!, title: 'Chapter 6: The end' }]
  const seen = await send(
    api,
    await serialEpub(again, { ...named, title: 'Letters of the harbour' }),
    'download.epub',
  )
  expect(seen.version?.difference).toMatchObject({ added: 1, gone: 0, new: { segments: 0 } })
  const { chapters } = await take(api, seen)
  expect(chapters.map(({ title }) => title)).toEqual([
    'Chapter 3',
    'Chapter 1',
    'Chapter 2',
    'Chapter 4',
    // So the importer calls what stands twice.
    'Chapter 4 (2)',
    'Chapter 5',
    'Chapter 6: The end',
  ])
  await waitUntil(async () => (await api.progress(progressId)).status === 'completed')
  // The heading alone.
  expect(spoken).toEqual(['7/0'])
  const undone = await edit(api, novel.id, 'undo')
  expect(undone.chapters.map(({ title }) => title)).toEqual(before.map(({ title }) => title))
  // A template that somebody copied: the same identifier, and nothing of the book.
  const foreign = await serialEpub(serialChapters(5, 2, 400), named)
  const other = await send(api, foreign, 'letters.epub')
  expect(other.version).toBeUndefined()
  expect(other.novel.id).not.toBe(novel.id)
  // Two books of one heading, as a short article is.
  const article = (words: string) => Buffer.from(`Chapter 1\n\n${words}\n`)
  const first = await send(api, article('The lamp went out at nine.'), 'lamp.txt')
  const second = await send(api, article('Nobody had seen the boat come in.'), 'boat.txt')
  expect(second.version).toBeUndefined()
  expect(second.novel.id).not.toBe(first.novel.id)
})

test('of two who take a version over at the same time one does, and the other is told', async () => {
  await using here = await startApplication({ work: false })
  const { api } = here
  const { novel } = await send(api, serialText(serialChapters(3, 1)))
  const { version } = await send(api, serialText(serialChapters(5, 1)))
  const path = `/api/novels/${novel.id}/versions/${version!.id}/take`
  const answers = await Promise.all([api.post(path, {}), api.post(path, {})])
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 404]))
  expect(await chaptersOf(here.application.db, novel.id)).toHaveLength(5)
})

test.each([
  ['zh', '第', '章', (n: number) => `第${n}个晚上，他们在港口相遇了。谁也没有再提起那封第${n * 7}号的信。`],
  [
    'vi',
    'Chương ',
    '',
    (n: number) => `Đêm thứ ${n}, họ gặp nhau ở bến cảng cũ. Không ai nhắc lại lá thư số ${n * 7} nữa.`,
  ],
])(
  'a serial in %s grows, and only what is new in it is to be spoken',
  async (_, before, behind, sentence) => {
    await using here = await startApplication({ work: false })
    const { api } = here
    const book = (chapters: number, changed?: number) =>
      new TextEncoder().encode(
        Array.from({ length: chapters }, (_each, at) => {
          const n = at + 1
          const paragraphs = [
            sentence(n * 10),
            sentence(n * 10 + (n === changed ? 5 : 1)),
            sentence(n * 10 + 2),
          ]
          return [`${before}${n}${behind}`, ...paragraphs].join('\n\n')
        }).join('\n\n'),
      )
    const { novel } = await send(api, book(4), 'serial.txt')
    const seen = await send(api, book(6, 3), 'serial 1-6.txt')
    expect(seen.novel.id).toBe(novel.id)
    expect(seen.version?.difference).toMatchObject({ added: 2, changed: 1, gone: 0, unchanged: 3 })
    const shown = await difference(api, seen)
    const cut = (n: number) => sentence(n).split(/(?<=[。.])\s*(?=\S)/)
    expect(shown.chapters[0]!.changes).toEqual([{ before: cut(31), after: cut(35) }])
    expect((await take(api, seen)).chapters).toHaveLength(6)
  },
)

test('another version of a novel whose headings somebody chose has its chapters by the same rule', async () => {
  await using here = await startApplication({ work: false })
  const { api, application } = here
  const days = (count: number): Uint8Array<ArrayBuffer> =>
    new TextEncoder().encode(
      serialChapters(count, 3)
        .map(({ paragraphs }, at) => [`Day ${at + 1} at sea`, ...paragraphs].join('\n\n'))
        .join('\n\n'),
    )
  const { novel } = await send(api, days(4), 'log.txt')
  const rule = { kind: 'pattern' as const, pattern: 'Day {number}*' }
  await edit(api, novel.id, { kind: 'headings', rule })
  const seen = await send(api, days(6), 'log.txt')
  expect(seen.novel.id).toBe(novel.id)
  expect(seen.version).toMatchObject({
    difference: { chaptersNow: 4, chaptersThen: 6, unchanged: 4, added: 2, changed: 0, gone: 0 },
  })
  const { chapters } = await take(api, seen)
  expect(chapters.map(({ title }) => title)).toEqual([1, 2, 3, 4, 5, 6].map((day) => `Day ${day} at sea`))
  // One in which the rule finds nothing is read as usual.
  const other = new TextEncoder().encode(
    `${serialChapters(6, 3)
      .flatMap(({ paragraphs }) => paragraphs)
      .join('\n\n')}\n\nNobody came home.\n`,
  )
  const plain = await send(api, other, 'log.txt')
  expect(plain.version).toMatchObject({ difference: { chaptersNow: 6, gone: expect.any(Number) } })
  // Of what was read first nothing is left: the novel, the version that was taken over, and the one that is offered.
  const sources = []
  for await (const { key } of application.objects.list('sources/')) sources.push(key)
  expect(sources.filter((key) => !key.endsWith('.json'))).toHaveLength(3)
})
