import { expect, test } from 'vitest'
import type { CastLine, CastPlan, CastView, WantedCastBody } from '../src/http/contract/cast-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { wantAnalysis } from '../src/storage/queries/cast-queries.ts'
import { chaptersOf, segmentsOf, storedChapterText } from '../src/storage/queries/chapter-queries.ts'
import { bytesToHash } from '../src/storage/queries/column-values.ts'
import { addHeard, heardOf } from '../src/storage/queries/playback-queries.ts'
import { type Api, answer } from './program/api-client.ts'
import { oddSpeechServer } from './program/fake-speech-server.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'
import { hums, insertDesk } from './program/speech-desk.ts'

// A story with two speakers, cast in a browser's way: through the API alone.

const text = `Chapter 1

The lamp was lit in the kitchen, and the rain beat upon the window.

“Who is there?” asked Mrs. Hurst.

“Only Ben, and the rain,” said Ben. “Let us come in.”

“Then come in,” said Mrs. Hurst, and she opened the door to the night.

They looked at the fire, and the fire looked back at all of them.

“It is a cold night to be out in.”

Chapter 2

Nobody said anything for a long time while the clock went on.

“We are going home,” said Ben at last to the old clock on the wall.

The rain had stopped, and the road lay white before them in the moon.
`

const story = new TextEncoder().encode(text)

const speaks = hums('bella', 'adam')

const [bella, adam] = ['server:desk:bella', 'server:desk:adam']

async function start(options: Parameters<typeof startApplication>[0] = {}) {
  const stack = new AsyncDisposableStack()
  const desk = stack.use(await oddSpeechServer(speaks))
  const here = stack.use(await startApplication(options))
  await insertDesk(here.application.db, desk.address, 'bella', 'adam')
  await here.application.voices.reload()
  const asked = () =>
    desk.heard
      .filter(({ path, body }) => path.endsWith('/speech') && String(body?.['input']).startsWith('“'))
      .map(({ body }) => body)
  return { ...here, asked, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

type Here = Awaited<ReturnType<typeof start>>

/** The cast of a novel, through the API. */
class CastOf {
  readonly api: Api
  readonly path: string

  constructor(api: Api, novelId: string) {
    this.api = api
    this.path = `/api/novels/${novelId}/cast`
  }

  async view(): Promise<CastView> {
    return (await this.api.json<{ cast: CastView }>(this.path)).cast
  }

  async found(): Promise<CastView> {
    expect((await this.api.post(`${this.path}/analysis`, {})).status).toBe(202)
    await waitUntil(async () => (await this.view()).state === 'ready')
    return this.view()
  }

  put(body: WantedCastBody): Promise<Response> {
    return this.api.fetch(this.path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  /** Gives voices to characters, by name. */
  async voices(voices: Readonly<Record<string, string | null>>): Promise<CastView> {
    const { version, characters } = await this.view()
    const wanted = characters.map(({ role, name, names, voice }) => ({
      role,
      name,
      names,
      voice: voices[name] === undefined ? (voice ?? null) : voices[name],
    }))
    return (await answer<{ cast: CastView }>(this.put({ version, characters: wanted }))).cast
  }

  async plan(): Promise<CastPlan> {
    return (await answer<{ plan: CastPlan }>(this.api.post(`${this.path}/plan`, {}))).plan
  }

  async apply(): Promise<CastView> {
    const { version } = await this.view()
    return (await answer<{ cast: CastView }>(this.api.post(`${this.path}/apply`, { version }))).cast
  }

  async lines(chapter: number): Promise<{ version: number; lines: CastLine[] }> {
    return this.api.json(`${this.path}/chapters/${chapter}`)
  }

  async correct(
    chapter: number,
    line: { block: number; start: number; role: number | null },
  ): Promise<Response> {
    const { version } = await this.view()
    return this.api.fetch(`${this.path}/chapters/${chapter}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version, lines: [line] }),
    })
  }
}

async function clipKeys({ application }: Here): Promise<string[]> {
  const rows = await application.db.selectFrom('clips.clips').select(['recipe', 'words']).execute()
  return rows.map(({ recipe, words }) => `${bytesToHash(recipe)}/${bytesToHash(words)}`).sort()
}

/** What is spoken in each role, of the whole novel. */
async function spokenBy({ application: { db } }: Here, novelId: string): Promise<[number, string][]> {
  const chapters = await chaptersOf(db, novelId)
  const segments = await Promise.all(chapters.map(({ id }) => segmentsOf(db, id)))
  return segments.flat().map(({ role = 0, spoken }) => [role, spoken])
}

test('a character gets a voice: only its lines are spoken again, as many as the plan has said', async () => {
  await using here = await start()
  const { api, asked } = here
  const { novel } = await api.add(story, 'story.txt')
  const cast = new CastOf(api, novel.id)
  const progressId = await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  await api.finished(progressId)
  const before = await spokenBy(here, novel.id)
  const keys = await clipKeys(here)
  const chapter2 = Buffer.from(
    await (await api.fetch(`/api/novels/${novel.id}/chapters/2/audio.m4a`)).arrayBuffer(),
  )

  const found = await cast.found()
  expect(found).toMatchObject({ version: 1, applied: false, unread: 0, open: 1, undo: false })
  expect(found.characters).toMatchObject([
    { name: 'Ben', names: ['ben'], lines: 3, first: { chapterNumber: 1, text: '“Only Ben, and the rain,”' } },
    { name: 'Mrs. Hurst', gender: 'female', lines: 2, first: { chapterNumber: 1, text: '“Who is there?”' } },
  ])
  // Looking who speaks changes nothing of what is spoken.
  expect(await spokenBy(here, novel.id)).toEqual(before)
  const { role } = found.characters[1]!

  await cast.voices({ 'Mrs. Hurst': bella })
  const plan = await cast.plan()
  expect(await cast.apply()).toMatchObject({ applied: true })
  await api.finished(progressId)
  const after = await spokenBy(here, novel.id)
  expect(after.filter(([of]) => of === role).map(([, spoken]) => spoken)).toEqual([
    '“Who is there?”',
    '“Then come in,”',
  ])
  expect(after.map(([, spoken]) => spoken).join(' ')).toBe(before.map(([, spoken]) => spoken).join(' '))
  expect(asked().map((body) => [body?.['input'], body?.['voice']])).toEqual([
    ['“Who is there?”', 'bella'],
    ['“Then come in,”', 'bella'],
  ])
  const added = (await clipKeys(here)).filter((key) => !keys.includes(key))
  expect(added).toHaveLength(plan.segments)
  // The second chapter has none of hers: it is the same, byte for byte.
  expect(
    Buffer.from(await (await api.fetch(`/api/novels/${novel.id}/chapters/2/audio.m4a`)).arrayBuffer()),
  ).toEqual(chapter2)
  const audio = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.m4a`)
  expect((await audio.arrayBuffer()).byteLength).toBe(Number(audio.headers.get('content-length')))

  // Another voice for her: her two lines, and nothing else.
  await cast.voices({ 'Mrs. Hurst': adam })
  expect(await cast.plan()).toMatchObject({ segments: 2, chapters: 1 })
  await cast.apply()
  await api.finished(progressId)
  expect(
    asked()
      .slice(2)
      .map((body) => body?.['voice']),
  ).toEqual(['adam', 'adam'])

  // Whoever asks for the novel again asks for the same.
  expect(await api.generate(novel.id, undefined, { voice: 'odd:hum' })).toBe(progressId)

  // Without a voice of hers it is as it was at first, and nothing is spoken again.
  const count = asked().length
  await cast.voices({ 'Mrs. Hurst': null })
  await cast.apply()
  await api.finished(progressId)
  expect(await spokenBy(here, novel.id)).toEqual(before)
  expect(asked()).toHaveLength(count)
})

test('lines are corrected, which stays through another analysis and edits of the chapters, and can be undone', async () => {
  await using here = await start({ work: false })
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const cast = new CastOf(api, novel.id)
  const { characters } = await cast.found()
  const ben = characters.find(({ name }) => name === 'Ben')!.role
  const { lines } = await cast.lines(1)
  expect(lines.map(({ basis }) => basis)).toEqual(['said', 'said', 'continued', 'said', undefined])
  const open = lines.at(-1)!
  expect((await cast.correct(1, { block: open.block, start: open.start, role: ben })).status).toBe(200)
  expect((await cast.lines(1)).lines.at(-1)).toMatchObject({ role: ben, basis: 'corrected' })
  expect(await cast.view()).toMatchObject({ open: 0, corrections: 1, undo: true })
  expect((await cast.correct(1, { block: open.block, start: open.start, role: 99 })).status).toBe(422)
  expect((await cast.correct(1, { block: 0, start: 1, role: 0 })).status).toBe(422)

  const edited = await api.post(`/api/novels/${novel.id}/edits`, { kind: 'merge', chapterNumber: 1 })
  expect(edited.status).toBe(200)
  expect((await cast.view()).unread).toBe(1)
  const again = await cast.found()
  expect(again).toMatchObject({ unread: 0, open: 0, corrections: 1 })
  expect((await cast.lines(1)).lines.filter(({ basis }) => basis === 'corrected')).toMatchObject([
    { role: ben },
  ])

  await answer(api.post(`${cast.path}/undo`, {}))
  expect(await cast.view()).toMatchObject({ open: 1, corrections: 0, undo: false, redo: true })
  expect((await api.post(`${cast.path}/undo`, {})).status).toBe(409)
  await answer(api.post(`${cast.path}/redo`, {}))
  expect(await cast.view()).toMatchObject({ open: 0, corrections: 1, redo: false })
})

test('characters are merged by their names; a cast that was changed meanwhile is refused', async () => {
  await using here = await start({ work: false })
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const cast = new CastOf(api, novel.id)
  expect(await cast.view()).toMatchObject({ state: 'none', characters: [] })
  expect((await api.post(`${cast.path}/apply`, { version: 0 })).status).toBe(409)
  const { version, characters } = await cast.found()
  const [ben, hurst] = characters
  const one = { role: ben!.role, name: 'Everybody', names: ['ben', 'mrs. hurst'] }
  expect((await cast.put({ version, characters: [{ ...one, voice: 'odd:none' }] })).status).toBe(404)
  expect((await cast.put({ version, characters: [one, { ...hurst!, gender: null }] as never })).status).toBe(
    400,
  )
  const twice = { role: hurst!.role, name: 'Hurst', names: ['ben'] }
  expect((await cast.put({ version, characters: [one, twice] })).status).toBe(422)
  const { cast: merged } = await answer<{ cast: CastView }>(cast.put({ version, characters: [one] }))
  expect(merged.characters).toMatchObject([{ name: 'Everybody', lines: 5 }])
  expect((await cast.put({ version, characters: [one] })).status).toBe(409)
})

test('what was heard is heard in the pieces too, and undoing the edit of the chapters brings the segments back', async () => {
  await using here = await start({ work: false })
  const { api, application } = here
  const { db } = application
  const { novel } = await api.add(story, 'story.txt')
  const cast = new CastOf(api, novel.id)
  await cast.found()
  const before = await spokenBy(here, novel.id)
  await addHeard(db, { listener: 'home', novelId: novel.id, chapterNumber: 1 }, [0, 100])
  await cast.voices({ Ben: adam, 'Mrs. Hurst': bella })
  await cast.apply()
  const [first] = await chaptersOf(db, novel.id)
  const [heard] = await heardOf(db, 'home', novel.id)
  expect(heard!.ranges[0]).toEqual([0, expect.any(Number)])
  expect(heard!.ranges[0]![1]).toBeGreaterThanOrEqual(first!.segmentCount - 1)
  await answer(api.post(`/api/novels/${novel.id}/edits/undo`, {}))
  expect(await spokenBy(here, novel.id)).toEqual(before)
  expect((await cast.view()).applied).toBe(false)
  await cast.apply()
  expect(await cast.view()).toMatchObject({ applied: true, unread: 0 })
})

test('a book that is read again is not spoken by its cast any more, which is told until it is applied again', async () => {
  await using here = await start({ work: false })
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const cast = new CastOf(api, novel.id)
  const lapsed = async () => {
    const { castLapsed = false } = (await api.json<{ novel: Novel }>(`/api/novels/${novel.id}`)).novel
    const view = await cast.view()
    expect(view.lapsed).toBe(castLapsed)
    return castLapsed && !view.applied
  }
  const edit = async (name: string, body: object) => answer(api.post(`/api/novels/${novel.id}/${name}`, body))
  const headings = { kind: 'headings', rule: { kind: 'none' } }
  await cast.found()
  // What was never applied is not lost.
  await edit('edits', headings)
  expect(await lapsed()).toBe(false)
  await edit('edits/undo', {})
  await cast.voices({ Ben: adam })
  await cast.apply()
  const cut = await spokenBy(here, novel.id)
  await edit('edits', headings)
  expect(await lapsed()).toBe(true)
  expect((await spokenBy(here, novel.id)).every(([role]) => role === 0)).toBe(true)
  expect((await cast.view()).unread).toBeGreaterThan(0)
  await edit('edits/undo', {})
  expect(await lapsed()).toBe(false)
  expect(await spokenBy(here, novel.id)).toEqual(cut)
  // Nothing is left to be applied.
  expect((await cast.view()).applied).toBe(true)
  await edit('edits/redo', {})
  expect(await lapsed()).toBe(true)
  await edit('edits/undo', {})
  // Cut by that version, and by no other.
  await cast.voices({ Ben: bella })
  expect((await cast.view()).applied).toBe(false)
  await answer(api.post(`${cast.path}/undo`, {}))
  expect((await cast.view()).applied).toBe(true)
  await edit('edits/redo', {})
  expect(await lapsed()).toBe(true)
  await cast.found()
  await cast.apply()
  expect(await lapsed()).toBe(false)
  expect((await cast.view()).applied).toBe(true)
  expect((await spokenBy(here, novel.id)).some(([role]) => role > 0)).toBe(true)
})

test('the next book of a series begins with the voices of the last', async () => {
  await using here = await start({ work: false })
  const { api, application } = here
  const first = (await api.add(story, 'one.txt')).novel
  const second = (await api.add(new TextEncoder().encode(text.replace('The lamp', 'A lamp')), 'two.txt'))
    .novel
  const metadata = JSON.stringify({ series: { name: 'Nights' } })
  await application.db.updateTable('novels').set({ metadata }).execute()
  const cast = new CastOf(api, first.id)
  await cast.found()
  await cast.voices({ Ben: adam })
  const next = await new CastOf(api, second.id).found()
  expect(next.characters.map(({ name, voice }) => [name, voice])).toEqual([
    ['Ben', adam],
    ['Mrs. Hurst', undefined],
  ])
  // Of what somebody keeps to themselves nobody else's book takes anything.
  await application.db.updateTable('novels').set({ keeper: 'somebody' }).execute()
  const third = await api.add(new TextEncoder().encode(text.replace('The lamp', 'Our lamp')), 'three.txt')
  await application.db.updateTable('novels').set({ metadata }).execute()
  const last = await new CastOf(api, third.novel.id).found()
  expect(last.characters.map(({ voice }) => voice)).toEqual([undefined, undefined])
})

test('an analysis that a killed server had accepted is done by the next one', async () => {
  await using here = await start({ work: false })
  const { api, application } = here
  const { novel } = await api.add(story, 'story.txt')
  // What is on the disk after the request, and no job.
  await wantAnalysis(application.db, novel.id)
  application.castAnalysis.work()
  await waitUntil(async () => (await new CastOf(api, novel.id).view()).state === 'ready')
  const [first] = await chaptersOf(application.db, novel.id)
  expect(await storedChapterText(application.db, first!.id)).toBeDefined()
})

test('one sentence gets another voice, in a book without a cast too: it alone is spoken again, and undone', async () => {
  await using here = await start()
  const { api } = here
  const { novel } = await api.add(story, 'story.txt')
  const cast = new CastOf(api, novel.id)
  const progressId = await api.generate(novel.id, undefined, { voice: 'odd:hum' })
  await api.finished(progressId)
  const [before, keys] = [await spokenBy(here, novel.id), await clipKeys(here)]
  const give = (index: number, voice: string | null, chapter = 1) =>
    api.fetch(`/api/novels/${novel.id}/chapters/${chapter}/segments/${index}/voice`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ voice, apply: true }),
    })
  const lamp = before.findIndex(([, spoken]) => spoken.startsWith('The lamp'))
  expect((await give(99, bella)).status).toBe(404)
  expect((await give(lamp, bella, 99)).status).toBe(404)
  expect((await give(lamp, 'odd:none')).status).toBe(404)
  const { cast: given } = await answer<{ cast: CastView }>(give(lamp, bella))
  expect(given).toMatchObject({ applied: true, unread: 2, characters: [], sentences: [{ voice: bella }] })
  expect(given.sentences[0]!.text.trim()).toBe(before[lamp]![1])
  await api.finished(progressId)
  const added = async () => (await clipKeys(here)).filter((key) => !keys.includes(key)).length
  expect(await added()).toBe(1)
  expect((await spokenBy(here, novel.id)).filter(([role]) => role > 0)).toEqual([[2, before[lamp]![1]]])

  // It stays through an analysis, and goes before a character's voice; a second one has a role of its own.
  await cast.found()
  await cast.voices({ Ben: adam, 'Mrs. Hurst': bella })
  const { characters, sentences } = await cast.view()
  expect(sentences).toHaveLength(1)
  expect(characters.map(({ role }) => role)).not.toContain(2)
  // What waits to be applied is not applied by the way.
  const open = (await spokenBy(here, novel.id)).findIndex(([, spoken]) => spoken.includes('a cold night'))
  expect(await answer(give(open, adam))).toMatchObject({ cast: { applied: false } })
  await cast.apply()
  await api.finished(progressId)
  const spoken = await spokenBy(here, novel.id)
  const roleOf = (words: string) => spoken.find(([, said]) => said.includes(words))![0]
  expect(roleOf('The lamp')).toBe(2)
  expect(characters.map(({ role }) => role)).toContain(roleOf('and the rain,'))
  expect([0, 2, ...characters.map(({ role }) => role)]).not.toContain(roleOf('a cold night'))
  // Taken away by itself, then all of it: as at first, and nothing is spoken again.
  const count = await added()
  for (const { id } of (await cast.view()).sentences)
    await answer(
      api.fetch(`${cast.path}/sentences/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ voice: null, apply: true }),
      }),
    )
  await cast.voices({ Ben: null, 'Mrs. Hurst': null })
  await cast.apply()
  await api.finished(progressId)
  expect(await spokenBy(here, novel.id)).toEqual(before)
  expect(await added()).toBe(count)
})
