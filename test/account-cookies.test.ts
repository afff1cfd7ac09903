import { afterAll, expect, test } from 'vitest'
import { addPerson } from '../src/accounts/account-links.ts'
import { startApplication } from './program/in-process-application.ts'

// Behind a proxy that speaks https.

const here = await startApplication({
  work: false,
  settings: { NIGHTJAR_AUTH: 'accounts', NIGHTJAR_BEHIND_PROXY: 'yes', NIGHTJAR_HOSTS: 'books.example' },
})
afterAll(() => here[Symbol.asyncDispose]())
const password = 'a lamp in the window'
await addPerson(here.application.db, { name: 'Ada', role: 'admin', password }, async () => undefined)

const proxied = {
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'books.example',
  'x-forwarded-for': '203.0.113.9',
  origin: 'https://books.example',
  'content-type': 'application/json',
}

async function signIn(headers: Record<string, string>, secret = password): Promise<Response> {
  const body = JSON.stringify({ name: 'Ada', password: secret })
  return here.api.fetch('/api/accounts/sign-in', { method: 'POST', headers, body })
}

test('over https the cookie is for this host alone, and one that was set without does not count', async () => {
  const [cookie = ''] = (await signIn(proxied)).headers.getSetCookie()
  expect(cookie).toMatch(
    /^__Host-nightjar=njs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
  )
  const [pair = ''] = cookie.split(';')
  const ask = async (sent: string) =>
    (await here.api.fetch('/api/novels', { headers: { ...proxied, cookie: sent } })).status
  expect(await ask(pair)).toBe(200)
  expect(await ask(`other=1; ${pair}`)).toBe(200)
  expect(await ask(pair.replace('__Host-', ''))).toBe(401)
})

test('an address that a client makes up before the proxy’s own does not get it out of waiting', async () => {
  for (let tries = 0; tries < 3; tries++) {
    await signIn({ ...proxied, 'x-forwarded-for': `198.51.100.${tries}, 203.0.113.9` }, 'wrong as can be')
  }
  await here.application.db
    .updateTable('signInFailures')
    .set({ nextAt: Date.now() + 600_000 })
    .execute()
  expect((await signIn({ ...proxied, 'x-forwarded-for': '198.51.100.77, 203.0.113.9' })).status).toBe(429)
  expect((await signIn({ ...proxied, 'x-forwarded-for': '203.0.113.10' })).status).toBe(200)
})
