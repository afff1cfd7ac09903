import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { SpeechServerView } from '../src/http/contract/voice-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import type { Api } from './program/api-client.ts'
import { EventStream } from './program/event-stream.ts'
import { hangsUp, type OddSpeechServer, oddSpeechServer, sendsJson } from './program/fake-speech-server.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'
import { hums } from './program/speech-desk.ts'

const key = 'sk-secret-0123456789'

const speaks = hums('bella', 'sky')

function spokenTexts({ heard }: OddSpeechServer): string[] {
  return heard.filter(({ path }) => path.endsWith('/speech')).map(({ body }) => String(body?.['input']))
}

async function addServer(api: Api, address: string, more: object = {}): Promise<SpeechServerView> {
  const response = await api.post('/api/speech-servers', { title: 'Desk PC', address, key, ...more })
  expect(response.status).toBe(201)
  return ((await response.json()) as { server: SpeechServerView }).server
}

async function serverOf(api: Api): Promise<SpeechServerView> {
  const { servers } = await api.json<{ servers: SpeechServerView[] }>('/api/speech-servers')
  return servers[0]!
}

/** What `/api/health` says is wrong. Others are heard meanwhile, so it says 200. */
async function problemsTold(api: Api): Promise<string[]> {
  const { problems } = await api.json<{ problems: { code: string; message: string }[] }>('/api/health')
  return problems.map(({ code, message }) => `${code} ${message}`)
}

async function patch(api: Api, name: string, change: object): Promise<Response> {
  return api.fetch(`/api/speech-servers/${name}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })
}

const sound = { voice: 'server:desk-pc:bella' }

test('a server tells its voices, and one of them speaks a novel, its segments once each', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  const added = await addServer(here.api, desk.address, { model: 'kokoro', parallel: 3 })
  expect(added).toMatchObject({
    name: 'desk-pc',
    hasKey: true,
    voices: ['bella', 'sky'],
    voicesListed: true,
    state: 'ok',
  })
  const { voices } = await here.api.json<{ voices: { id: string }[] }>('/api/voices?language=vi')
  expect(voices.map(({ id }) => id)).toContain('server:desk-pc:sky')
  const { novel } = await here.api.add(longStory(1, 12), 'story.txt')
  const progress = await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(progress).toMatchObject({ status: 'completed', failedSegments: [] })
  // The first text of a voice is the one it is measured with.
  const [measured, ...spoken] = spokenTexts(desk)
  expect(measured).toMatch(/window/)
  expect(new Set(spoken).size).toBe(progress.segmentsTotal)
  expect(spoken).toHaveLength(progress.segmentsTotal)
  const [request] = desk.heard.filter(({ path }) => path.endsWith('/speech'))
  expect(request?.headers.authorization).toBe(`Bearer ${key}`)
  expect(request?.body).toMatchObject({ model: 'kokoro', voice: 'bella', response_format: 'wav' })
  const audio = await here.api.fetch(`/api/novels/${novel.id}/chapters/1/audio.m4a?voice=${sound.voice}`)
  expect(audio.status).toBe(200)
  expect((await audio.arrayBuffer()).byteLength).toBeGreaterThan(20_000)
})

test('a server gets plain words where a voice of the box gets phonemes, and so does a program', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await addServer(here.api, desk.address)
  const book = new TextEncoder().encode(
    'Chapter 1\n\nShe read it aloud, and the path wound about the hill.\n',
  )
  const { novel } = await here.api.add(book, 'read.txt')
  await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(spokenTexts(desk)).toContain('She read it aloud, and the path wound about the hill.')
  const { chapter } = await here.api.json<{ chapter: { segments: { spoken: string }[] } }>(
    `/api/novels/${novel.id}/chapters/1`,
  )
  expect(chapter.segments.at(-1)?.spoken).toBe('She read it aloud, and the path wound about the hill.')
})

test('a server that is down keeps only its own segments waiting, says so, and goes on when it is back', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await using events = await EventStream.open(here.api)
  await addServer(here.api, desk.address)
  desk.answer(hangsUp)
  const { novel } = await here.api.add(longStory(1, 6), 'story.txt')
  const remote = await here.api.generate(novel.id, undefined, sound)
  const waiting = await here.api.until(remote, (progress) => progress.waiting !== null)
  expect(waiting.waiting).toMatch(/^Desk PC .*; (next try in \d+ s|it is being tried again)$/)
  expect(await serverOf(here.api)).toMatchObject({ state: 'resting', nextTryAt: expect.any(String) })
  const told = await events.until(({ kind, data }) => kind === 'speech-server' && data.state === 'resting')
  expect(told.data).toMatchObject({ name: 'desk-pc' })
  // The box's own speakers do not wait for it.
  const own = await here.api.finished(await here.api.generate(novel.id, undefined, { voice: 'odd:hum' }))
  expect(own).toMatchObject({ status: 'completed', waiting: null })
  expect(await here.api.progress(remote)).toMatchObject({ segmentsDone: 0, failedSegments: [] })
  const queue = await here.api.json<{ waitingReason: string }>('/api/worker/queue')
  expect(queue.waitingReason).toMatch(/^Desk PC/)
  desk.answer(speaks)
  expect(await here.api.finished(remote)).toMatchObject({ status: 'completed', failedSegments: [] })
  expect(await serverOf(here.api)).toMatchObject({ state: 'ok', message: null })
})

test('no more requests at the same time than the server takes', async () => {
  let [open, most] = [0, 0]
  await using desk = await oddSpeechServer((response, heard) => {
    open++
    most = Math.max(most, open)
    setTimeout(() => {
      open--
      speaks(response, heard)
    }, 30)
  })
  await using here = await startApplication()
  await addServer(here.api, desk.address, { parallel: 2 })
  const { novel } = await here.api.add(longStory(1, 12), 'story.txt')
  await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(most).toBe(2)
})

test('a refused key stops the server until another is entered, and no attempt is counted', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  const { name } = await addServer(here.api, desk.address)
  desk.answer(sendsJson(401, { error: { message: `Incorrect API key provided: ${key}` } }))
  const { novel } = await here.api.add(longStory(1, 4), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await waitUntil(async () => (await serverOf(here.api)).state === 'refused')
  // Another sentence may have been under way to it.
  await waitUntil(() => here.application.dispatcher.segmentsInFlight().length === 0)
  const asked = desk.heard.length
  desk.answer(speaks)
  expect((await here.api.progress(progressId)).waiting).toMatch(/^Desk PC .*key/)
  expect(await problemsTold(here.api)).toEqual([
    expect.stringMatching(/^speech-server\.silent .*Desk PC .*key/),
  ])
  expect(desk.heard.length).toBe(asked)
  expect((await patch(here.api, name, { key: 'sk-other' })).status).toBe(200)
  expect(await here.api.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
  expect(desk.heard.at(-1)?.headers.authorization).toBe('Bearer sk-other')
  expect(await problemsTold(here.api)).toEqual([])
})

test('the characters of a month are never exceeded; a raised limit lets the work go on', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  const { name } = await addServer(here.api, desk.address, { charactersPerMonth: 400 })
  const { novel } = await here.api.add(longStory(1, 12), 'story.txt')
  const progressId = await here.api.generate(novel.id, undefined, sound)
  await waitUntil(async () => (await serverOf(here.api)).state === 'spent')
  await waitUntil(() => here.application.dispatcher.segmentsInFlight().length === 0)
  const sent = spokenTexts(desk).join('').length
  expect(sent).toBeLessThanOrEqual(400)
  expect(await serverOf(here.api)).toMatchObject({ charactersThisMonth: sent })
  expect((await here.api.progress(progressId)).waiting).toMatch(/400 characters/)
  await patch(here.api, name, { charactersPerMonth: null })
  expect(await here.api.finished(progressId)).toMatchObject({ status: 'completed' })
})

test('a text that the server cannot speak is set aside with its words; the rest goes on', async () => {
  await using desk = await oddSpeechServer((response, heard) =>
    String(heard.body?.['input']).includes('day 16')
      ? sendsJson(400, { detail: { message: 'too many sevens' } })(response, heard)
      : speaks(response, heard),
  )
  await using here = await startApplication()
  await addServer(here.api, desk.address)
  const { novel } = await here.api.add(longStory(1, 12), 'story.txt')
  const progress = await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(progress.status).toBe('failed')
  expect(progress.failedSegments).toHaveLength(1)
  expect(progress.failedSegments[0]?.reason).toMatch(/too many sevens/)
})

test('a server that fails at one text only is not thought to be down: the others are spoken, that one is set aside', async () => {
  await using desk = await oddSpeechServer((response, heard) =>
    String(heard.body?.['input']).includes('day 8')
      ? sendsJson(500, { error: { message: 'CUDA error' } })(response, heard)
      : speaks(response, heard),
  )
  await using here = await startApplication()
  await addServer(here.api, desk.address)
  const { novel } = await here.api.add(longStory(1, 5), 'story.txt')
  const progress = await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(progress).toMatchObject({ status: 'failed', segmentsDone: progress.segmentsTotal - 1 })
  expect(progress.failedSegments[0]).toMatchObject({ attempts: 3, reason: expect.stringMatching(/CUDA/) })
})

test('a text longer than a request may be is sent in pieces and heard as one', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await addServer(here.api, desk.address, { charactersPerRequest: 50 })
  const { novel } = await here.api.add(longStory(1, 3), 'story.txt')
  const progress = await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(progress.status).toBe('completed')
  expect(Math.max(...spokenTexts(desk).map((text) => text.length))).toBeLessThanOrEqual(50)
})

test('removed, the novels that had its voices are named and what was to be spoken waits; added again, it goes on', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using here = await startApplication()
  await addServer(here.api, desk.address)
  const { novel } = await here.api.add(longStory(1, 6), 'story.txt')
  await here.api.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(sound),
  })
  desk.answer(hangsUp)
  const progressId = await here.api.generate(novel.id)
  await here.api.until(progressId, ({ waiting }) => waiting !== null)
  const removed = await here.api.json('/api/speech-servers/desk-pc', { method: 'DELETE' })
  expect(removed).toMatchObject({ success: true, novels: [{ id: novel.id }] })
  expect((await here.api.progress(progressId)).waiting).toMatch(/not installed any more/)
  desk.answer(speaks)
  await addServer(here.api, desk.address)
  expect(await here.api.finished(progressId)).toMatchObject({ status: 'completed' })
})

test('what cannot be added is one sentence: a wrong address, a silent server, one without a list', async () => {
  await using desk = await oddSpeechServer(sendsJson(404, {}))
  await using here = await startApplication()
  const add = async (body: object) => {
    const response = await here.api.post('/api/speech-servers', { title: 'Desk PC', ...body })
    return { status: response.status, ...((await response.json()) as object) }
  }
  expect(await add({ address: 'desk' })).toMatchObject({ status: 400, code: 'request.invalid' })
  expect(await add({ address: 'http://127.0.0.1:9/v1' })).toMatchObject({
    status: 502,
    code: 'speech-server.silent',
  })
  expect(await add({ address: desk.address })).toMatchObject({ status: 422, code: 'speech-server.no-voices' })
  expect(await add({ address: desk.address, voices: ['typed'] })).toMatchObject({ status: 201 })
  expect(await here.api.json('/api/voices')).toMatchObject({
    voices: expect.arrayContaining([expect.objectContaining({ id: 'server:desk-pc:typed' })]),
  })
})

test('a killed server goes on with what its speech server was to speak; the key is nowhere but in the database', async () => {
  await using desk = await oddSpeechServer(speaks)
  await using folder = await temporaryFolder()
  const first = await ServerProcess.start({ data: folder.path, speakers: 1 })
  await addServer(first, desk.address)
  const { novel } = await first.add(longStory(1, 25), 'story.txt')
  const progressId = await first.generate(novel.id, undefined, sound)
  await first.until(progressId, ({ segmentsDone }) => segmentsDone > 3)
  await first.kill()
  await using second = await ServerProcess.start({ data: folder.path, speakers: 1 })
  const progress = await second.finished(progressId)
  expect(progress.status).toBe('completed')
  const texts = spokenTexts(desk)
  // The text that voices are measured with, and at most the one that was under way.
  expect(texts.length).toBeLessThanOrEqual(progress.segmentsTotal + 2)
  const answers = []
  for (const path of [
    '/api/speech-servers',
    '/api/voices',
    '/api/worker/queue',
    '/api/health',
    '/api/openapi.json',
  ])
    answers.push(await (await second.fetch(path)).text())
  expect(`${answers.join('')}${first.log}${second.log}`).not.toContain(key)
})

test('another Nightjar is a speech server: it lists its voices and speaks with them', async () => {
  await using box = await startApplication()
  await using here = await startApplication()
  const added = await addServer(here.api, `${box.api.address}/v1`, {
    title: 'The big box',
    model: 'nightjar',
  })
  expect(added).toMatchObject({ name: 'the-big-box', voices: ['odd:hum'], voicesListed: true })
  const { novel } = await here.api.add(longStory(1, 4), 'story.txt')
  const sound = { voice: 'server:the-big-box:odd:hum' }
  const progress = await here.api.finished(await here.api.generate(novel.id, undefined, sound))
  expect(progress).toMatchObject({ status: 'completed', failedSegments: [] })
  const sample = await here.api.post(`/api/voices/${sound.voice}/sample`, {
    text: 'How do I sound from there?',
  })
  expect(sample.status).toBe(200)
})

const wasteLand = fileURLToPath(new URL('../../shared/books/the-waste-land.epub', import.meta.url))

test.skipIf(!existsSync(wasteLand))(
  'a real book is spoken by a server that goes away and comes back, and by one killed in between (needs ../shared/books)',
  async () => {
    await using desk = await oddSpeechServer(speaks)
    await using folder = await temporaryFolder()
    const first = await ServerProcess.start({ data: folder.path, speakers: 1 })
    await addServer(first, desk.address, { parallel: 2 })
    const { novel } = await first.add(wasteLand)
    const progressId = await first.generate(novel.id, undefined, sound)
    await first.until(progressId, ({ segmentsDone }) => segmentsDone > 20)
    desk.answer(hangsUp)
    await first.until(progressId, ({ waiting }) => waiting !== null)
    await first.kill()
    desk.answer(speaks)
    await using second = await ServerProcess.start({ data: folder.path, speakers: 1 })
    const progress = await second.finished(progressId)
    expect(progress).toMatchObject({ status: 'completed', failedSegments: [] })
    expect(progress.chapters).toHaveLength(5)
    for (const { chapterNumber } of progress.chapters) {
      const audio = `/api/novels/${novel.id}/chapters/${chapterNumber}/audio.m4a?voice=${sound.voice}`
      expect((await second.fetch(audio, { method: 'HEAD' })).status).toBe(200)
    }
  },
)
