import { afterAll, expect, test } from 'vitest'
import { addPerson } from '../src/accounts/account-links.ts'
import { createToken } from '../src/accounts/access-tokens.ts'
import { beginSession } from '../src/accounts/sessions.ts'
import { isFor } from '../src/http/routes/event-log.ts'
import type { Role } from '../src/novel/person.ts'
import { deleteSessions } from '../src/storage/queries/session-queries.ts'
import { revokeToken } from '../src/storage/queries/token-queries.ts'
import { startApplication } from './program/in-process-application.ts'
import { waitUntil } from './program/wait-until.ts'

// What a person is told of by server-sent events.

const here = await startApplication({ work: false, settings: { NIGHTJAR_AUTH: 'accounts' } })
afterAll(() => here[Symbol.asyncDispose]())
const { db, eventBus } = here.application

async function listening(name: string, role: Role) {
  const person = await addPerson(db, { name, role }, async () => undefined)
  const { secret } = await beginSession(db, person, { address: '', userAgent: '' })
  return { person, ...(await listen({ cookie: `nightjar=${secret}` })) }
}

async function listen(headers: Readonly<Record<string, string>>) {
  const leaving = new AbortController()
  const response = await here.api.fetch('/api/worker/events', {
    headers,
    signal: leaving.signal,
  })
  let text = ''
  const read = async (): Promise<void> => {
    for await (const part of response.body ?? []) text += Buffer.from(part as Uint8Array).toString()
  }
  let hasEnded = false
  void read()
    .then(() => (hasEnded = true))
    .catch(() => undefined)
  return { status: response.status, told: () => text, ended: () => hasEnded, leave: () => leaving.abort() }
}

test('a person is told of their own positions and settings, and of nobody else’s', async () => {
  const [ada, ben] = [await listening('Ada', 'admin'), await listening('Ben', 'listener')]
  expect([ada.status, ben.status]).toEqual([200, 200])
  eventBus.publish({ kind: 'listener', listener: ada.person.listener, about: 'position', novelId: 'of-ada' })
  eventBus.publish({ kind: 'listener', listener: ben.person.listener, about: 'position', novelId: 'of-ben' })
  eventBus.publish({ kind: 'machine', id: 'a-machine' })
  eventBus.publish({ kind: 'novel', id: 'a-novel' })
  // The novel comes last.
  await waitUntil(async () => [ada, ben].every(({ told }) => told().includes('a-novel')))
  expect(ada.told()).toContain('of-ada')
  expect(ada.told()).toContain('a-machine')
  expect(ada.told()).not.toContain('of-ben')
  expect(ben.told()).toContain('of-ben')
  expect(ben.told()).not.toContain('of-ada')
  expect(ben.told()).not.toContain('a-machine')
  for (const { leave } of [ada, ben]) leave()
})

test('events need somebody who may come in', async () => {
  expect((await here.api.fetch('/api/worker/events')).status).toBe(401)
  const { secret } = await createToken(db, { name: 'machine', scopes: ['speak'] })
  const response = await here.api.fetch('/api/worker/events', {
    headers: { authorization: `Bearer ${secret}` },
  })
  expect(response.status).toBe(403)
})

test('where nobody is asked all are told of everything', () => {
  for (const listener of [undefined, 'home', 'other']) {
    expect(isFor({ id: '1', text: '', kind: 'listener', listener }, { kind: 'open' }, new Map())).toBe(true)
  }
})

test('the stream of a session that was ended, and of a token that was revoked, ends; others go on', async () => {
  const [fay, gil] = [await listening('Fay', 'listener'), await listening('Gil', 'listener')]
  const { token, secret } = await createToken(db, { name: 'radio', scopes: ['read'] })
  const radio = await listen({ authorization: `Bearer ${secret}` })
  expect([fay.status, gil.status, radio.status]).toEqual([200, 200, 200])
  await deleteSessions(db, fay.person.id)
  await revokeToken(db, token.id, new Date().toISOString())
  await waitUntil(async () => fay.ended() && radio.ended())
  expect(gil.ended()).toBe(false)
  gil.leave()
})
