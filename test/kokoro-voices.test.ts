import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createToken } from '../src/accounts/access-tokens.ts'
import type { FailureAnswer } from '../src/http/contract/field-contract.ts'
import type { CatalogueVoice, Voice } from '../src/http/contract/voice-contract.ts'
import { leftoverFiles } from '../src/storage/queries/deletion-queries.ts'
import { longStory } from './fixtures/long-story.ts'
import { tinyKokoroOffer } from './fixtures/tiny-catalogue.ts'
import { tinyKokoro, tinyStyles } from './fixtures/tiny-kokoro.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { installed, voiceOf } from './program/voice-calls.ts'
import { VoiceMirror } from './program/voice-mirror.ts'

const speaker = new URL('../src/speech/worker/speech-worker.ts', import.meta.url)

async function bring(api: Api, files: Readonly<Record<string, readonly [Uint8Array, string]>>) {
  const form = new FormData()
  for (const [field, [bytes, name]] of Object.entries(files))
    form.append(field, new Blob([Uint8Array.from(bytes)]), name)
  const response = await api.fetch('/api/voices/files', { method: 'POST', body: form })
  return {
    status: response.status,
    ...((await response.json()) as { voice: Voice } & Partial<FailureAnswer>),
  }
}

test('the model is fetched with the first voice of Kokoro, and goes with the last', async () => {
  const [bella, sky] = [
    tinyKokoroOffer('af_bella', { height: 0.2 }),
    tinyKokoroOffer('af_sky', { height: 0.8 }),
  ]
  await using mirror = await VoiceMirror.start({ ...bella.files, ...sky.files })
  await using here = await startApplication({
    workerModule: speaker,
    catalogue: [bella.voice, sky.voice],
    settings: { NIGHTJAR_VOICE_SOURCE: mirror.address },
  })
  const { api, application, data } = here
  const offers = async () => (await api.json<{ voices: CatalogueVoice[] }>('/api/voices/catalogue')).voices
  expect((await offers())[0]?.sizes.map(({ weights }) => weights)).toEqual(['fp16', 'fp32', 'int8'])
  expect(await installed(api, 'kokoro:af_bella')).toMatchObject({ status: 'completed' })
  expect((await offers()).map(({ bytes, sizes }) => ({ bytes, sizes }))).toEqual([
    { bytes: 522_240, sizes: [] },
    { bytes: 522_240, sizes: [] },
  ])
  expect(await installed(api, 'kokoro:af_sky')).toMatchObject({ status: 'completed', bytesTotal: 522_240 })
  expect(mirror.requests.filter(({ path }) => path.endsWith('.onnx'))).toHaveLength(1)
  const folders = () => readdirSync(join(data, 'voices'))
  expect(folders()).toHaveLength(3)
  const cost = { speechPerCpuSecond: expect.any(Number) as number, memoryBytes: expect.any(Number) as number }
  expect(await voiceOf(api, 'kokoro:af_sky')).toMatchObject({ cost, weights: 'fp16', bytes: 522_240 })
  // Speaker machines fetch both files by their checksums.
  const { secret } = await createToken(application.db, { name: 'attic', scopes: ['speak'] })
  const second = application.voices.installed('kokoro:af_sky')!
  for (const [sha256, bytes] of [
    [second.checksum, second.bytes],
    [second.configChecksum!, 522_240],
  ] as const) {
    const headers = { authorization: `Bearer ${secret}` }
    const file = Buffer.from(
      await (await api.fetch(`/api/speakers/files/${sha256}`, { headers })).arrayBuffer(),
    )
    expect(file.length).toBe(bytes)
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256)
  }
  // Heart costs less, and stays the voice of English novels.
  const { novel } = await api.add(longStory(1, 4), 'story.txt')
  expect(novel.voice).toBe('hibari:heart')
  for (const voice of ['kokoro:af_bella', 'kokoro:af_sky']) {
    const spoken = await api.finished(await api.generate(novel.id, undefined, { voice }))
    expect(spoken).toMatchObject({ status: 'completed', voice, failedSegments: [] })
  }
  await api.json('/api/voices/kokoro:af_bella', { method: 'DELETE' })
  expect(folders()).toHaveLength(2)
  expect((await api.post('/api/voices/kokoro:af_sky/sample', { text: 'Still here.' })).status).toBe(200)
  await api.json('/api/voices/kokoro:af_sky', { method: 'DELETE' })
  expect(folders()).toEqual([])
  expect(await leftoverFiles(application.db)).toHaveLength(3)
})

test('from files: a table of styles alone needs the model, and is named by its file', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api } = here
  const early = await bring(api, { config: [tinyStyles(0.5), 'am_adam.bin'] })
  expect(early).toMatchObject({
    status: 422,
    code: 'voice.unfit',
    error: expect.stringMatching(/choose its model/),
  })
  const model = tinyKokoro({ precision: 'integers' })
  const first = await bring(api, { model: [model, 'kokoro.onnx'], config: [tinyStyles(0.4), 'bf_emma.bin'] })
  expect(first.voice).toMatchObject({
    id: 'kokoro:bf_emma',
    name: 'Kokoro Emma',
    language: 'en-GB',
    gender: 'female',
    source: 'file',
  })
  const second = await bring(api, { config: [tinyStyles(0.5), 'am_adam.bin'] })
  expect(second).toMatchObject({ status: 201, voice: { id: 'kokoro:am_adam', gender: 'male' } })
  // The Chinese model has voices of its own, by their names, and speaks by pinyin.
  const chinese = await bring(api, { model: [model, 'zh.onnx'], config: [tinyStyles(0.6), 'zf_001.bin'] })
  expect(chinese.voice).toMatchObject({ id: 'kokoro-zh:zf_001', language: 'zh', gender: 'female' })
  expect(here.application.voices.engineOf('kokoro-zh:zf_001')).toMatch(/kokoro-zh-\d.* pinyin-\d/)
  const { novel } = await api.add(
    new TextEncoder().encode('第一章\n\n他慢慢地走了。我还没看见一个人。'),
    'story.txt',
  )
  const spoken = await api.finished(await api.generate(novel.id, undefined, { voice: chinese.voice.id }))
  expect(spoken).toMatchObject({ status: 'completed', failedSegments: [] })
  const wrong = await bring(api, {
    model: [model, 'kokoro.onnx'],
    config: [tinyStyles(0.5).subarray(4), 'x.bin'],
  })
  expect(wrong).toMatchObject({ status: 422, error: expect.stringMatching(/no table of styles/) })
})

test('a blend is heard before it is kept, is another voice than its parts, and is kept once', async () => {
  await using here = await startApplication({ workerModule: speaker })
  const { api, application, data } = here
  await bring(api, { model: [tinyKokoro(), 'kokoro.onnx'], config: [tinyStyles(0), 'af_bella.bin'] })
  await bring(api, { config: [tinyStyles(1), 'af_sky.bin'] })
  const parts = (sky: number) => [
    { voice: 'kokoro:af_bella', percent: 100 - sky },
    { voice: 'kokoro:af_sky', percent: sky },
  ]
  const before = readdirSync(join(data, 'voices')).length
  const heard = await Promise.all(
    [40, 60].map(async (sky) => {
      const answer = await api.post('/api/voices/blends/sample', {
        parts: parts(sky),
        text: 'One voice of two.',
      })
      expect(answer.status).toBe(200)
      return Buffer.from(await answer.arrayBuffer())
    }),
  )
  expect(heard[0]!.equals(heard[1]!)).toBe(false)
  expect(readdirSync(join(data, 'voices'))).toHaveLength(before)
  const keep = async (body: object) => {
    const answer = await api.post('/api/voices/blends', body)
    return { status: answer.status, ...((await answer.json()) as { voice: Voice } & Partial<FailureAnswer>) }
  }
  const { status, voice } = await keep({ parts: parts(40) })
  expect(status).toBe(201)
  expect(voice).toMatchObject({
    name: 'Bella 60 % + Sky 40 %',
    source: 'blend',
    blend: parts(40),
    language: 'en-US',
  })
  expect((await keep({ parts: parts(40), name: 'Another name' })).voice.id).toBe(voice.id)
  const other = await keep({ parts: parts(60), name: 'Mary' })
  expect(other.voice).toMatchObject({ name: 'Mary' })
  const recipes = [voice.id, other.voice.id, 'kokoro:af_bella'].map((id) => application.voices.engineOf(id))
  expect(new Set(recipes).size).toBe(3)
  const { novel } = await api.add(longStory(1, 3), 'story.txt')
  const spoken = await api.finished(await api.generate(novel.id, undefined, { voice: voice.id }))
  expect(spoken).toMatchObject({ status: 'completed', failedSegments: [] })
  for (const [wrong, reason] of [
    [parts(40).map((part) => ({ ...part, percent: 30 })), /make 100 %/],
    [[parts(50)[0]!, parts(50)[0]!], /named once/],
    [[parts(50)[0]!, { voice: 'hibari:heart', percent: 50 }], /only those can be blended/],
  ] as const) {
    expect((await keep({ parts: wrong })).error).toMatch(reason)
  }
})
