import { existsSync, readdirSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { CatalogueVoice, Install, Voice } from '../../src/http/contract/voice-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { type TinyOffer, tinyOffer } from '../fixtures/tiny-catalogue.ts'
import type { Api } from '../program/api-client.ts'
import { Command } from '../program/cli-process.ts'
import { EventStream } from '../program/event-stream.ts'
import { ServerProcess } from '../program/server-process.ts'
import { startApplication } from '../program/in-process-application.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'

const speaker = new URL('../../src/speech/worker/speech-worker.ts', import.meta.url)
const program = fileURLToPath(new URL('../program/serve-with-catalogue.ts', import.meta.url))
const wasteLand = fileURLToPath(new URL('../../../shared/books/the-waste-land.epub', import.meta.url))
/** Its shortest chapter. */
const deathByWater = '5'
const joe = fileURLToPath(new URL('../../../shared/voices/joe/', import.meta.url))

async function install(api: Api, id: string): Promise<string> {
  const response = await api.post('/api/voices/install', { id })
  expect(response.status).toBe(202)
  const { installId } = (await response.json()) as { installId: string }
  expect(response.headers.get('location')).toBe(`/api/voices/installs/${installId}`)
  return installId
}

async function installOf(api: Api, id: string): Promise<Install> {
  return (await api.json<{ install: Install }>(`/api/voices/installs/${id}`)).install
}

async function over(api: Api, id: string): Promise<Install> {
  let now = await installOf(api, id)
  await waitUntil(async () => {
    now = await installOf(api, id)
    return ['completed', 'failed', 'cancelled'].includes(now.status)
  })
  return now
}

async function voicesOf(api: Api): Promise<Voice[]> {
  return (await api.json<{ voices: Voice[] }>('/api/voices')).voices
}

function left(data: string): string[] {
  return ['voices', 'downloads', 'incoming'].flatMap((folder) => readdirSync(join(data, folder)))
}

/** The real program whose catalogue holds these voices, and the host that has them. */
async function withCatalogue(...offers: readonly TinyOffer[]) {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(await temporaryFolder())
  const mirror = stack.use(await VoiceMirror.start())
  for (const { files } of offers) for (const [path, bytes] of Object.entries(files)) mirror.put(path, bytes)
  const catalogue = join(folder.path, 'catalogue.json')
  await writeFile(catalogue, JSON.stringify(offers.map(({ voice }) => voice)))
  const data = join(folder.path, 'data')
  const start = () =>
    ServerProcess.start({
      data,
      speakers: 1,
      program: [program, catalogue],
      settings: { NIGHTJAR_VOICE_SOURCE: mirror.address },
    })
  return { mirror, data, start, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('a voice of the catalogue is fetched, proved and offered, and speaks a novel', async () => {
  const offer = tinyOffer('ann-low', { padding: 300_000 })
  await using mirror = await VoiceMirror.start(offer.files)
  await using here = await startApplication({
    workerModule: speaker,
    catalogue: [offer.voice],
    settings: { NIGHTJAR_VOICE_SOURCE: mirror.address },
  })
  const { api } = here
  await using events = await EventStream.open(api)
  const { voices, languages } = await api.json<{ voices: CatalogueVoice[]; languages: object[] }>(
    '/api/voices/catalogue?language=en',
  )
  expect(voices).toEqual([expect.objectContaining({ id: 'piper:ann-low', installed: false, licence: null })])
  expect(languages).toEqual([expect.objectContaining({ tag: 'en', name: 'English', count: 1 })])
  expect(await api.json('/api/voices/catalogue/piper:ann-low/card')).toMatchObject({
    card: { licence: 'CC0', text: expect.stringContaining('ann-low') },
  })
  const [id, again] = [await install(api, 'piper:ann-low'), await install(api, 'piper:ann-low')]
  expect(again).toBe(id)
  const { bytes } = offer.voice
  expect(await over(api, id)).toMatchObject({ status: 'completed', bytesDone: bytes, bytesTotal: bytes })
  await events.until(({ kind, data }) => kind === 'install' && data.status === 'completed')
  const kinds = events.heard.flatMap((event) => (event.kind === 'install' ? [event.data.status] : []))
  expect(kinds.at(0)).not.toBe('completed')
  expect(await voicesOf(api)).toContainEqual(
    expect.objectContaining({ id: 'piper:ann-low', licence: 'CC0', source: 'public', quality: 'low' }),
  )
  expect((await api.post('/api/voices/install', { id: 'piper:ann-low' })).status).toBe(409)
  const { novel } = await api.add(longStory(1, 6), 'story.txt')
  const sound = { voice: 'piper:ann-low' }
  const progress = await api.finished(await api.generate(novel.id, undefined, sound))
  expect(progress).toMatchObject({ status: 'completed', failedSegments: [] })
  const { chapter } = await api.json<{ chapter: { segments: { words: object[] }[] } }>(
    `/api/novels/${novel.id}/chapters/1?voice=piper:ann-low`,
  )
  expect(chapter.segments[1]?.words.length).toBeGreaterThan(3)
})

test('killed while it fetches, the server goes on from the byte where it was', async () => {
  const offer = tinyOffer('ann-low', { padding: 600_000 })
  await using house = await withCatalogue(offer)
  const { path } = offer.voice.files[2]!
  house.mirror.manner = (request) => (request.path === path ? { hangAfter: 400_000 } : {})
  const first = await house.start()
  const id = await install(first, 'piper:ann-low')
  await waitUntil(async () => (await installOf(first, id)).bytesDone > 200_000)
  await first.kill()
  house.mirror.manner = () => ({})
  await using second = await house.start()
  expect(await over(second, id)).toMatchObject({ status: 'completed' })
  const models = house.mirror.requests.filter((request) => request.path === path)
  expect(models).toHaveLength(2)
  const from = Number(/^bytes=(\d+)-$/.exec(models[1]?.range ?? '')?.[1])
  expect(from).toBeGreaterThan(200_000)
  expect(models[1]?.sent).toBe(offer.voice.bytes - from)
  expect((await voicesOf(second)).map((voice) => voice.id)).toContain('piper:ann-low')
})

test('killed while a voice is proved, the server proves it again; cancelled, nothing of it is left', async () => {
  await using house = await withCatalogue(
    tinyOffer('slow-low', { fault: 'never ends' }),
    tinyOffer('ann-low'),
  )
  const first = await house.start()
  const id = await install(first, 'piper:slow-low')
  await waitUntil(async () => (await installOf(first, id)).status === 'proving')
  await first.kill()
  await using second = await house.start()
  await waitUntil(async () => (await installOf(second, id)).status === 'proving')
  // The next one waits for its turn.
  const next = await install(second, 'piper:ann-low')
  expect((await installOf(second, next)).status).toBe('pending')
  const cancelled = await second.post(`/api/voices/installs/${id}/cancel`, {})
  expect(await cancelled.json()).toMatchObject({ install: { status: 'cancelled' } })
  expect(await over(second, next)).toMatchObject({ status: 'completed' })
  expect((await voicesOf(second)).filter(({ engine }) => engine === 'piper')).toHaveLength(1)
  expect(left(house.data)).toEqual([next])
})

test.each([
  ['silent', /silent/],
  ['not a number', /not numbers/],
  ['wrong inputs', /input/],
] as const)('a voice that is %s says why and leaves nothing behind', async (fault, words) => {
  const offer = tinyOffer('odd-low', { fault })
  await using mirror = await VoiceMirror.start(offer.files)
  await using here = await startApplication({
    catalogue: [offer.voice],
    settings: { NIGHTJAR_VOICE_SOURCE: mirror.address },
  })
  const { status, errorMessage } = await over(here.api, await install(here.api, 'piper:odd-low'))
  expect({ status, errorMessage }).toEqual({ status: 'failed', errorMessage: expect.stringMatching(words) })
  expect(await voicesOf(here.api)).toHaveLength(1)
  expect(left(here.data)).toEqual([])
})

test('without a network an install fails in one sentence, and nothing else suffers', async () => {
  const offer = tinyOffer('ann-low')
  await using here = await startApplication({
    catalogue: [offer.voice],
    settings: { NIGHTJAR_VOICE_SOURCE: 'http://127.0.0.1:9' },
  })
  const { novel } = await here.api.add(longStory(1, 4), 'story.txt')
  const [id, spoken] = [await install(here.api, 'piper:ann-low'), await here.api.generate(novel.id)]
  expect(await here.api.finished(spoken)).toMatchObject({ status: 'completed' })
  const failed = await over(here.api, id)
  expect(failed).toMatchObject({
    status: 'failed',
    errorMessage: expect.stringMatching(/NIGHTJAR_VOICE_SOURCE/),
  })
  const card = await here.api.fetch('/api/voices/catalogue/piper:ann-low/card')
  expect(card.status).toBe(502)
  expect(left(here.data)).toEqual([])
})

test('a voice that is wished for must be in the catalogue', async () => {
  await using here = await startApplication()
  const response = await here.api.post('/api/voices/install', { id: 'piper:nobody' })
  expect([response.status, await response.json()]).toEqual([
    404,
    expect.objectContaining({ code: 'voice.not-in-catalogue' }),
  ])
  expect((await here.api.fetch('/api/voices/installs/01990000-0000-7000-8000-000000000000')).status).toBe(404)
})

test('the catalogue tells the languages of the shelf first', async () => {
  await using here = await startApplication()
  await here.api.add(Buffer.from('第一章\n\n他走了。\n\n第二章\n\n她笑了。\n'), 'book.txt')
  const { voices, languages } = await here.api.json<{
    voices: CatalogueVoice[]
    languages: { tag: string }[]
  }>('/api/voices/catalogue?limit=1')
  expect(languages[0]?.tag).toBe('zh')
  expect(voices[0]?.language).toBe('zh-CN')
  const { total } = await here.api.json<{ total: number }>('/api/voices/catalogue?search=viet')
  expect(total).toBeGreaterThan(1)
})

test.skipIf(!existsSync(joe))(
  'Joe is added from a folder by the command line and narrates (needs ../shared/voices)',
  async () => {
    await using folder = await temporaryFolder()
    const source = join(folder.path, 'source/rhasspy/piper-voices/resolve/v1.0.0/en/en_US/joe/medium')
    await mkdir(source, { recursive: true })
    for (const name of ['en_US-joe-medium.onnx', 'en_US-joe-medium.onnx.json', 'MODEL_CARD'])
      await symlink(join(joe, name), join(source, name))
    await writeFile(join(folder.path, '.env'), `NIGHTJAR_VOICE_SOURCE=${join(folder.path, 'source')}\n`)
    const run = (...args: string[]) => Command.run(args, folder.path)
    expect((await run('voices', 'search', 'joe')).out).toMatch(/^piper:en_US-joe-medium .*CC0/m)
    expect(await run('voices', 'add', 'joe')).toMatchObject({
      code: 0,
      out: expect.stringContaining('can speak'),
    })
    expect((await run('voices', 'en')).out).toMatch(/^piper:en_US-joe-medium .*neural/m)
    const sound = ['--voice', 'piper:en_US-joe-medium', '--chapters', deathByWater]
    const spoken = await run('narrate', wasteLand, '--out', 'spoken', ...sound)
    expect(spoken.code).toBe(0)
    expect(readdirSync(join(folder.path, 'spoken'))).toEqual([expect.stringMatching(/\.m4a$/)])
    const removed = await run('voices', 'remove', 'en_US-joe-medium')
    expect(removed.out).toMatch(/removed/)
    expect(readdirSync(dirname(join(folder.path, 'voices/x')))).toEqual([])
  },
)
