import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Machine } from '../../src/http/contract/speaker-contract.ts'
import { longStory } from '../fixtures/long-story.ts'
import { tinyOffer } from '../fixtures/tiny-catalogue.ts'
import { tinyConfig } from '../fixtures/tiny-voice.ts'
import type { Api } from '../program/api-client.ts'
import { Command } from '../program/cli-process.ts'
import { freePort } from '../program/free-port.ts'
import { startApplication } from '../program/in-process-application.ts'
import { MachineProcess, type MachineOptions } from '../program/machine-process.ts'
import { reverseProxy } from '../program/reverse-proxy.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

// Other machines speak for a server that has no speech workers of its own.

const faulty = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))
const voice = 'odd:hum'

const story = longStory(1, 100)

const machinesOf = async (api: Api) => (await api.json<{ machines: Machine[] }>('/api/machines')).machines

const namesOf = async (api: Api) => (await machinesOf(api)).map(({ name }) => name).toSorted()

async function audioOf(api: Api, novelId: string): Promise<string> {
  const response = await api.fetch(`/api/novels/${novelId}/chapters/1/audio.m4a?voice=${voice}`)
  expect(response.status).toBe(200)
  return createHash('sha256')
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest('hex')
}

test('a machine that the server does not want ends with a sentence', async () => {
  await using here = await startApplication({ unready: true, settings: { NIGHTJAR_SPEAKERS: '0' } })
  await using folder = await temporaryFolder()
  const token = (await Command.run(['token', 'create', 'desk'], here.data)).out.trim()
  const machine = (more: Partial<MachineOptions>) =>
    new MachineProcess({ server: here.api.address, token, name: 'desk', folder: folder.path, ...more })
  for (const [more, sentence] of [
    [{ version: '0.0.1' }, 'This machine runs Nightjar 0.0.1'],
    [{ token: 'nj_wrong' }, 'This needs a token'],
    [{ server: 'box.local' }, 'A setting is not right: NIGHTJAR_SERVER'],
  ] as const) {
    await using refused = machine(more)
    expect(await refused.ended(), refused.output).toBe(1)
    expect(refused.output).toContain(sentence)
  }
  expect(await machinesOf(here.api)).toEqual([])
})

test('machines are killed, drained and lose their server: nothing is lost, little is spoken twice, nothing differs', async () => {
  await using folder = await temporaryFolder()
  await using cache = await temporaryFolder()
  const data = folder.path
  const token = (await Command.run(['token', 'create', 'desk'], data)).out.trim()
  // The same address after each restart.
  const settings = { PORT: String(await freePort()) }
  const start = () => ServerProcess.start({ data, speakers: 0, program: [faulty], settings })
  let server = await start()
  const machines: MachineProcess[] = []
  const machine = (name: string, speakers: number) => {
    const started = new MachineProcess({ server: server.address, token, name, folder: cache.path, speakers })
    machines.push(started)
    return started.joined()
  }
  try {
    const [attic, desk, cellar] = await Promise.all([
      machine('attic', 2),
      machine('desk', 2),
      machine('cellar', 1),
    ])
    const { novel } = await server.add(story, 'story.txt')
    const progressId = await server.generate(novel.id, undefined, { voice })
    const spoken = (segments: number) =>
      server.until(progressId, ({ segmentsDone }) => segmentsDone >= segments)
    await spoken(20)
    await attic.kill()

    await spoken(40)
    await server.kill()
    server = await start()
    // The machines that are left join by themselves, and the work goes on.
    await spoken(60)
    await waitUntil(async () => (await namesOf(server)).join() === 'cellar,desk')

    cellar.signal('SIGTERM')
    expect(await cellar.ended()).toBe(0)
    expect(await namesOf(server)).toEqual(['desk'])
    const done = await server.finished(progressId)
    expect(done).toMatchObject({ status: 'completed', failedSegments: [] })
    const handedOut = machines.flatMap((each) => each.given)
    // A kill of a machine with two slots, and one of the server over three.
    expect(handedOut.length - new Set(handedOut).size).toBeLessThanOrEqual(5)
    expect(new Set(handedOut).size).toBe(done.segmentsTotal)

    const [{ id } = { id: '' }] = await machinesOf(server)
    await server.post(`/api/machines/${id}/drain`, {})
    const given = desk.given.length
    await machine('garret', 2)
    const { novel: other } = await server.add(longStory(1, 5), 'other.txt')
    await server.finished(await server.generate(other.id, undefined, { voice }))
    expect(desk.given).toHaveLength(given)
    // Woken, it speaks with its next heartbeat.
    await server.post(`/api/machines/${id}/resume`, {})
    const { novel: last } = await server.add(longStory(1, 6), 'last.txt')
    for (const each of machines) if (each !== desk) await each[Symbol.asyncDispose]()
    await server.finished(await server.generate(last.id, undefined, { voice }))
    expect(desk.given.length).toBeGreaterThan(given)

    await using undisturbed = await startApplication()
    const { novel: same } = await undisturbed.api.add(story, 'story.txt')
    await undisturbed.api.finished(await undisturbed.api.generate(same.id, undefined, { voice }))
    expect(await audioOf(server, novel.id)).toBe(await audioOf(undisturbed.api, same.id))
  } finally {
    for (const each of machines) await each[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  }
})

test('a second signal gives back what a machine has in hand, for others to speak at once', async () => {
  await using here = await startApplication({ unready: true, settings: { NIGHTJAR_SPEAKERS: '0' } })
  await using folder = await temporaryFolder()
  const { api } = here
  const token = (await Command.run(['token', 'create', 'desk'], here.data)).out.trim()
  const machine = (name: string) =>
    new MachineProcess({ server: api.address, token, name, folder: folder.path }).joined()
  await using first = await machine('attic')
  const { novel } = await api.add(new TextEncoder().encode('It hangs here for ever.'), 'hangs.txt')
  await api.generate(novel.id, undefined, { voice })
  await waitUntil(() => first.given.length > 0)
  const stuck = first.given.at(-1)
  first.signal('SIGTERM')
  // Two signals that are sent at once are one.
  await waitUntil(() => first.output.includes('Finishing what is in hand'))
  expect((await machinesOf(api))[0]?.leases).toHaveLength(1)
  first.signal('SIGTERM')
  expect(await first.ended()).toBe(0)
  expect(await machinesOf(api)).toEqual([])
  await using second = await machine('desk')
  await waitUntil(() => second.given.length > 0)
  expect(second.given[0]).toBe(stuck)
})

test('a voice is fetched by its checksum into the cache, whatever the network does, and a lost answer costs nothing', async () => {
  await using here = await startApplication({
    unready: true,
    leaseMs: 8000,
    workerModule: new URL('../../src/speech/worker/speech-worker.ts', import.meta.url),
    settings: { NIGHTJAR_SPEAKERS: '0' },
  })
  const { api } = here
  const fetched: (string | undefined)[] = []
  let clips = 0
  await using proxy = await reverseProxy({
    target: api.address,
    disturb({ method, url = '', headers }) {
      if (method === 'PUT' && clips++ === 0) return { after: 0, ending: 'cut' }
      if (!url.includes('/files/') || !url.endsWith(checksum)) return undefined
      fetched.push(headers.range)
      return [{ after: 1_000_000, ending: 'hang' } as const, { after: 500_000, ending: 'cut' } as const][
        fetched.length - 1
      ]
    },
  })
  await using folder = await temporaryFolder()
  const token = (await Command.run(['token', 'create', 'desk'], here.data)).out.trim()
  const machine = (name: string) =>
    new MachineProcess({ server: proxy.address, token, name, folder: folder.path, engines: 'real' }).joined()

  const { voice: offer, files } = tinyOffer('may', { padding: 3_000_000 })
  const model = Buffer.from(Object.entries(files).find(([path]) => path.endsWith('.onnx'))![1])
  const checksum = createHash('sha256').update(model).digest('hex')
  await using first = await machine('attic')
  const form = new FormData()
  form.append('model', new Blob([model]), 'may.onnx')
  form.append('config', new Blob([JSON.stringify(tinyConfig())]), 'may.onnx.json')
  expect((await api.fetch('/api/voices/files', { method: 'POST', body: form })).status).toBe(201)
  const { novel } = await api.add(longStory(1, 3), 'story.txt')
  const progressId = await api.generate(novel.id, undefined, { voice: offer.id })

  const part = join(folder.path, 'models', `${checksum}.part`)
  await waitUntil(() => (statSync(part, { throwIfNoEntry: false })?.size ?? 0) >= 1_000_000)
  await first.kill()
  await using second = await machine('desk')
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
  expect(fetched).toEqual([undefined, 'bytes=1000000-', 'bytes=1500000-'])
  expect(readFileSync(join(folder.path, 'models', checksum)).equals(model)).toBe(true)
  expect(clips).toBeGreaterThan(new Set(second.given).size)
  expect(second.given).toHaveLength(new Set(second.given).size)
})
