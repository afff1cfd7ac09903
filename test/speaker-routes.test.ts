import { request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { createToken } from '../src/accounts/access-tokens.ts'
import type { EmbeddedScheduler } from '../src/jobs/speakers/embedded-scheduler.ts'
import { revokeToken } from '../src/storage/queries/token-queries.ts'
import { startApplication } from './program/in-process-application.ts'
import { askAsMachine, frame, introduction, type MachineAnswer, wanted } from './program/machine-by-hand.ts'

// The API of speaker machines, asked by hand: with good requests and with hostile ones.

const here = await startApplication({ unready: true, settings: { NIGHTJAR_SPEAKERS: '0' } })
afterAll(() => here[Symbol.asyncDispose]())
const { api, application } = here
const { db } = application
const scheduler = application.segmentScheduler as EmbeddedScheduler
const { secret } = await createToken(db, { name: 'test', scopes: ['speak'] })

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const { answer, headers: answered } = await askAsMachine(api, secret, method, path, body, { headers })
  expect(answered.get('cache-control'), path).toMatch(/no-store|no-cache/)
  return answer
}

const join = async (more: object = {}) =>
  (await ask('POST', '', { ...introduction, ...more })).speaker?.id ?? ''
const lease = (machine: string, slot = 0, wait = 25) => ask('POST', `/${machine}/leases`, { slot, wait })
const complete = (id: string, body: Uint8Array = frame) => ask('PUT', `/leases/${id}/clip`, body)

test('nobody comes in without a token of the scope speak that is not revoked, whatever the request', async () => {
  const revoked = await createToken(db, { name: 'revoked', scopes: ['speak'] })
  await revokeToken(db, revoked.token.id, new Date().toISOString())
  const other = await createToken(db, { name: 'other', scopes: ['listen'] })
  const id = '01990000-0000-7000-8000-000000000000'
  for (const [method, path] of [
    ['POST', ''],
    ['POST', `/${id}/leases`],
    ['PUT', `/leases/${id}/clip`],
    ['POST', `/leases/${id}/failure`],
    ['POST', `/${id}/heartbeat`],
    ['GET', `/files/${'a'.repeat(64)}`],
    ['DELETE', `/${id}`],
  ] as const) {
    for (const wrong of [
      '',
      'Bearer',
      `Bearer ${revoked.secret}`,
      `Basic ${secret}`,
      `Bearer ${secret} x`,
      'Bearer \u00e9',
    ]) {
      const response = await api.fetch(`/api/speakers${path}`, { method, headers: { authorization: wrong } })
      expect(
        [response.status, response.headers.get('www-authenticate')],
        `${method} ${path} ${wrong}`,
      ).toEqual([401, 'Bearer'])
      expect(await response.json()).toMatchObject({ success: false, code: 'token.unknown' })
    }
    expect(await ask(method, path, undefined, { authorization: `Bearer ${other.secret}` })).toMatchObject({
      status: 403,
      code: 'token.scope',
    })
  }
})

test('a body is not read before the token is known', async () => {
  const status = await new Promise((resolve, reject) => {
    const asked = request(
      new URL('/api/speakers', api.address),
      { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': 1000 } },
      (answer) => resolve(answer.resume().statusCode),
    )
    asked.on('error', reject)
    // The rest never comes.
    asked.write('{')
  })
  expect(status).toBe(401)
})

test('a machine of another version or with other engines is told so, and what is no introduction is refused', async () => {
  expect(
    await ask('POST', '', { ...introduction, version: '0.0.1', more: 'fields of another version' }),
  ).toMatchObject({
    status: 409,
    code: 'speaker.other-version',
    error: expect.stringContaining('0.0.1'),
  })
  const machine = await join()
  const engines = [{ ...introduction.engines[0], version: 'odd-2' }]
  expect(await ask('POST', '', { ...introduction, engines })).toMatchObject({
    status: 409,
    code: 'speaker.other-engines',
  })
  for (const wrong of [
    {},
    { ...introduction, name: '' },
    { ...introduction, name: 'x'.repeat(101) },
    { ...introduction, slots: 0 },
    { ...introduction, slots: 257 },
    { ...introduction, slots: 1.5 },
    { ...introduction, cores: 'many' },
    { ...introduction, engines: [{ name: 'odd' }] },
    { ...introduction, engines: Array.from({ length: 51 }, () => introduction.engines[0]) },
  ]) {
    expect(await ask('POST', '', wrong), JSON.stringify(wrong).slice(0, 200)).toMatchObject({ status: 400 })
  }
  expect(await ask('POST', '', { ...introduction, padding: 'x'.repeat(300_000) })).toMatchObject({
    status: 413,
  })
  expect(await ask('DELETE', `/${machine}`)).toMatchObject({ status: 200 })
  expect(await ask('DELETE', `/${machine}`)).toMatchObject({ status: 410, code: 'speaker.unknown' })
  expect(await lease(machine)).toMatchObject({ status: 410, code: 'speaker.unknown' })
})

test('a lease is spoken once, its clip is durable when it is answered, and the next comes with the answer', async () => {
  const machine = await join()
  const progressId = await wanted(api, 'It rained all night.', 'Nobody came to the door.')
  const first = await lease(machine)
  expect(first).toMatchObject({
    status: 200,
    state: 'active',
    lease: { task: { voice: 'odd:hum', speed: 1 } },
  })
  const id = first.lease?.id ?? ''
  // Its answer may have been lost.
  expect((await lease(machine)).lease?.id).toBe(id)
  expect(await ask('POST', `/${machine}/heartbeat`, { leases: [id], realTimeFactor: 3, spoken: 0 })).toEqual({
    status: 200,
    success: true,
    lost: [],
    state: 'active',
  })
  const answer = await complete(id)
  expect(answer).toMatchObject({ status: 200, success: true })
  expect((await api.progress(progressId)).segmentsDone).toBeGreaterThan(0)
  const next = answer.next ?? (await lease(machine)).lease
  expect(next?.id).not.toBe(id)
  // Sent again, because that answer was lost.
  expect(await complete(id)).toMatchObject({ status: 200 })
  for (let held = next; held;) held = (await complete(held.id)).next
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed' })
  await ask('DELETE', `/${machine}`)
})

test('what is no clip is refused and leaves the lease as it is', async () => {
  const machine = await join()
  const progressId = await wanted(api, 'The lamp went out at midnight.')
  const id = (await lease(machine)).lease?.id ?? ''
  expect(await complete(id, frame.subarray(0, -1))).toMatchObject({ status: 422, code: 'speaker.clip' })
  expect(await complete(id, new Uint8Array(0))).toMatchObject({ status: 422 })
  expect(await complete(id, new Uint8Array(4 * 1024 * 1024 + 1))).toMatchObject({ status: 413 })
  expect(await ask('PUT', `/leases/${id}/clip`, {})).toMatchObject({ status: 400 })
  expect(await ask('PUT', `/leases/${id}/clip`, frame, { 'content-type': 'audio/aac' })).toMatchObject({
    status: 415,
  })
  expect(await ask('PUT', '/leases/..%2f..%2fx/clip', frame)).toMatchObject({ status: 400 })
  expect(await complete('01990000-0000-7000-8000-000000000000')).toMatchObject({
    status: 410,
    code: 'speaker.lease-gone',
  })
  for (const wrong of [{}, { kind: 'bored', reason: '' }, { kind: 'failed', reason: 'x'.repeat(501) }]) {
    expect(await ask('POST', `/leases/${id}/failure`, wrong)).toMatchObject({ status: 400 })
  }
  for (const wrong of [
    { slot: -1, wait: 0 },
    { slot: 0, wait: 26 },
    { slot: 0 },
    { slot: 0, wait: 1, more: 1 },
  ]) {
    expect(await ask('POST', `/${machine}/leases`, wrong), JSON.stringify(wrong)).toMatchObject({
      status: 400,
    })
  }
  expect(await lease(machine, 2)).toMatchObject({ status: 422, code: 'request.senseless' })
  for (const wrong of [
    {},
    { leases: ['x'], realTimeFactor: 0, spoken: 0 },
    { leases: [], realTimeFactor: -1, spoken: 0 },
  ]) {
    expect(await ask('POST', `/${machine}/heartbeat`, wrong)).toMatchObject({ status: 400 })
  }
  expect(await complete(id)).toMatchObject({ status: 200 })
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed' })
  await ask('DELETE', `/${machine}`)
})

test('a lapsed lease goes to another machine; the late clip is kept while it can be used, and no more afterwards', async () => {
  const machine = await join()
  const progressId = await wanted(api, 'She counted the coins twice.')
  const { lease: lapsed } = await lease(machine)
  scheduler.check(Date.now() + 31_000)
  const beat = { leases: [lapsed?.id], realTimeFactor: 0, spoken: 0 }
  expect(await ask('POST', `/${machine}/heartbeat`, beat)).toMatchObject({
    status: 410,
    code: 'speaker.unknown',
  })
  const other = await join({ name: 'desk' })
  expect(await ask('POST', `/${other}/heartbeat`, beat)).toMatchObject({ lost: [lapsed?.id] })
  expect(await complete(lapsed?.id ?? '')).toMatchObject({ status: 200, next: null })
  expect(await api.finished(progressId)).toMatchObject({ status: 'completed' })
  expect(
    await ask('POST', `/leases/${lapsed?.id}/failure`, { kind: 'failed', reason: 'late' }),
  ).toMatchObject({
    status: 410,
  })
  await ask('DELETE', `/${other}`)
})

test('a text that failed, or was given back, is leased again', async () => {
  const machine = await join()
  const progressId = await wanted(api, 'Only this one sentence.')
  for (const kind of ['released', 'failed']) {
    const held = (await lease(machine)).lease
    const failure = { kind, reason: 'I will not say that' }
    expect(await ask('POST', `/leases/${held?.id}/failure`, failure)).toMatchObject({ status: 200 })
    expect(await ask('POST', `/leases/${held?.id}/failure`, failure)).toMatchObject({ status: 410 })
  }
  for (let held: MachineAnswer['lease']; (await api.progress(progressId)).status !== 'completed';) {
    held = (await lease(machine, 0, 1)).lease
    if (held) await complete(held.id)
  }
  await ask('DELETE', `/${machine}`)
})

test('machines are listed, drained, resumed and removed', async () => {
  const machine = await join()
  const listed = async () =>
    (await api.json<{ machines: { id: string; state: string }[] }>('/api/machines')).machines.find(
      ({ id }) => id === machine,
    )
  const { servers } = await api.json<{ servers: { id: string }[] }>('/api/machines')
  expect(servers).toMatchObject([{ slots: 0, spoken: 0, realTimeFactor: 0, leases: [] }])
  const server = servers[0]?.id
  expect(await listed()).toMatchObject({ name: 'attic', state: 'active', slots: 2, leases: [], server })
  expect(machine.startsWith(server ?? '-')).toBe(true)
  const polled = lease(machine, 1, 20)
  const drained = await api.post(`/api/machines/${machine}/drain`, {})
  expect([drained.status, await drained.json()]).toMatchObject([200, { machine: { state: 'draining' } }])
  expect(await polled).toMatchObject({ lease: null, state: 'draining' })
  await api.post(`/api/machines/${machine}/resume`, {})
  expect(await listed()).toMatchObject({ state: 'active' })
  expect((await api.fetch(`/api/machines/${machine}`, { method: 'DELETE' })).status).toBe(200)
  expect(await listed()).toBeUndefined()
  expect(await lease(machine)).toMatchObject({ status: 410 })
  for (const path of ['drain', 'resume', '']) {
    const gone = await api.fetch(`/api/machines/${machine}/${path}`.replace(/\/$/, ''), {
      method: path ? 'POST' : 'DELETE',
    })
    expect([gone.status, await gone.json()]).toMatchObject([404, { code: 'machine.unknown' }])
  }
})

test('files are given out by the hashes of installed voices alone', async () => {
  for (const [path, status] of [
    [`/files/${'a'.repeat(64)}`, 404],
    ['/files/nightjar.db', 400],
    ['/files/..%2fnightjar.db', 400],
    [`/files/${'A'.repeat(64)}`, 400],
  ] as const) {
    expect(await ask('GET', path), path).toMatchObject({ status })
  }
})
