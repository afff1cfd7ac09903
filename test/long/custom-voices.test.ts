import { readdirSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FailureAnswer } from '../../src/http/contract/field-contract.ts'
import type { Health } from '../../src/http/contract/health-contract.ts'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { leftoverFiles } from '../../src/storage/queries/deletion-queries.ts'
import { longStory } from '../fixtures/long-story.ts'
import { type TinyVoice, tinyConfig, tinyVoice } from '../fixtures/tiny-voice.ts'
import type { Api } from '../program/api-client.ts'
import { Command } from '../program/cli-process.ts'
import { startApplication } from '../program/in-process-application.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const speaker = new URL('../../src/speech/worker/speech-worker.ts', import.meta.url)

interface Brought {
  readonly status: number
  readonly voice: Voice
}

async function bring(
  api: Api,
  fileName: string,
  model: Uint8Array | string,
  config?: object | string,
  name?: string,
): Promise<Brought & Partial<FailureAnswer>> {
  const form = new FormData()
  form.append('model', new Blob([typeof model === 'string' ? model : Uint8Array.from(model)]), fileName)
  if (config !== undefined) {
    const text = typeof config === 'string' ? config : JSON.stringify(config)
    form.append('config', new Blob([text]), `${fileName}.json`)
  }
  if (name !== undefined) form.append('name', name)
  const response = await api.fetch('/api/voices/files', { method: 'POST', body: form })
  return { status: response.status, ...((await response.json()) as { voice: Voice }) }
}

function bringTiny(api: Api, fileName: string, voice: TinyVoice = {}, name?: string) {
  return bring(api, fileName, tinyVoice(voice), tinyConfig(voice), name)
}

function patch(api: Api, id: string, body: object): Promise<Response> {
  return api.fetch(`/api/voices/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

test('a voice from files is proved, speaks, is renamed, becomes the default and is removed; what it spoke stays', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const { status, voice } = await bringTiny(api, 'My Voice.onnx', {}, 'Aunt May')
  expect(status).toBe(201)
  expect(voice).toMatchObject({ id: 'piper:My-Voice', name: 'Aunt May', language: 'en-US', source: 'file' })
  // The same network with the same configuration again is the same voice.
  expect((await bringTiny(api, 'other.onnx')).voice.id).toBe('piper:My-Voice')
  const renamed = await patch(api, voice.id, { name: 'May', default: true })
  expect(await renamed.json()).toMatchObject({ voice: { name: 'May', default: true } })
  const { novel } = await api.add(longStory(2, 4), 'story.txt')
  expect(novel.voice).toBe(voice.id)
  const spoken = await api.finished(await api.generate(novel.id, [1]))
  expect(spoken).toMatchObject({ status: 'completed', voice: voice.id })
  expect(await api.json(`/api/voices/${voice.id}/uses`)).toMatchObject({ novels: [{ id: novel.id }] })
  const removed = await api.json(`/api/voices/${voice.id}`, { method: 'DELETE' })
  expect(removed).toMatchObject({ novels: [{ id: novel.id, title: novel.title }] })
  expect(readdirSync(join(here.data, 'voices'))).toEqual([])
  const audio = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.m4a?voice=${voice.id}`)
  expect(audio.status).toBe(200)
  // What was not spoken yet is spoken by the best voice that is left.
  const next = await api.finished(await api.generate(novel.id, [2]))
  expect(next).toMatchObject({ status: 'completed', voice: 'hibari:heart' })
})

test('a voice whose files are lost or damaged is whole again when it is brought again', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api, application, data } = here
  const { voice } = await bringTiny(api, 'may.onnx', {}, 'May')
  const folder = () => join(data, 'voices', application.voices.installed(voice.id)?.folder ?? '')
  const harms = [
    () => rm(folder(), { recursive: true }),
    () => rm(join(folder(), 'model.onnx.json')),
    () => writeFile(join(folder(), 'model.onnx'), 'damaged'),
  ]
  for (const harm of harms) {
    await harm()
    expect((await bringTiny(api, 'may.onnx', {}, 'May')).voice).toEqual(voice)
    expect(readdirSync(join(data, 'voices'))).toEqual([application.voices.installed(voice.id)?.folder])
    const sample = await api.post(`/api/voices/${voice.id}/sample`, {
      text: `Heard after ${harms.indexOf(harm)}.`,
    })
    expect(sample.status).toBe(200)
  }
  const current = application.voices.installed(voice.id)?.folder
  expect(await leftoverFiles(application.db)).not.toContain(`voices/${current}`)
})

test('a generation whose voice is removed says so and waits; the voice back, it goes on', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const { voice } = await bringTiny(api, 'may.onnx')
  const { novel } = await api.add(longStory(1, 40), 'story.txt')
  const progressId = await api.generate(novel.id, undefined, { voice: voice.id })
  await api.until(progressId, ({ segmentsDone }) => segmentsDone > 1)
  await api.fetch(`/api/voices/${voice.id}`, { method: 'DELETE' })
  const { waiting, failedSegments } = await api.progress(progressId)
  expect({ waiting, failedSegments }).toEqual({
    waiting: expect.stringMatching(/not installed/),
    failedSegments: [],
  })
  await bringTiny(api, 'may.onnx')
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
})

test.each([
  ['model is gone', 'model.onnx'],
  ['configuration is gone', 'model.onnx.json'],
] as const)(
  'a voice whose %s rests and says why, others go on; its file back, it completes',
  async (...[, name]) => {
    await using here = await startApplication({ workerModule: speaker })
    const { api, application, data } = here
    const [may, june] = [
      await bringTiny(api, 'may.onnx', {}, 'May'),
      await bringTiny(api, 'june.onnx', { fault: 'no durations' }),
    ]
    const file = join(data, 'voices', application.voices.installed(may.voice.id)?.folder ?? '', name)
    await rename(file, `${file}.away`)
    const since = Date.now()
    const begun: string[] = []
    using _ = application.eventBus.subscribe((event) => {
      if (event.kind === 'segment' && event.segment.state === 'speaking') begun.push(event.segment.voice)
    })
    const novels = [await api.add(longStory(1, 10), 'a.txt'), await api.add(longStory(1, 10), 'b.txt')]
    const [waits, goesOn] = [
      await api.generate(novels[0]!.novel.id, undefined, { voice: may.voice.id, priority: 1 }),
      await api.generate(novels[1]!.novel.id, undefined, { voice: june.voice.id }),
    ]
    const { waiting } = await api.until(waits, (progress) => progress.waiting !== null)
    expect(waiting).toMatch(/^The voice May cannot be used: .+\. Put its files back, .+; /)
    const { problems } = await api.json<Health>('/api/health')
    expect(problems).toEqual([
      { code: 'voice.silent', message: expect.stringMatching(/^The voice May cannot/) },
    ])
    expect(await api.finished(goesOn)).toMatchObject({ status: 'completed', waiting: null })
    // It would be set aside after three tries.
    await api.until(waits, () => begun.filter((voice) => voice === may.voice.id).length > 3)
    expect(await api.progress(waits)).toMatchObject({
      status: 'running',
      segmentsDone: 0,
      failedSegments: [],
    })
    expect(await application.db.selectFrom('failures').selectAll().execute()).toEqual([])
    // Each of the two speakers tries a segment, and then the voice rests for two seconds at least.
    const rounds = 1 + Math.floor((Date.now() - since) / 2000)
    expect(begun.filter((voice) => voice === may.voice.id).length).toBeLessThanOrEqual(2 * rounds)
    await rename(`${file}.away`, file)
    const progress = await api.finished(waits)
    expect(progress).toMatchObject({ status: 'completed', failedSegments: [], waiting: null })
    expect((await api.json<Health>('/api/health')).problems).toEqual([])
  },
)

test('every speaker of a voice is a voice of its own', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const { voice } = await bringTiny(api, 'choir.onnx', { speakers: 3 })
  expect(voice.speakers).toEqual(['speaker 0', 'speaker 1', 'speaker 2'])
  const { novel } = await api.add(longStory(1, 3), 'story.txt')
  const lengths = new Set<number>()
  for (const id of [voice.id, `${voice.id}:2`]) {
    const progress = await api.finished(await api.generate(novel.id, undefined, { voice: id }))
    expect(progress).toMatchObject({ status: 'completed', voice: id })
    const audio = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.m4a?voice=${id}`)
    lengths.add((await audio.arrayBuffer()).byteLength)
  }
  expect(lengths.size).toBe(2)
  const unknown = await api.post('/api/worker/generate/all', { novelId: novel.id, voice: `${voice.id}:3` })
  expect(unknown.status).toBe(404)
})

const html = '<!doctype html><title>Not found</title>'
const truncated = tinyVoice().slice(0, 1500)
test.each([
  ['no file', 'voice.onnx', '', undefined, /empty/],
  ['a page', 'voice.onnx', html, tinyConfig(), /page|not an ONNX|no ONNX/i],
  ['half of it', 'voice.onnx', truncated, tinyConfig(), /./],
  ['one without its configuration', 'voice.onnx', tinyVoice(), undefined, /json|configuration/],
  ['one with a broken configuration', 'voice.onnx', tinyVoice(), '{"audio":', /json|configuration/i],
  ['a model of another kind', 'voice.onnx', tinyVoice({ fault: 'wrong inputs' }), tinyConfig(), /input/],
] as const)('%s is refused in one sentence and leaves nothing', async (_, name, model, config, words) => {
  await using here = await startApplication()
  const { status, code, error } = await bring(here.api, name, model, config)
  expect({ status, code }).toEqual({ status: 422, code: 'voice.unfit' })
  expect(error).toMatch(words)
  expect(error).toContain('voice.onnx')
  for (const folder of ['voices', 'downloads', 'incoming'])
    expect(readdirSync(join(here.data, folder))).toEqual([])
  expect(await here.api.json('/api/health')).toMatchObject({ success: true })
})

test('a request without a model, and a voice that came with Nightjar, are answered clearly', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const form = new FormData()
  form.append('file', new Blob(['x']), 'x.onnx')
  const none = await here.api.fetch('/api/voices/files', { method: 'POST', body: form })
  expect([none.status, await none.json()]).toEqual([400, expect.objectContaining({ code: 'voice.no-file' })])
  expect((await patch(here.api, 'hibari:heart', { name: 'Mine' })).status).toBe(409)
  expect((await here.api.fetch('/api/voices/espeak:vi', { method: 'DELETE' })).status).toBe(409)
  expect((await here.api.fetch('/api/voices/piper:none', { method: 'DELETE' })).status).toBe(404)
  // But any voice can be the default.
  expect((await patch(here.api, 'espeak:en-gb', { default: true })).status).toBe(200)
  const { novel } = await here.api.add(longStory(1, 1), 'story.txt')
  expect(novel.voice).toBe('espeak:en-gb')
})

test('two novels in two voices share the speakers, and each speaker loads each voice once', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const [one, two] = [
    await bringTiny(api, 'one.onnx'),
    await bringTiny(api, 'two.onnx', { fault: 'no durations' }),
  ]
  const novels = [await api.add(longStory(1, 20), 'a.txt'), await api.add(longStory(2, 15), 'b.txt')]
  const before = (await api.json<Health>('/api/health')).speakers.modelLoads
  const ids = await Promise.all([
    api.generate(novels[0]!.novel.id, undefined, { voice: one.voice.id }),
    api.generate(novels[1]!.novel.id, undefined, { voice: two.voice.id, priority: 1 }),
  ])
  // A listener of the first novel makes the two alternate.
  const listening = setInterval(() => {
    const position = { chapterNumber: 1, segment: 0, seconds: 0 }
    void api.fetch(`/api/novels/${novels[0]!.novel.id}/position`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(position),
    })
  }, 200)
  for (const id of ids) expect(await api.finished(id)).toMatchObject({ status: 'completed' })
  clearInterval(listening)
  const { modelLoads } = (await api.json<Health>('/api/health')).speakers
  expect(modelLoads - before).toBeGreaterThan(0)
  expect(modelLoads - before).toBeLessThanOrEqual(2 * 2)
})

test('other programs speak with an installed voice, and the command line adds, tries and removes one', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'may.onnx'), tinyVoice())
  await writeFile(join(folder.path, 'may.onnx.json'), JSON.stringify(tinyConfig()))
  const run = (...args: string[]) => Command.run(['voices', ...args], folder.path)
  expect(await run('add', 'may.onnx')).toMatchObject({ code: 0, out: expect.stringContaining('piper:may') })
  const tried = await Command.run(['voices', 'try', 'may', 'How do I sound?'], folder.path)
  expect(tried.code).toBe(0)
  expect(tried.out).toMatch(/^RIFF....WAVE/s)
  expect((await run('try', 'nobody', 'How?')).code).toBe(1)
  expect((await run('remove', 'may')).out).toMatch(/removed/)
  expect(await run('remove', 'may')).toMatchObject({ code: 1, err: expect.stringMatching(/no voice may/) })
  expect(await run('add', 'missing.onnx')).toMatchObject({ code: 1, err: expect.stringMatching(/missing/) })
  expect((await run('add')).code).toBe(2)
  expect((await run('search', 'qqq')).code).toBe(1)
  expect(await readFile(join(folder.path, 'may.onnx'))).toBeTruthy()
})

test('a voice’s name is told to be too long before anything is proved; a blank one is the file’s', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const long = await bringTiny(api, 'may.onnx', {}, 'M'.repeat(101))
  expect(long).toMatchObject({ status: 400, code: 'request.invalid', error: expect.stringMatching(/100/) })
  expect((await bringTiny(api, 'may.onnx', {}, 'M'.repeat(5000))).status).toBe(400)
  expect((await bringTiny(api, 'may.onnx', {}, ' ')).voice).toMatchObject({ name: 'may' })
})

test('a corrected configuration is not thrown away: it makes another voice, that sounds otherwise', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const first = await bringTiny(api, 'may.onnx')
  const corrected = { ...tinyConfig(), inference: { noise_scale: 0.2, length_scale: 1, noise_w: 0.8 } }
  const second = await bring(api, 'may.onnx', tinyVoice(), corrected)
  expect(second).toMatchObject({ status: 201, voice: { id: 'piper:may-2' } })
  expect((await bring(api, 'may.onnx', tinyVoice(), corrected)).voice.id).toBe('piper:may-2')
  const { novel } = await api.add(longStory(1, 3), 'story.txt')
  const lengths: number[] = []
  for (const { voice } of [first, second]) {
    await api.finished(await api.generate(novel.id, undefined, { voice: voice.id }))
    const audio = await api.fetch(`/api/novels/${novel.id}/chapters/1/audio.m4a?voice=${voice.id}`)
    lengths.push((await audio.arrayBuffer()).byteLength)
  }
  expect(new Set(lengths).size).toBe(2)
})
