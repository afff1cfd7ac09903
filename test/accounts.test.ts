import { afterAll, expect, test } from 'vitest'
import type { AccountSession, AccountState, AccountToken } from '../src/http/contract/account-contract.ts'
import type { Feed } from '../src/http/contract/export-contract.ts'
import { longStory } from './fixtures/long-story.ts'
import { Browser } from './program/account-browser.ts'
import { enteredPerson } from './program/entered-person.ts'
import { startApplication } from './program/in-process-application.ts'

// One household, from the first start on; the tests go on where those before them ended.

const here = await startApplication({ work: false, settings: { NIGHTJAR_AUTH: 'accounts' } })
afterAll(() => here[Symbol.asyncDispose]())
const { db } = here.application
const browser = () => new Browser(here.api.address)
const passwords = { Ada: 'a lamp in the window', Ben: 'nine blue herons' } as const

const stateOf = (of: Browser) => of.json<AccountState>('/api/accounts/session')
const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code

const ada = browser()
const ben = browser()

test('before there is a first admin nothing answers but the ways in and the probes', async () => {
  const guest = browser()
  expect(await stateOf(guest)).toMatchObject({ state: 'setup', person: null })
  for (const path of ['/livez', '/readyz']) expect((await guest.fetch(path)).status, path).toBe(200)
  for (const path of ['/api/novels', '/api/health', '/opds', '/feeds/some.xml', '/metrics', '/v1/models']) {
    const response = await guest.fetch(path)
    expect(response.status, path).toBe(401)
    if (path.startsWith('/api')) expect(await codeOf(response), path).toBe('account.setup')
  }
  const signIn = await guest.post('/api/accounts/sign-in', { name: 'Ada', password: 'whatever it is' })
  expect(await codeOf(signIn)).toBe('account.wrong-password')
})

test('the first admin is made with the code, and takes over what was stored before there were people', async () => {
  await db
    .insertInto('listenerSettings')
    .values({ listener: 'home', settings: '{"locale":"vi"}', updatedAt: '2026-11-30T00:00:00.000Z' })
    .execute()
  const wrong = await ada.post('/api/accounts/setup', {
    code: 'AAAA-AAAA-AAAA',
    name: 'Ada',
    password: passwords.Ada,
  })
  expect([wrong.status, await codeOf(wrong)]).toEqual([403, 'account.wrong-code'])
  const { newSetupCode } = await import('../src/accounts/account-links.ts')
  const { code } = await newSetupCode(db)
  const weak = await ada.post('/api/accounts/setup', { code, name: 'Ada', password: 'ada12345' })
  expect([weak.status, await codeOf(weak)]).toEqual([422, 'account.weak-password'])
  const typed = code.toLowerCase().replaceAll('-', ' ')
  const made = await ada.post('/api/accounts/setup', { code: typed, name: ' Ada ', password: passwords.Ada })
  expect(made.status).toBe(201)
  expect(made.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^nightjar=njs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/),
  ])
  expect(await stateOf(ada)).toMatchObject({ state: 'signed-in', person: { name: 'Ada', role: 'admin' } })
  expect(await ada.json('/api/listener/settings')).toMatchObject({ settings: { locale: 'vi' } })
  const again = await browser().post('/api/accounts/setup', {
    code,
    name: 'Eve',
    password: 'some other words',
  })
  expect([again.status, await codeOf(again)]).toEqual([409, 'account.set-up'])
  expect(await stateOf(browser())).toMatchObject({ state: 'signed-out', ways: { password: true } })
})

test('nothing that is stored of a person, a session or a link is a secret', async () => {
  const rows = await Promise.all(
    (['people', 'sessions', 'accountLinks', 'auditLog'] as const).map((table) =>
      db.selectFrom(table).selectAll().execute(),
    ),
  )
  const text = rows
    .flat()
    .flatMap((row) => Object.values(row))
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
    .join('\n')
  expect(text).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  expect(text).not.toContain(passwords.Ada)
  expect(text).not.toContain(ada.cookie.slice(-43))
})

test('who is invited gets an account by the link, once, and has positions of their own', async () => {
  const { link } = (await (
    await ada.post('/api/accounts/invitations', { role: 'listener', name: 'Ben' })
  ).json()) as { link: string }
  expect(link).toMatch(new RegExp(`^${ada.address}/join#njl_[\\w-]{43}$`))
  const [, secret = ''] = link.split('#')
  const look = await ben.post('/api/accounts/links/look', { secret })
  expect(await look.json()).toMatchObject({ link: { kind: 'invite', name: 'Ben', role: 'listener' } })
  const taken = await ben.post('/api/accounts/links/follow', { secret, name: 'ADA', password: passwords.Ben })
  expect([taken.status, await codeOf(taken)]).toEqual([409, 'account.name-taken'])
  const both = await Promise.all(
    [ben, browser()].map((each) =>
      each.post('/api/accounts/links/follow', { secret, name: 'Ben', password: passwords.Ben }),
    ),
  )
  const statuses = both.map(({ status }) => status).toSorted((one, other) => one - other)
  expect(statuses[0]).toBe(200)
  expect([409, 410]).toContain(statuses[1])
  if (ben.cookie === '') await ben.signIn('Ben', passwords.Ben)
  expect(await stateOf(ben)).toMatchObject({ person: { name: 'Ben', role: 'listener' } })
  const late = await browser().post('/api/accounts/links/look', { secret })
  expect([late.status, await codeOf(late)]).toEqual([410, 'account.link'])

  expect(await ben.json('/api/listener/settings')).toMatchObject({ settings: {} })
  const { novel } = await ada.add(longStory(1, 3), 'shared.txt')
  const place = (chapterNumber: number) => ({ chapterNumber, segment: 1, seconds: 2 })
  const path = `/api/novels/${novel.id}/position`
  expect((await ada.send('PUT', path, place(1))).status).toBe(200)
  expect(await ben.json(path)).toMatchObject({ position: null })
  expect((await ben.send('PUT', path, { ...place(1), seconds: 1 })).status).toBe(200)
  expect(await ada.json(path)).toMatchObject({ position: { seconds: 2 } })
  expect(await ben.json(path)).toMatchObject({ position: { seconds: 1 } })
})

test('whatever a listener stores, nobody else is told', async () => {
  const { novel } = await ada.add(longStory(1, 4), 'apart.txt')
  const path = `/api/novels/${novel.id}`
  const place = { chapterNumber: 1, segment: 2, seconds: 1 }
  const spent = { sitting: 'one', wallSeconds: 60, audioSeconds: 70, day: '2026-11-30' }
  const hours = '/api/listener/hours?first=2026-11-01&last=2026-11-30'
  const mark = `${path}/bookmarks/01990000-0000-7000-8000-000000000001`
  for (const [method, where, body, ...reads] of [
    [
      'PUT',
      mark,
      { chapterNumber: 1, segment: 2, note: 'mine' },
      `${path}/bookmarks`,
      '/api/listener/bookmarks',
      '/api/listener/bookmarks.md',
    ],
    ['PUT', `${path}/heard`, { chapterNumber: 1, from: 0, to: 2 }, `${path}/heard`],
    ['PUT', `${path}/listened`, spent, hours],
    ['PUT', `${path}/position`, place, `${path}/position`, '/api/listener/begun'],
    ['PATCH', `${path}/settings`, { player: { rate: 1.5 } }, `${path}/settings`],
    ['POST', `${path}/feed`, {}, `${path}/feed`],
    ['PATCH', '/api/listener/settings', { locale: 'en' }, '/api/listener/settings'],
  ] as const) {
    const seenBy = (of: Browser) => Promise.all(reads.map(async (read) => (await of.fetch(read)).text()))
    const [hers, his] = [await seenBy(ada), await seenBy(ben)]
    const written = await ada.send(method, where, body)
    expect(written.ok, `${where} ${written.status}`).toBe(true)
    const after = await seenBy(ada)
    for (const [at, read] of reads.entries()) expect(after[at], read).not.toBe(hers[at])
    expect(await seenBy(ben), where).toEqual(his)
  }
})

const feedOf = async (of: Browser, novelId: string): Promise<string> => {
  const made = (await (await of.post(`/api/novels/${novelId}/feed`, {})).json()) as { feed: Feed }
  return made.feed.address
}

test('each has a podcast address of their own, and revokes no other', async () => {
  const { novel } = await ada.add(longStory(1, 6), 'heard-by-two.txt')
  const [hers, his] = [await feedOf(ada, novel.id), await feedOf(ben, novel.id)]
  expect(hers).not.toBe(his)
  expect((await ben.send('DELETE', `/api/novels/${novel.id}/feed`)).status).toBe(200)
  expect((await fetch(his)).status).toBe(404)
  expect((await fetch(hers)).status).toBe(200)
  expect(await ada.json(`/api/novels/${novel.id}/feed`)).toMatchObject({ feed: { address: hers } })
})

test('a listener changes no books of the house, and an editor changes no house', async () => {
  const { novel } = await ada.add(longStory(1, 4), 'of-the-house.txt')
  const renamed = await ben.send('PATCH', `/api/novels/${novel.id}`, { title: 'Mine' })
  expect([renamed.status, await codeOf(renamed)]).toEqual([403, 'account.forbidden'])
  const { person } = await stateOf(ben)
  const path = `/api/accounts/people/${person?.id}`
  expect((await ben.send('PATCH', path, { role: 'admin' })).status).toBe(403)
  expect((await ada.send('PATCH', path, { role: 'editor' })).status).toBe(200)
  expect((await ben.upload(longStory(1, 5), 'mine.txt')).status).toBe(201)
  const webhook = await ben.post('/api/webhooks', { url: 'http://127.0.0.1:9/' })
  expect(webhook.status).toBe(403)
})

test('a wrong password and a wrong name are told alike, and each further attempt waits longer, for its name alone', async () => {
  const eve = browser()
  const attempt = (name: string) => eve.post('/api/accounts/sign-in', { name, password: 'wrong as can be' })
  const answers = []
  for (const name of ['Ben', 'Nobody']) answers.push(await (await attempt(name)).json())
  expect(answers[0]).toEqual(answers[1])
  // Another name is not held up by it.
  await expect(browser().signIn('Ada', passwords.Ada)).resolves.toBeDefined()
  let response = await attempt('ben')
  for (let tries = 0; response.status !== 429 && tries < 5; tries++) response = await attempt('BEN ')
  expect([response.status, await codeOf(response)]).toEqual([429, 'account.slow'])
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  // However long this machine takes for the next request.
  await db
    .updateTable('signInFailures')
    .set({ nextAt: Date.now() + 600_000 })
    .execute()
  // Right, but too soon: somebody who guesses learns nothing.
  const early = await browser().post('/api/accounts/sign-in', { name: 'Ben', password: passwords.Ben })
  expect(early.status).toBe(429)
  await db.deleteFrom('signInFailures').execute()
  await expect(browser().signIn('ben', passwords.Ben)).resolves.toBeDefined()
})

test('sessions are listed and ended; another password ends all others', async () => {
  const phone = await browser().signIn('Ben', passwords.Ben)
  const { sessions } = await ben.json<{ sessions: AccountSession[] }>('/api/accounts/sessions')
  expect(sessions.filter(({ current }) => current)).toHaveLength(1)
  expect(sessions.length).toBeGreaterThan(2)
  const { session } = await stateOf(phone)
  const foreign = await ada.send('DELETE', `/api/accounts/sessions/${session}`)
  expect([foreign.status, await codeOf(foreign)]).toEqual([404, 'account.no-session'])
  expect((await ben.send('DELETE', `/api/accounts/sessions/${session}`)).status).toBe(200)
  expect((await phone.fetch('/api/novels')).status).toBe(401)

  const other = await browser().signIn('Ben', passwords.Ben)
  const next = 'ten green herons'
  const wrong = await ben.send('PUT', '/api/accounts/password', { current: 'not it at all', password: next })
  expect([wrong.status, await codeOf(wrong)]).toEqual([401, 'account.wrong-password'])
  const changed = await ben.send('PUT', '/api/accounts/password', { current: passwords.Ben, password: next })
  expect(changed.status).toBe(200)
  expect((await other.fetch('/api/novels')).status).toBe(401)
  expect((await ben.fetch('/api/novels')).status).toBe(200)
  await expect(browser().signIn('Ben', next)).resolves.toBeDefined()

  const old = ben.cookie
  expect((await ben.send('POST', '/api/accounts/sign-out')).status).toBe(200)
  expect(ben.cookie).toBe('')
  ben.cookie = old
  expect((await ben.fetch('/api/novels')).status).toBe(401)
  await ben.signIn('Ben', next)
})

test('an admin hands over a link for another password, which ends what was there', async () => {
  const { person } = await stateOf(ben)
  const reset = () => ada.post(`/api/accounts/people/${person?.id}/reset`, {})
  const [first, second] = [await reset(), await reset()]
  const secretOf = async (response: Response) =>
    ((await response.json()) as { link: string }).link.split('#')[1] ?? ''
  const follow = (secret: string) =>
    browser().post('/api/accounts/links/follow', { secret, password: passwords.Ben })
  // The newer one took its place.
  expect((await follow(await secretOf(first))).status).toBe(410)
  expect((await follow(await secretOf(second))).status).toBe(200)
  expect((await ben.fetch('/api/novels')).status).toBe(401)
  await ben.signIn('Ben', passwords.Ben)
})

test('tokens allow what they are for, and no more than their person may', async () => {
  const made = await ben.post('/api/accounts/tokens', { name: 'reader', scopes: ['read', 'listen', 'admin'] })
  expect(made.status).toBe(201)
  const { secret, token } = (await made.json()) as { secret: string; token: AccountToken }
  const asked = (path: string, authorization: string, method = 'GET') =>
    here.api.fetch(path, { method, headers: { authorization } })
  const basic = `Basic ${Buffer.from(`reader:${secret}`).toString('base64')}`
  expect((await asked('/api/novels', `Bearer ${secret}`)).status).toBe(200)
  expect((await asked('/opds', basic)).status).toBe(200)
  expect((await asked('/v1/models', `Bearer ${secret}`)).status).toBe(200)
  // Ben is an editor: the scope `admin` of his token opens nothing.
  expect((await asked('/api/accounts/people', `Bearer ${secret}`)).status).toBe(403)
  expect((await asked('/api/accounts/sessions', `Bearer ${secret}`)).status).toBe(403)
  // Basic is sent by browsers for any page: it changes nothing.
  expect((await asked('/api/trash', basic, 'POST')).status).not.toBe(200)
  const challenge = await here.api.fetch('/opds')
  expect([challenge.status, challenge.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="Nightjar", charset="UTF-8"',
  ])
  expect(await ben.json('/api/accounts/tokens')).toMatchObject({ tokens: [{ name: 'reader' }] })
  expect((await ben.send('DELETE', `/api/accounts/tokens/${token.id}`)).status).toBe(200)
  expect((await asked('/api/novels', `Bearer ${secret}`)).status).toBe(401)
})

test('a change needs to say from which page it comes; another page’s is refused', async () => {
  const cookie = ada.cookie
  const ask = (headers: Record<string, string>) =>
    here.api.fetch('/api/listener/settings', {
      method: 'PATCH',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: '{}',
    })
  const silent = await ask({})
  expect([silent.status, await codeOf(silent)]).toEqual([403, 'request.no-origin'])
  expect((await ask({ origin: 'https://elsewhere.example' })).status).toBe(403)
  expect((await ask({ origin: new URL(here.api.address).origin })).status).toBe(200)
})

test('who is shut out is out at once, with sessions, tokens and podcast addresses; the last admin stays', async () => {
  const { novel } = await ada.add(longStory(1, 7), 'of-two.txt')
  const [hers, his] = [await feedOf(ada, novel.id), await feedOf(ben, novel.id)]
  const { secret } = (await (
    await ben.post('/api/accounts/tokens', { name: 'mine', scopes: ['read'] })
  ).json()) as { secret: string }
  const { person } = await stateOf(ben)
  const { person: admin } = await stateOf(ada)
  for (const change of [{ disabled: true }, { role: 'listener' }]) {
    const refused = await ada.send('PATCH', `/api/accounts/people/${admin?.id}`, change)
    expect([refused.status, await codeOf(refused)]).toEqual([409, 'account.last-admin'])
  }
  expect((await ada.send('DELETE', `/api/accounts/people/${admin?.id}`)).status).toBe(409)
  const path = `/api/accounts/people/${person?.id}`
  expect((await ada.send('PATCH', path, { disabled: true })).status).toBe(200)
  expect((await ben.fetch('/api/novels')).status).toBe(401)
  const withToken = await here.api.fetch('/api/novels', { headers: { authorization: `Bearer ${secret}` } })
  expect(withToken.status).toBe(401)
  expect((await fetch(his)).status).toBe(404)
  await expect(browser().signIn('Ben', passwords.Ben)).rejects.toThrow('account.wrong-password')
  await ada.send('PATCH', path, { disabled: false })
  expect((await fetch(his)).status).toBe(200)
  await expect(ben.signIn('Ben', passwords.Ben)).resolves.toBeDefined()
  await ben.send('DELETE', `/api/novels/${novel.id}/feed`)
  const other = await feedOf(ben, novel.id)
  expect((await ada.send('DELETE', path)).status).toBe(200)
  expect((await ben.fetch('/api/novels')).status).toBe(401)
  expect((await fetch(other)).status).toBe(404)
  expect((await fetch(hers)).status).toBe(200)
  // Nor is what he could have brought back kept.
  expect(await db.selectFrom('removals').select('id').execute()).toHaveLength(0)
})

test('what was done to accounts and by admins is written down, with who did it', async () => {
  await ada.post('/api/webhooks', { url: 'http://127.0.0.1:9/' })
  const { entries } = await ada.json<{ entries: { action: string; personName: string; subject: string }[] }>(
    '/api/accounts/audit?limit=500',
  )
  const told = entries.map(({ action, personName, subject }) => `${personName} ${action} ${subject}`)
  expect(told).toEqual(
    expect.arrayContaining([
      'Ada setup Ada',
      'Ada invitation.made Ben (listener)',
      'Ben invitation.used Ben',
      'Ada person.role Ben: listener → editor',
      'nobody sign-in.failed Nobody',
      'Ben password.changed Ben',
      'Ada reset.made Ben',
      'Ben reset.used Ben',
      'Ben token.made reader (read, listen, admin)',
      'Ada person.disabled Ben',
      'Ada person.deleted Ben',
      'Ada admin POST /api/webhooks',
    ]),
  )
})

test('the podcast addresses of the first admin go with them', async () => {
  const { browser: eve } = await enteredPerson(here, 'Eve', 'admin')
  const { novel } = await ada.add(longStory(1, 8), 'left.txt')
  const address = await feedOf(ada, novel.id)
  expect((await fetch(address)).status).toBe(200)
  const { person } = await stateOf(ada)
  expect((await eve.send('DELETE', `/api/accounts/people/${person?.id}`)).status).toBe(200)
  expect((await fetch(address)).status).toBe(404)
})
