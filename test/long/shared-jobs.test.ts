import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Export } from '../../src/http/contract/export-contract.ts'
import type { Install, Voice } from '../../src/http/contract/voice-contract.ts'
import { repeatedSentence } from '../fixtures/repeated-sentence.ts'
import { tinyOffer } from '../fixtures/tiny-catalogue.ts'
import type { Api } from '../program/api-client.ts'
import { PostgresCluster, postgresPrograms } from '../program/postgres-cluster.ts'
import { ServerProcess } from '../program/server-process.ts'
import { maySkip } from '../program/skip-policy.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { VoiceMirror } from '../program/voice-mirror.ts'
import { waitUntil } from '../program/wait-until.ts'

// Of several servers on one Postgres exactly one takes each job, and another takes over when it dies.

const skipped = maySkip(postgresPrograms() !== undefined)

interface RunningServer extends AsyncDisposable {
  readonly server: ServerProcess
  readonly data: string
}

/** Two servers on one database, with a folder for the objects of both. */
async function twoServers(program: string, args: readonly string[] = [], settings = {}) {
  const stack = new AsyncDisposableStack()
  const cluster = stack.use(new PostgresCluster({ durable: true }))
  const folder = stack.use(await temporaryFolder()).path
  const path = fileURLToPath(new URL(`../program/${program}`, import.meta.url))
  const start = async (name: string): Promise<RunningServer> => {
    const data = join(folder, name)
    const shared = { NIGHTJAR_DATABASE: cluster.url(), NIGHTJAR_OBJECTS: join(folder, 'objects') }
    const server = stack.use(
      await ServerProcess.start({
        data,
        speakers: 1,
        program: [path, ...args],
        settings: { ...shared, ...settings },
      }),
    )
    return { server, data, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  }
  return {
    servers: [await start('one'), await start('two')],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function installAt(api: Api, id: string): Promise<Install> {
  return (await api.json<{ install: Install }>(`/api/voices/installs/${id}`)).install
}

test.skipIf(skipped)('a voice is installed by one server, and by the other when that is killed', async () => {
  const offer = tinyOffer('ann-low', { padding: 600_000 })
  await using mirror = await VoiceMirror.start(offer.files)
  await using folder = await temporaryFolder()
  const catalogue = join(folder.path, 'catalogue.json')
  await writeFile(catalogue, JSON.stringify([offer.voice]))
  const { path } = offer.voice.files[2]!
  mirror.manner = (request) => (request.path === path ? { hangAfter: 400_000 } : {})
  const settings = { NIGHTJAR_VOICE_SOURCE: mirror.address }
  await using here = await twoServers('serve-with-catalogue.ts', [catalogue], settings)

  const requested = await Promise.all(
    here.servers.map(({ server }) => server.post('/api/voices/install', { id: 'piper:ann-low' })),
  )
  const ids = await Promise.all(
    requested.map(async (response) => ((await response.json()) as { installId: string }).installId),
  )
  expect(new Set(ids).size).toBe(1)
  const id = ids[0] ?? ''
  for (const { server } of here.servers)
    await waitUntil(async () => (await installAt(server, id)).bytesDone > 100_000)
  // One that gave the silent host up goes on where it was.
  const begun = () => mirror.requests.filter((each) => each.path === path && each.range === undefined)
  expect(begun()).toHaveLength(1)

  const owner = here.servers.find(({ data }) => existsSync(join(data, 'downloads', id)))
  const other = here.servers.find((each) => each !== owner)?.server
  if (!owner || !other) throw new Error('one of them fetches the voice')
  mirror.manner = () => ({})
  await owner.server.kill()
  await waitUntil(async () => (await installAt(other, id)).status === 'completed')
  expect(begun()).toHaveLength(2)
  const knowsIt = async () => {
    const { voices } = await other.json<{ voices: Voice[] }>('/api/voices')
    return voices.some((voice) => voice.id === 'piper:ann-low')
  }
  // A server reads its list of voices when it is told that it has changed.
  await waitUntil(knowsIt)
})

test.skipIf(skipped)(
  'a chapter is transcoded by one server, and by the other when that is killed',
  async () => {
    await using here = await twoServers('serve-with-faulty-engine.ts')
    const [one, two] = here.servers
    if (!one || !two) throw new Error('there are two')
    const { novel } = await one.server.add(repeatedSentence(120, 4), 'story.txt')
    await one.server.finished(await one.server.generate(novel.id, undefined, { voice: 'odd:hum' }))
    const zip = `/api/novels/${novel.id}/book.mp3.zip?voice=odd:hum`
    const exportAt = async (api: Api): Promise<Export | undefined> => {
      const response = await api.fetch(zip)
      if (response.status === 202) return ((await response.json()) as { export: Export }).export
      await response.body?.cancel()
      return undefined
    }
    await exportAt(one.server)
    // Whoever makes them, both see how far they are.
    for (const { server } of here.servers)
      await waitUntil(async () => (await exportAt(server))?.percent !== 0)
    const madeBy = ({ server }: RunningServer): number =>
      server.log.split('a chapter was transcoded').length - 1
    await waitUntil(() => madeBy(one) + madeBy(two) > 0)
    await one.server.kill()
    await waitUntil(async () => (await exportAt(two.server)) === undefined)
    // One that was killed between a chapter and its line in the log, or between its file and its row.
    expect(Math.abs(madeBy(one) + madeBy(two) - 4)).toBeLessThanOrEqual(1)
    expect((await two.server.fetch(zip, { method: 'HEAD' })).status).toBe(200)
  },
)
