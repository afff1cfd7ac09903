import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { createToken } from '../src/accounts/access-tokens.ts'
import { toAdts } from '../src/audio/codec/adts.ts'
import type { Machines } from '../src/http/contract/speaker-contract.ts'
import { serverOfUuid, uuidOfServer } from '../src/jobs/servers/server-ids.ts'
import { chapterByNumber } from '../src/storage/queries/chapter-queries.ts'
import { claimSegments } from '../src/storage/queries/claim-queries.ts'
import { generationById } from '../src/storage/queries/generation-queries.ts'
import { deleteServer, saveServer } from '../src/storage/queries/server-queries.ts'
import type { Api } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { askAsMachine, frame, introduction, type MachineAnswer, wanted } from './program/machine-by-hand.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { storageSettings } from './program/test-storage.ts'

// Two servers on one Postgres (npm run test:many): a machine that joined one of them may ask the other for anything.

const folder = await temporaryFolder()
const objects = { NIGHTJAR_OBJECTS: `${folder.path}/objects` }
const settings = { NIGHTJAR_SPEAKERS: '0', ...objects, ...storageSettings(folder.path) }
const one = await startApplication({ unready: true, settings })
const two = await startApplication({ unready: true, settings })
let stopped = false
afterAll(async () => {
  if (!stopped) await one[Symbol.asyncDispose]()
  await two[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})
const { secret } = await createToken(one.application.db, { name: 'test', scopes: ['speak'] })
const ask = async (
  api: Api,
  method: string,
  path: string,
  body?: object,
  options?: { headers?: Record<string, string>; signal?: AbortSignal },
) => (await askAsMachine(api, secret, method, path, body, options)).answer
const join = async (api: Api) => (await ask(api, 'POST', '', introduction)).speaker?.id ?? ''
const listed = (api: Api) => api.json<Machines>('/api/machines')

test('a machine asks another server than the one that it joined, and does not notice', async () => {
  const machine = await join(one.api)
  expect(serverOfUuid(machine)).toBe(one.application.servers.id)
  const progressId = await wanted(one.api, 'One sentence for two servers.', 'And one more of them.')
  const { lease } = await ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 20 })
  expect(lease?.task.text).toBeTruthy()
  expect(serverOfUuid(lease?.id ?? '')).toBe(one.application.servers.id)
  expect(
    await ask(two.api, 'POST', `/${machine}/heartbeat`, {
      leases: [lease?.id],
      realTimeFactor: 2,
      spoken: 0,
    }),
  ).toMatchObject({ status: 200, lost: [], state: 'active' })
  let held = lease?.id
  for (let count = 0; held !== undefined && count < 10; count++) {
    const handed: MachineAnswer = await ask(two.api, 'PUT', `/leases/${held}/clip`, frame)
    expect(handed).toMatchObject({ status: 200 })
    held =
      handed.next?.id ?? (await ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 1 })).lease?.id
  }
  await one.api.finished(progressId)
  // Its answers are those of its own server.
  expect(await ask(two.api, 'PUT', `/leases/${lease?.id}/clip`, new Uint8Array(10))).toMatchObject({
    status: 422,
  })
  expect(await ask(two.api, 'POST', `/${machine}/leases`, { slot: 9, wait: 0 })).toMatchObject({
    status: 422,
  })
  expect(
    await ask(
      two.api,
      'POST',
      `/${machine}/heartbeat`,
      { leases: [] },
      {
        headers: { authorization: 'Bearer nj_wrong' },
      },
    ),
  ).toMatchObject({ status: 401 })
  expect(await ask(two.api, 'DELETE', `/${machine}`)).toMatchObject({ status: 200 })
  expect(await ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 0 })).toMatchObject({
    status: 410,
  })
})

test('who hangs up at one server is not given what comes at the other', async () => {
  const machine = await join(one.api)
  const hungUp = new AbortController()
  const poll = ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 25 }, { signal: hungUp.signal })
  const slot = () => one.application.pool.alive
  await expect.poll(slot).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  hungUp.abort()
  await expect(poll).rejects.toThrow('aborted')
  const ready = () => ask(two.api, 'POST', `/${machine}/leases`, { slot: 1, wait: 20 })
  const waiting = ready()
  const progressId = await wanted(one.api, 'Nobody listens at the first slot.')
  let { lease } = await waiting
  // On a busy machine a request may have waited in vain before there was anything to speak.
  while (!lease) ({ lease } = await ready())
  expect(lease).toBeTruthy()
  await ask(two.api, 'POST', `/leases/${lease?.id}/failure`, { kind: 'released', reason: 'enough' })
  await one.api.post(`/api/worker/progress/${progressId}/cancel`, {})
  await ask(two.api, 'DELETE', `/${machine}`)
})

test('a text for a server without speakers is spoken by the machines of another', async () => {
  const machine = await join(one.api)
  const speaking = () => two.application.servers.speakingServers()
  await expect.poll(speaking).toMatchObject([{ address: one.api.address }])
  const spoken = async (asked: Promise<Response>) => {
    const { lease } = await ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 20 })
    expect(lease?.task.text).toBe('Who speaks for a server without speakers?')
    expect(await ask(one.api, 'PUT', `/leases/${lease?.id}/clip`, frame)).toMatchObject({ status: 200 })
    const { status, headers } = await asked
    return {
      status,
      type: headers.get('content-type'),
      bytes: (await (await asked).arrayBuffer()).byteLength,
    }
  }
  const input = 'Who speaks for a server without speakers?'
  const speech = { model: 'tts-1', voice: 'odd:hum', input, response_format: 'aac' }
  const streamed = await spoken(two.api.post('/v1/audio/speech', speech))
  expect(streamed).toEqual({ status: 200, type: 'audio/aac', bytes: toAdts([new Uint8Array(300)]).length })
  const sample = two.api.post('/api/voices/odd:hum/sample', { text: input })
  expect(await spoken(sample)).toMatchObject({ status: 200, type: 'audio/mp4' })
  // Its failures, too.
  const unknown = await two.api.post('/v1/audio/speech', { ...speech, voice: 'nobody' })
  expect(unknown.status).toBe(400)
  expect(await unknown.json()).toMatchObject({ error: { code: 'voice.unknown' } })
  await ask(two.api, 'DELETE', `/${machine}`)
  await expect.poll(speaking).toEqual([])
  const silent = await two.api.post('/api/voices/odd:hum/sample', { text: input })
  expect(await silent.json()).toMatchObject({ code: 'voice.silent' })
})

test('a server that is frozen is not waited for once nothing is heard of it', async () => {
  const frozen = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(frozen, 'listening')
  const { port } = frozen.address() as AddressInfo
  const { db, servers } = two.application
  const id = servers.id.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a'))
  const state = JSON.stringify((await servers.states())[0])
  await saveServer(db, { id, address: `http://127.0.0.1:${port}`, state })
  await expect.poll(() => servers.addressOf(id)).toBeDefined()
  const asked = ask(two.api, 'POST', `/${uuidOfServer(id)}/leases`, { slot: 0, wait: 20 })
  await once(frozen, 'request')
  await deleteServer(db, id)
  expect(await asked).toMatchObject({ status: 410 })
  frozen.closeAllConnections()
  frozen.close()
})

test('a text is spoken by the next server when the one that was asked is frozen', async () => {
  const frozen = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(frozen, 'listening')
  const { port } = frozen.address() as AddressInfo
  const machine = await join(one.api)
  const { db, servers } = two.application
  const id = servers.id.replace(/^./, (digit) => (digit === 'a' ? 'b' : 'a'))
  const { server, ...state } = (await servers.states())[0]!
  const row = { id, address: `http://127.0.0.1:${port}` }
  // It has most speakers, so it is the first to be asked.
  await saveServer(db, { ...row, state: JSON.stringify({ ...state, server: { ...server, id, slots: 99 } }) })
  await expect.poll(() => servers.speakingServers()).toMatchObject([{ id }, { address: one.api.address }])
  const input = 'Who speaks when the first is frozen?'
  const speech = { model: 'tts-1', voice: 'odd:hum', input, response_format: 'aac' }
  const asked = two.api.post('/v1/audio/speech', speech)
  await once(frozen, 'request')
  await deleteServer(db, id)
  const { lease } = await ask(one.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 25 })
  expect(lease?.task.text).toBe(input)
  expect(await ask(one.api, 'PUT', `/leases/${lease?.id}/clip`, frame)).toMatchObject({ status: 200 })
  expect((await asked).status).toBe(200)
  await ask(one.api, 'DELETE', `/${machine}`)
  frozen.closeAllConnections()
  frozen.close()
})

test('people see and steer the machines of all servers at each of them', async () => {
  const machine = await join(one.api)
  for (const { api } of [one, two]) {
    const only = [{ id: machine, name: 'attic', server: one.application.servers.id }]
    await expect.poll(async () => (await listed(api)).machines).toMatchObject(only)
    const { servers } = await listed(api)
    expect(servers.map(({ id }) => id).toSorted()).toEqual(
      [one.application.servers.id, two.application.servers.id].toSorted(),
    )
  }
  // A browser's page of the other server.
  const origin = { origin: two.api.address.replace(/\/$/, ''), 'sec-fetch-site': 'same-origin' }
  for (const [verb, state] of [
    ['drain', 'draining'],
    ['resume', 'active'],
  ] as const) {
    const steered = await two.api.fetch(`/api/machines/${machine}/${verb}`, {
      method: 'POST',
      headers: origin,
    })
    expect([steered.status, await steered.json()]).toMatchObject([200, { machine: { id: machine, state } }])
    expect((await listed(two.api)).machines).toMatchObject([{ state }])
  }
  const foreign = await two.api.fetch(`/api/machines/${machine}/drain`, {
    method: 'POST',
    headers: { origin: 'http://elsewhere.example' },
  })
  expect(foreign.status).toBe(403)
  expect((await two.api.fetch(`/api/machines/${machine}`, { method: 'DELETE' })).status).toBe(200)
  expect((await listed(two.api)).machines).toEqual([])
  const gone = await two.api.fetch(`/api/machines/${machine}/drain`, { method: 'POST' })
  expect([gone.status, await gone.json()]).toMatchObject([404, { code: 'machine.unknown' }])
})

test('a server that no machine joined knows that others speak, and says nothing else', async () => {
  const machine = await join(one.api)
  const health = async () => (await two.api.fetch('/api/health')).status
  await expect.poll(health).toBe(200)
  const progressId = await wanted(two.api, 'Whoever is asked knows that this is spoken elsewhere.')
  const { lease } = await ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 20 })
  expect(lease).toBeTruthy()
  await expect.poll(() => two.api.progress(progressId)).toMatchObject({ status: 'running', waiting: null })
  expect(await two.api.json('/api/worker/queue')).toMatchObject({ speakers: 2, waitingReason: null })
  await two.api.post(`/api/worker/progress/${progressId}/cancel`, {})
  await ask(two.api, 'DELETE', `/${machine}`)
  await expect.poll(health).toBe(503)
})

test('a server that stops ends the requests that wait at another', async () => {
  const third = await startApplication({ unready: true, settings })
  const machine = await join(one.api)
  const poll = ask(third.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 25 })
  await expect.poll(() => one.application.pool.alive).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await third[Symbol.asyncDispose]()
  expect(await poll).toMatchObject({ status: 503, code: 'server.stopping' })
  await ask(two.api, 'DELETE', `/${machine}`)
})

test('a request is passed on once at most, and one for a server that nobody knows is answered', async () => {
  const machine = await join(one.api)
  const poll = { slot: 0, wait: 0 }
  const headers = { 'nightjar-forwarded-by': one.application.servers.id }
  expect(await ask(two.api, 'POST', `/${machine}/leases`, poll, { headers })).toMatchObject({
    status: 410,
    code: 'speaker.unknown',
  })
  const nobody = uuidOfServer('00000000')
  expect(await ask(two.api, 'POST', `/${nobody}/leases`, poll)).toMatchObject({ status: 410 })
  expect(await ask(two.api, 'PUT', `/leases/${nobody}/clip`, frame)).toMatchObject({
    status: 410,
    code: 'speaker.lease-gone',
  })
  await ask(two.api, 'DELETE', `/${machine}`)
})

test('a clip is stored whose server is gone, while the claim has its lease; then it is too late', async () => {
  const { db } = two.application
  const progressId = await wanted(two.api, 'A server died over this sentence.')
  const generation = await generationById(db, progressId)
  const chapter = generation && (await chapterByNumber(db, generation.novelId, 1))
  if (!generation || !chapter) throw new Error('nothing was asked for')
  const gone = uuidOfServer('0000dead')
  const { casting } = generation
  const range = { casting, chapterId: chapter.id, from: 0, to: 9, recipes: [casting.narrator] }
  const claimant = { server: '0000dead', leaseMs: 30_000, now: Date.now() }
  const claimed = await claimSegments(db, range, { ...claimant, leases: [gone] })
  expect(claimed).toHaveLength(1)
  const { segmentsDone } = await two.api.progress(progressId)
  expect(await ask(two.api, 'PUT', `/leases/${gone}/clip`, frame)).toMatchObject({
    status: 200,
    next: null,
  })
  expect((await two.api.progress(progressId)).segmentsDone).toBe(segmentsDone + 1)
  expect(await ask(two.api, 'PUT', `/leases/${gone}/clip`, frame)).toMatchObject({
    status: 410,
    code: 'speaker.lease-gone',
  })
  await two.api.post(`/api/worker/progress/${progressId}/cancel`, {})
})

test('where its server is gone a machine is told to join again', async () => {
  const machine = await join(one.api)
  await one[Symbol.asyncDispose]()
  stopped = true
  expect(await ask(two.api, 'POST', `/${machine}/leases`, { slot: 0, wait: 0 })).toMatchObject({
    status: 410,
    code: 'speaker.unknown',
  })
  expect((await listed(two.api)).servers).toHaveLength(1)
})
