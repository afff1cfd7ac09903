import { request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { newSetupCode } from '../src/accounts/account-links.ts'
import { createToken } from '../src/accounts/access-tokens.ts'
import type { AccountState } from '../src/http/contract/account-contract.ts'
import { addressList } from '../src/http/access/proxy-headers.ts'
import { Browser } from './program/account-browser.ts'
import { startApplication } from './program/in-process-application.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// A proxy that tells in a header who asks. Nightjar is asked from 127.0.0.1, and from 127.0.0.2, which is not the proxy.

const headers = { NIGHTJAR_PROXY_USER_HEADER: 'Remote-User', NIGHTJAR_PROXY_GROUPS_HEADER: 'Remote-Groups' }
const here = await startApplication({
  work: false,
  settings: {
    ...headers,
    NIGHTJAR_PROXY_ADDRESSES: '127.0.0.1, 10.1.0.0/16',
    NIGHTJAR_ADMIN_GROUPS: 'stewards',
    NIGHTJAR_LISTENER_GROUPS: 'readers',
  },
})
afterAll(() => here[Symbol.asyncDispose]())
const { db } = here.application

/** As a browser behind the proxy. */
class Proxied extends Browser {
  readonly #told: Record<string, string>

  constructor(user: string, groups = '') {
    super(here.api.address)
    // `fetch` takes bytes alone, as proxies send them.
    this.#told = { 'remote-user': Buffer.from(user).toString('latin1'), 'remote-groups': groups }
  }

  override fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return super.fetch(path, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), ...this.#told },
    })
  }
}

const stateOf = (of: Browser) => of.json<AccountState>('/api/accounts/session')

/** The status of an answer to a request from another address, or with headers that `fetch` does not send. */
async function statusOf(address: string, given: readonly string[], from = '127.0.0.1'): Promise<number> {
  const { hostname, port } = new URL(address)
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: hostname,
        port,
        path: '/api/novels',
        localAddress: from,
        headers: ['host', `${hostname}:${port}`, ...given],
      },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

test('who makes the first admin behind the proxy, and who follows an invitation, is known by the header from then on', async () => {
  const ada = new Proxied('ada')
  expect(await stateOf(ada)).toMatchObject({ state: 'setup', ways: { proxy: true } })
  const { code } = await newSetupCode(db)
  const made = await ada.post('/api/accounts/setup', { code, name: 'Ada', password: 'a lamp in the window' })
  expect(made.status).toBe(201)
  // Another browser, without a cookie; this one is in no group, and the last admin all the same.
  expect(await stateOf(new Proxied('ada', 'stewards'))).toMatchObject({
    state: 'signed-in',
    session: null,
    person: { name: 'Ada', role: 'admin' },
    ways: { proxy: true },
  })
})

test('groups of the header give the role, at each request; many at once make one account', async () => {
  const ben = new Proxied('Bến', 'readers,others')
  const asked = await Promise.all(Array.from({ length: 6 }, () => ben.fetch('/api/novels')))
  expect(asked.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200))
  expect((await stateOf(ben)).person).toMatchObject({ name: 'Bến', role: 'listener', isVouchedFor: true })
  expect((await stateOf(new Proxied('Bến', 'stewards|readers'))).person?.role).toBe('admin')
  expect((await stateOf(ben)).person?.role).toBe('listener')
  // A change still has to say from which page it comes.
  const silent = await here.api.fetch('/api/listener/settings', {
    method: 'PATCH',
    headers: { 'remote-user': 'ada', 'remote-groups': 'stewards', 'content-type': 'application/json' },
    body: '{}',
  })
  expect(silent.status).toBe(403)
  const people = await db.selectFrom('people').select('name').execute()
  expect(people.map(({ name }) => name).toSorted()).toEqual(['Ada', 'Bến'])
})

test('who is in no group is nobody, is told so, and may come by a password', async () => {
  const eve = new Proxied('eve')
  expect(await stateOf(eve)).toMatchObject({ state: 'signed-out', ways: { proxy: true, password: true } })
  const refused = await eve.fetch('/api/novels')
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    403,
    'account.not-invited',
  ])
  // A name that somebody has is not that somebody.
  expect((await stateOf(new Proxied('Ada'))).person).toBeNull()
})

test('a header that comes twice, is empty, or comes with a token of its own, is not believed', async () => {
  const { address } = here.api
  const good = ['remote-groups', 'stewards']
  expect(await statusOf(address, ['remote-user', 'ada', ...good])).toBe(200)
  expect(await statusOf(address, ['remote-user', 'ada', 'remote-user', 'ada', ...good])).toBe(401)
  expect(await statusOf(address, ['remote-user', ' ', ...good])).toBe(401)
  expect(await statusOf(address, ['remote_user', 'ada', ...good])).toBe(401)
  // Groups of two authors are none.
  expect(await statusOf(address, ['remote-user', 'eve', ...good, ...good])).toBe(403)
  // A token says who asks; the name and password of the proxy's own are nothing here.
  const { secret } = await createToken(db, { name: 'other', scopes: ['speak'] })
  expect(await statusOf(address, ['remote-user', 'ada', ...good, 'authorization', `Bearer ${secret}`])).toBe(
    403,
  )
  const basic = `Basic ${Buffer.from('ada:of the proxy').toString('base64')}`
  expect(await statusOf(address, ['remote-user', 'ada', ...good, 'authorization', basic])).toBe(200)
})

test('from any other address the header is ignored, and that is told in the log once', async () => {
  await using folder = await temporaryFolder()
  await using server = await ServerProcess.start({
    data: folder.path,
    speakers: 0,
    settings: {
      ...headers,
      NIGHTJAR_PROXY_ADDRESSES: '127.0.0.2,::1',
      NIGHTJAR_NEW_PEOPLE: 'listener',
      NIGHTJAR_ADMIN_GROUPS: 'stewards',
      // What a client says of its own address is nothing either.
      NIGHTJAR_BEHIND_PROXY: 'yes',
    },
  })
  const forged = ['remote-user', 'ada', 'remote-groups', 'stewards', 'x-forwarded-for', '127.0.0.2']
  for (let time = 0; time < 3; time++) expect(await statusOf(server.address, forged)).toBe(401)
  expect(await statusOf(server.address, forged, '127.0.0.2')).toBe(200)
  expect(await statusOf(server.address, forged)).toBe(401)
  await server.stop()
  expect(server.log.split('127.0.0.1 tells in the header remote-user who asks')).toHaveLength(2)
})

test('addresses and networks are told apart from what is none', () => {
  for (const wrong of ['box.local', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', '', '::1/129', '10.0.0']) {
    expect(addressList([wrong]), wrong).toBeUndefined()
  }
  const list = addressList(['10.0.0.0/8', 'fd00::/8', '192.168.1.4'])
  expect(list?.check('10.200.1.1')).toBe(true)
  expect(list?.check('fd12::1', 'ipv6')).toBe(true)
  expect(list?.check('192.168.1.5')).toBe(false)
})
