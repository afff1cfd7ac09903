import { existsSync, readdirSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { FailureAnswer } from '../../src/http/contract/field-contract.ts'
import type { Chapter, SpokenWordsView, Timeline } from '../../src/http/contract/novel-contract.ts'
import type { CatalogueVoice, Install, Voice } from '../../src/http/contract/voice-contract.ts'
import { leftoverFiles } from '../../src/storage/queries/deletion-queries.ts'
import { tinyFlowOffer } from '../fixtures/tiny-catalogue.ts'
import { tinyFlowParts, tinyPresets, tinyVoiceStyle } from '../fixtures/tiny-flow.ts'
import type { Api } from '../program/api-client.ts'
import { startApplication } from '../program/in-process-application.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { installed, voiceOf } from '../program/voice-calls.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'
import { waitUntil } from '../program/wait-until.ts'

const speaker = new URL('../../src/speech/worker/speech-worker.ts', import.meta.url)
const program = fileURLToPath(new URL('../program/serve-with-catalogue.ts', import.meta.url))
const story = 'Chương một\n\nCô mở cửa sổ và nhìn xuống con đường. Buổi tối yên tĩnh, không khí se lạnh.\n'

test('a voice is fetched file by file, a further one of its model is only its style; both read a novel', async () => {
  const offers = [
    await tinyFlowOffer('vieneu', 'Mai', 0.2),
    await tinyFlowOffer('supertonic', 'kim', 0.3),
    await tinyFlowOffer('supertonic', 'linh', 0.6),
  ]
  const [mai, kim, linh] = ['vieneu:Mai', 'supertonic:kim', 'supertonic:linh'] as const
  await using mirror = await VoiceMirror.start(Object.assign({}, ...offers.map(({ files }) => files)))
  await using here = await startApplication({
    workerModule: speaker,
    catalogue: offers.map(({ voice }) => voice),
    settings: { NIGHTJAR_VOICE_SOURCE: mirror.address },
  })
  const { api, application, data } = here
  const offered = (await api.json<{ voices: CatalogueVoice[] }>('/api/voices/catalogue')).voices
  expect(offered.map(({ wordTimes, sizes }) => ({ wordTimes, sizes }))).toEqual(
    offers.map(() => ({ wordTimes: 'estimated', sizes: [] })),
  )
  for (const id of [mai, kim, linh]) {
    const { status, errorMessage } = await installed(api, id)
    expect({ id, status, errorMessage }).toEqual({ id, status: 'completed', errorMessage: null })
  }
  const fetched = mirror.requests.filter(({ path }) => path.endsWith('vector_estimator.onnx'))
  expect(fetched.map(({ path }) => path.split('/')[0])).toEqual(['vieneu', 'supertonic'])
  // Two models, and the folder of each voice.
  expect(readdirSync(join(data, 'voices'))).toHaveLength(5)
  expect(readdirSync(join(data, 'downloads'))).toEqual([])
  const cost = { speechPerCpuSecond: expect.any(Number) as number, memoryBytes: expect.any(Number) as number }
  expect(await voiceOf(api, mai)).toMatchObject({
    name: 'Mai',
    cost,
    wordTimes: 'estimated',
  })
  // What shapes the sound is in the recipe: the steps, the language, model and style.
  const engine = application.voices.engineOf(mai)
  expect(engine).toMatch(/vieneu-\d+ steps-16 guidance-3 .*model-[\da-f]{12} config-[\da-f]{12}/)
  expect(application.voices.accentOf(mai)).toBe('vi')
  expect(application.voices.engineOf(kim)).not.toBe(application.voices.engineOf(linh))
  const { novel } = await api.add(new TextEncoder().encode(story), 'truyen.txt')
  expect(novel.language).toBe('vi')
  for (const voice of [mai, linh]) {
    const spoken = await api.finished(await api.generate(novel.id, undefined, { voice }))
    expect(spoken).toMatchObject({ status: 'completed', voice, failedSegments: [] })
    await tellsEstimatedWords(api, novel.id, voice, 'estimated')
  }
  const exact = await api.finished(await api.generate(novel.id, undefined, { voice: 'espeak:vi' }))
  expect(exact.status).toBe('completed')
  await tellsEstimatedWords(api, novel.id, 'espeak:vi', undefined)
  for (const id of [kim, linh, mai]) await api.json(`/api/voices/${id}`, { method: 'DELETE' })
  expect(readdirSync(join(data, 'voices'))).toEqual([])
  expect(await leftoverFiles(application.db)).toHaveLength(5)
})

/** Wherever an application finds when words are heard it is told what to make of it. */
async function tellsEstimatedWords(
  api: Api,
  novelId: string,
  voice: string,
  wordTimes: 'estimated' | undefined,
): Promise<void> {
  const path = `/api/novels/${novelId}/chapters/1`
  const sound = `?voice=${encodeURIComponent(voice)}`
  const { chapter } = await api.json<{ chapter: Chapter }>(`${path}${sound}&words=false`)
  const { timeline } = await api.json<{ timeline: Timeline }>(`${path}/timeline${sound}`)
  const { segments } = await api.json<{ segments: SpokenWordsView[] }>(`${path}/words${sound}`)
  for (const told of [chapter.segments, timeline.segments, segments]) {
    expect(told).toHaveLength(3)
    expect(told.map((each) => each.wordTimes)).toEqual([wordTimes, wordTimes, wordTimes])
  }
}

async function bring(
  api: Api,
  {
    parts = {},
    config,
    name,
  }: { parts?: Readonly<Record<string, Uint8Array>>; config?: [string, string]; name?: string },
) {
  const form = new FormData()
  for (const [file, bytes] of Object.entries(parts))
    form.append('model', new Blob([Uint8Array.from(bytes)]), file)
  if (config) form.append('config', new Blob([config[0]]), config[1])
  if (name !== undefined) form.append('name', name)
  const response = await api.fetch('/api/voices/files', { method: 'POST', body: form })
  return {
    status: response.status,
    ...((await response.json()) as { voice: Voice } & Partial<FailureAnswer>),
  }
}

test('from files: all of a model with a style, then a style alone; what is missing is named', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const list = tinyPresets({ Mai: 0.2, Quân: 0.7 })
  const early = await bring(api, { config: [list, 'voices_v3_nano.json'] })
  expect(early).toMatchObject({
    status: 422,
    error: expect.stringMatching(/VieNeu, whose model is not here/),
  })
  const parts = await tinyFlowParts('vieneu')
  const { 'vector_estimator.onnx': _, ...some } = parts
  const lacking = await bring(api, { parts: some, config: [list, 'voices_v3_nano.json'] })
  expect(lacking).toMatchObject({ status: 422, error: expect.stringMatching(/lacks vector_estimator\.onnx/) })
  const first = await bring(api, { parts, config: [list, 'voices_v3_nano.json'] })
  expect(first.voice).toMatchObject({
    id: 'vieneu:Mai',
    name: 'Mai',
    language: 'vi-VN',
    gender: 'female',
    source: 'file',
    wordTimes: 'estimated',
  })
  const second = await bring(api, { config: [list, 'voices_v3_nano.json'], name: 'Quân' })
  expect(second).toMatchObject({ status: 201, voice: { name: 'Quân', gender: 'male' } })
  const wrong = await bring(api, { parts, config: [tinyVoiceStyle(0.3), 'kim.json'] })
  expect(wrong).toMatchObject({ status: 422, error: expect.stringMatching(/no list of VieNeu/) })
  const korva = await bring(api, {
    parts: await tinyFlowParts('supertonic'),
    config: [tinyVoiceStyle(0.3), 'kim.json'],
  })
  expect(korva.voice).toMatchObject({ id: 'supertonic:kim', language: 'vi-VN', wordTimes: 'estimated' })
})

test('a model of which a graph is damaged is refused, and leaves nothing behind', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const parts = { ...(await tinyFlowParts('vieneu')), 'codec_decoder.onnx': Buffer.from('<html>') }
  expect(await bring(here.api, { parts, config: [tinyPresets({ Mai: 0.2 }), 'voice.json'] })).toMatchObject({
    status: 422,
    code: 'voice.unfit',
    error: expect.stringMatching(/not an ONNX model/),
  })
  expect(readdirSync(join(here.data, 'voices'))).toEqual([])
  expect(readdirSync(join(here.data, 'downloads'))).toEqual([])
})

test('killed while a file of the model is fetched, it goes on there and fetches no other again', async () => {
  const { voice, files } = await tinyFlowOffer('supertonic', 'kim', 0.3)
  await using folder = await temporaryFolder()
  await using mirror = await VoiceMirror.start(files)
  mirror.manner = ({ path }) => (path.endsWith('vector_estimator.onnx') ? { hangAfter: 1000 } : {})
  const catalogue = join(folder.path, 'catalogue.json')
  await writeFile(catalogue, JSON.stringify([voice]))
  const data = join(folder.path, 'data')
  const start = () =>
    ServerProcess.start({
      data,
      speakers: 1,
      program: [program, catalogue],
      settings: { NIGHTJAR_VOICE_SOURCE: mirror.address },
    })
  const asked = () => mirror.requests.filter(({ path }) => path.includes('/onnx/'))
  const first = await start()
  const answer = await first.post('/api/voices/install', { id: voice.id })
  const { installId } = (await answer.json()) as { installId: string }
  const install = async (api: Api) =>
    (await api.json<{ install: Install }>(`/api/voices/installs/${installId}`)).install
  const parts = () => {
    const name = join(data, 'downloads', installId, 'parts', 'vector_estimator.onnx.part')
    return existsSync(name) ? statSync(name).size : 0
  }
  await waitUntil(() => parts() >= 1000)
  await first.kill()
  const before = asked().length
  mirror.manner = () => ({})
  await using second = await start()
  await waitUntil(async () => (await install(second)).status === 'completed')
  expect(
    asked()
      .slice(before)
      .map(({ path, range }) => [path.split('/').at(-1), range]),
  ).toEqual([['vector_estimator.onnx', 'bytes=1000-']])
  expect(await voiceOf(second, voice.id)).toMatchObject({ name: 'kim', source: 'public' })
  expect(readdirSync(join(data, 'voices'))).toHaveLength(2)
})
