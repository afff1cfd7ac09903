import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Install, Voice } from '../../src/http/contract/voice-contract.ts'
import { tinyKokoroOffer } from '../fixtures/tiny-catalogue.ts'
import type { Api } from '../program/api-client.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = fileURLToPath(new URL('../program/serve-with-catalogue.ts', import.meta.url))

async function installOf(api: Api, id: string): Promise<Install> {
  return (await api.json<{ install: Install }>(`/api/voices/installs/${id}`)).install
}

async function install(api: Api, id: string): Promise<string> {
  return ((await (await api.post('/api/voices/install', { id })).json()) as { installId: string }).installId
}

async function kokoroVoices(api: Api): Promise<Voice[]> {
  return (await api.json<{ voices: Voice[] }>('/api/voices')).voices.filter(
    ({ engine }) => engine === 'kokoro',
  )
}

test('killed while the model is fetched, and while a blend is kept, the server has each whole or not at all', async () => {
  const offers = [
    tinyKokoroOffer('af_bella', { height: 0.1, padding: 600_000 }),
    tinyKokoroOffer('af_sky', { height: 0.9, padding: 600_000 }),
  ]
  await using folder = await temporaryFolder()
  await using mirror = await VoiceMirror.start(Object.assign({}, ...offers.map(({ files }) => files)))
  mirror.manner = ({ path }) => (path.endsWith('.onnx') ? { hangAfter: 400_000 } : {})
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

  const first = await start()
  const ids = [await install(first, 'kokoro:af_bella'), await install(first, 'kokoro:af_sky')]
  await waitUntil(async () => (await installOf(first, ids[0]!)).bytesDone > 200_000)
  await first.kill()
  mirror.manner = () => ({})
  const second = await start()
  for (const id of ids) await waitUntil(async () => (await installOf(second, id)).status === 'completed')
  const models = mirror.requests.filter(({ path }) => path.endsWith('.onnx'))
  // The second request for the model goes on where the first ended; the second voice asks for none.
  expect(models.map(({ range }) => range !== undefined)).toEqual([false, true])
  expect(readdirSync(join(data, 'voices'))).toHaveLength(3)

  const parts = [
    { voice: 'kokoro:af_bella', percent: 60 },
    { voice: 'kokoro:af_sky', percent: 40 },
  ]
  const answer = second.post('/api/voices/blends', { parts }).catch(() => undefined)
  await waitUntil(() => readdirSync(join(data, 'downloads')).length > 0)
  await second.kill()
  await answer
  await using third = await start()
  await waitUntil(async () => (await kokoroVoices(third)).length >= 2)
  const blends = (await kokoroVoices(third)).filter(({ source }) => source === 'blend')
  await waitUntil(() => readdirSync(join(data, 'voices')).length === 3 + blends.length)
  expect((await third.post('/api/voices/blends', { parts })).status).toBe(201)
  expect(await kokoroVoices(third)).toHaveLength(3)
  expect(readdirSync(join(data, 'voices'))).toHaveLength(4)
})
