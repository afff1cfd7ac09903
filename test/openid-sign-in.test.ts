import { afterAll, expect, test } from 'vitest'
import { newSetupCode } from '../src/accounts/account-links.ts'
import type { AccountState } from '../src/http/contract/account-contract.ts'
import { auditRows } from '../src/storage/queries/audit-queries.ts'
import { Browser } from './program/account-browser.ts'
import { freePort } from './program/free-port.ts'
import { startApplication } from './program/in-process-application.ts'
import { LoopbackProvider } from './program/openid-provider.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// Signing in with a real OpenID provider. The tests go on where those before them ended; at first the provider is away.

const guild = await LoopbackProvider.choose()
const here = await startApplication({
  work: false,
  settings: {
    ...guild.settings,
    NIGHTJAR_ADMIN_GROUPS: 'stewards',
    NIGHTJAR_EDITOR_GROUPS: 'scribes, copyists',
    NIGHTJAR_LISTENER_GROUPS: 'readers',
  },
})
afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await guild.stop()
})
const { db } = here.application
const begin = '/api/accounts/provider'
const browser = (): Browser => new Browser(here.api.address)
const stateOf = (of: Browser) => of.json<AccountState>('/api/accounts/session')
const failed = (code: string): string => `/sign-in?failed=${code}`

/** Goes to the provider, signs in there as `login`, and comes back. Returns where that leads. */
async function comeBy(of: Browser, login: string): Promise<string> {
  return of.sentTo(await guild.signIn(await of.sentTo(begin), login))
}

test('a provider that is away stops neither the server nor passwords, and is found when it is back', async () => {
  const ada = browser()
  expect(await stateOf(ada)).toMatchObject({
    state: 'setup',
    ways: { provider: 'The Guild', password: true },
  })
  expect(await ada.sentTo(begin)).toBe(failed('provider-away'))
  expect(ada.away).toBe('')
  const { code } = await newSetupCode(db)
  const made = await ada.post('/api/accounts/setup', { code, name: 'Ada', password: 'a lamp in the window' })
  expect(made.status).toBe(201)
  await expect(browser().signIn('Ada', 'a lamp in the window')).resolves.toBeDefined()

  await guild.start(here.api.address)
  const address = new URL(await browser().sentTo(begin))
  expect(address.origin).toBe(guild.issuer)
  expect(Object.fromEntries(address.searchParams)).toEqual({
    client_id: 'nightjar',
    response_type: 'code',
    redirect_uri: `${here.api.address}/api/accounts/provider/callback`,
    scope: 'openid profile groups',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
  })
  expect(new URL(await browser().sentTo(`${begin}?again=yes`)).searchParams.get('prompt')).toBe('login')
})

test('who comes first gets an account by the groups, and never that of somebody who is called the same', async () => {
  guild.people.set('a1', { name: 'Ada', groups: ['readers', 'copyists'] })
  const other = browser()
  expect(await comeBy(other, 'a1')).toBe('/')
  expect(other.away).toBe('')
  expect(await stateOf(other)).toMatchObject({
    state: 'signed-in',
    person: { name: 'Ada 2', role: 'editor', hasPassword: false, isVouchedFor: true },
  })
  // Again, under another name there: the same person, by the subject.
  guild.people.set('a1', { name: 'Countess', groups: ['readers'] })
  const again = browser()
  expect(await comeBy(again, 'a1')).toBe('/')
  const { person } = await stateOf(again)
  expect(person).toMatchObject({ name: 'Ada 2', role: 'listener' })
  // The groups count for who is signed in elsewhere too.
  expect((await stateOf(other)).person?.role).toBe('listener')
  // Without a password here there is none to guess.
  const guess = await browser().post('/api/accounts/sign-in', { name: 'Ada 2', password: '' })
  expect(guess.status).toBe(401)
})

test('who is in none of the groups, or shut out, does not come in, and who leaves the groups is signed out', async () => {
  guild.people.set('eve', { name: 'Eve', groups: ['strangers'] })
  const eve = browser()
  expect(await comeBy(eve, 'eve')).toBe(failed('not-invited'))
  expect(await stateOf(eve)).toMatchObject({ state: 'signed-out', person: null })

  guild.people.set('ben', { name: 'Ben', groups: ['readers'] })
  const ben = browser()
  await comeBy(ben, 'ben')
  const { person } = await stateOf(ben)
  expect(person?.name).toBe('Ben')
  guild.people.set('ben', { name: 'Ben' })
  expect(await comeBy(browser(), 'ben')).toBe(failed('not-invited'))
  expect((await stateOf(ben)).state).toBe('signed-out')

  guild.people.set('ben', { name: 'Ben', groups: ['readers'] })
  const ada = await browser().signIn('Ada', 'a lamp in the window')
  const shut = await ada.send('PATCH', `/api/accounts/people/${person?.id}`, { disabled: true })
  expect(shut.status).toBe(200)
  expect(await comeBy(browser(), 'ben')).toBe(failed('shut-out'))
})

test('nobody is signed in by a forged, foreign, repeated or changed way back', async () => {
  guild.people.set('cy', { name: 'Cy', groups: ['readers'] })
  const cy = browser()
  const back = await guild.signIn(await cy.sentTo(begin), 'cy')
  const callback = new URL(back)
  const { away } = cy
  const withState = (state: string): string => {
    const changed = new URL(back)
    changed.searchParams.set('state', state)
    return changed.href
  }
  // Without what the browser has kept, and with that of another browser.
  expect(await browser().sentTo(back)).toBe(failed('provider-stale'))
  const mallory = browser()
  const { searchParams } = new URL(await mallory.sentTo(begin))
  expect(await mallory.sentTo(back)).toBe(failed('provider-stale'))
  expect(mallory.away).toBe('')
  // The code of one with the state of the other: it was made for another verifier.
  await mallory
    .sentTo(begin)
    .then((address) => searchParams.set('state', new URL(address).searchParams.get('state') ?? ''))
  expect(await mallory.sentTo(withState(searchParams.get('state') ?? ''))).toBe(failed('provider-stale'))
  expect((await stateOf(mallory)).state).toBe('signed-out')
  // A state that was made up; no code; a refusal of the provider.
  for (const [query, code] of [
    [`code=x&state=${'a'.repeat(43)}`, 'provider-stale'],
    ['', 'provider-stale'],
    [
      `error=access_denied&state=${callback.searchParams.get('state')}&iss=${encodeURIComponent(guild.issuer)}`,
      'provider-refused',
    ],
    [
      `code=x&state=${callback.searchParams.get('state')}&iss=https%3A%2F%2Felsewhere.example`,
      'provider-wrong',
    ],
  ]) {
    cy.away = away
    expect(await cy.sentTo(`${callback.pathname}?${query}`), query).toBe(failed(code ?? ''))
  }
  // None of that spoils the real one, which counts once, whoever repeats it.
  cy.away = away
  expect(await cy.sentTo(back)).toBe('/')
  expect(cy.away).toBe('')
  const thief = browser()
  thief.away = away
  expect(await thief.sentTo(back)).toBe(failed('provider-stale'))
  expect((await stateOf(thief)).state).toBe('signed-out')

  // An ID token that was made for another nonce.
  const tampered = new URL(await mallory.sentTo(begin))
  tampered.searchParams.set('nonce', 'n'.repeat(43))
  const answer = await guild.signIn(tampered.href, 'cy')
  expect(await mallory.sentTo(answer)).toBe(failed('provider-wrong'))
  expect((await stateOf(mallory)).state).toBe('signed-out')
})

test('who has a password connects the account with the provider, and one subject is one person', async () => {
  guild.people.set('ada', { name: 'Lady Ada', groups: ['stewards'] })
  const ada = await browser().signIn('Ada', 'a lamp in the window')
  const connect = async (of: Browser, login: string): Promise<string> => {
    const { address } = (await (await of.post(`${begin}/connect`, {})).json()) as { address: string }
    return of.sentTo(await guild.signIn(address, login))
  }
  expect(await connect(ada, 'a1')).toBe('/account?failed=subject-taken')
  expect(await connect(ada, 'ada')).toBe('/account')
  const elsewhere = browser()
  expect(await comeBy(elsewhere, 'ada')).toBe('/')
  expect(await stateOf(elsewhere)).toMatchObject({
    person: { name: 'Ada', role: 'admin', hasPassword: true },
  })
  expect((await browser().post(`${begin}/connect`, {})).status).toBe(401)
  // Somebody has to be able to mend it: the last admin stays one.
  guild.people.set('ada', { name: 'Lady Ada', groups: ['readers'] })
  expect(await comeBy(browser(), 'ada')).toBe('/')
  expect((await stateOf(elsewhere)).person?.role).toBe('admin')
  // Signing out ends this session alone.
  await elsewhere.post('/api/accounts/sign-out', {})
  expect((await stateOf(elsewhere)).state).toBe('signed-out')
  expect((await stateOf(ada)).state).toBe('signed-in')
})

test('who has a password disconnects from the provider, and is not locked out; who has none stays connected', async () => {
  const ada = await browser().signIn('Ada', 'a lamp in the window')
  const elsewhere = browser()
  guild.people.set('ada', { name: 'Lady Ada', groups: ['stewards'] })
  expect(await comeBy(elsewhere, 'ada')).toBe('/')
  const disconnect = async (of: Browser) => {
    const response = await of.send('DELETE', `${begin}/connect`)
    return [response.status, ((await response.json()) as { code?: string }).code]
  }
  const other = browser()
  expect(await comeBy(other, 'a1')).toBe('/')
  expect(await disconnect(other)).toEqual([409, 'account.only-way'])
  expect((await stateOf(other)).person).toMatchObject({ name: 'Ada 2', isVouchedFor: true })

  expect(await disconnect(ada)).toEqual([200, undefined])
  expect((await stateOf(ada)).person).toMatchObject({ name: 'Ada', isVouchedFor: false, hasPassword: true })
  expect((await stateOf(elsewhere)).state).toBe('signed-out')
  expect(await disconnect(ada)).toEqual([409, 'account.not-connected'])
  // By the provider somebody else comes in from then on, and the password is a way in still.
  guild.people.set('ada', { name: 'Lady Ada', groups: ['readers'] })
  expect(await comeBy(elsewhere, 'ada')).toBe('/')
  expect((await stateOf(elsewhere)).person).toMatchObject({ name: 'Lady Ada', hasPassword: false })
  await expect(browser().signIn('Ada', 'a lamp in the window')).resolves.toBeDefined()
})

test('who signs out is led to the provider’s own page to sign out there too, if they wish and came by it', async () => {
  const signOut = async (of: Browser, query = '') =>
    ((await (await of.post(`/api/accounts/sign-out${query}`, {})).json()) as { page: string | null }).page
  const come = async (): Promise<Browser> => {
    const of = browser()
    expect(await comeBy(of, 'a1')).toBe('/')
    return of
  }
  expect(await signOut(await come())).toBeNull()
  expect(await signOut(await browser().signIn('Ada', 'a lamp in the window'), '?provider=yes')).toBeNull()
  const one = await come()
  const page = new URL((await signOut(one, '?provider=yes')) ?? '')
  expect((await stateOf(one)).state).toBe('signed-out')
  expect(page.origin).toBe(guild.issuer)
  expect(Object.fromEntries(page.searchParams)).toEqual({
    client_id: 'nightjar',
    post_logout_redirect_uri: `${here.api.address}/sign-in?out`,
  })
  // The provider takes it, and asks whether it is meant.
  const asked = await fetch(page)
  expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('logout')])
})

test('who came by the provider, and who did in vain, stands in the log', async () => {
  const log = (await auditRows(db, 500)).map(
    ({ personName, action, subject }) => `${personName} ${action} ${subject}`,
  )
  for (const line of [
    'Ada 2 person.added Ada 2 (editor)',
    'Ada 2 sign-in Ada 2 (The Guild)',
    'nobody person.role Ada 2: editor → listener',
    'nobody sign-in.failed Eve (The Guild)',
    'Ada subject.connected Ada',
    'Ada subject.disconnected Ada',
  ])
    expect(log).toContain(line)
})

test('before there is a first admin only an admin of the provider comes in; a kill between leaving and coming back is not noticed', async () => {
  await using folder = await temporaryFolder()
  await using other = await LoopbackProvider.choose()
  const port = await freePort()
  const options = {
    data: folder.path,
    speakers: 0,
    settings: {
      ...other.settings,
      PORT: String(port),
      NIGHTJAR_ADMIN_GROUPS: 'stewards',
      NIGHTJAR_NEW_PEOPLE: 'listener',
    },
  }
  other.people.set('ada', { name: 'Ada', groups: ['stewards'] })
  other.people.set('ben', { name: 'Ben' })
  const killed = await ServerProcess.start(options)
  await other.start(killed.address)
  const [ada, ben] = [new Browser(killed.address), new Browser(killed.address)]
  const [adaBack, benBack] = [
    await other.signIn(await ada.sentTo(begin), 'ada'),
    await other.signIn(await ben.sentTo(begin), 'ben'),
  ]
  await killed.kill()
  await using server = await ServerProcess.start(options)
  expect(await ben.sentTo(benBack)).toBe(failed('not-invited'))
  expect((await stateOf(ben)).state).toBe('setup')
  expect(await ada.sentTo(adaBack)).toBe('/')
  expect(await stateOf(ada)).toMatchObject({ state: 'signed-in', person: { name: 'Ada', role: 'admin' } })
  // The code of the log is good no more.
  const [, code] = /with the code ([\w-]+)/.exec(server.log) ?? []
  const late = await new Browser(server.address).post('/api/accounts/setup', {
    code,
    name: 'Eve',
    password: 'some other words',
  })
  expect(late.status).toBe(409)
  const next = await other.signIn(await ben.sentTo(begin), 'ben')
  expect(await ben.sentTo(next)).toBe('/')
  expect((await stateOf(ben)).person).toMatchObject({ name: 'Ben', role: 'listener' })
  await server.stop()
  for (const secret of [
    new URL(adaBack).searchParams.get('code') ?? '',
    ada.cookie.slice(-43),
    other.settings['NIGHTJAR_OIDC_CLIENT_SECRET'] ?? '',
  ])
    expect(server.log).not.toContain(secret)
})

test('behind a proxy, below a path, people come back to the address that they know', async () => {
  await using proxied = await startApplication({
    work: false,
    settings: { ...guild.settings, NIGHTJAR_BEHIND_PROXY: 'yes', NIGHTJAR_HOSTS: 'books.example' },
  })
  const response = await proxied.api.fetch(begin, {
    redirect: 'manual',
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'books.example',
      'x-forwarded-prefix': '/nightjar',
    },
  })
  const address = new URL(response.headers.get('location') ?? '')
  expect(address.searchParams.get('redirect_uri')).toBe(
    'https://books.example/nightjar/api/accounts/provider/callback',
  )
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Host-nightjar-away=njo_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900; Secure$/,
    ),
  ])
  const lost = await proxied.api.fetch(`${begin}/callback`, {
    redirect: 'manual',
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'books.example',
      'x-forwarded-prefix': '/nightjar',
    },
  })
  expect(lost.headers.get('location')).toBe('/nightjar/sign-in?failed=provider-stale')
})
