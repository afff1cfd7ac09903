import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { reverseProxy } from './program/reverse-proxy.ts'
import { startApplication } from './program/in-process-application.ts'

const page = existsSync(fileURLToPath(new URL('../dist/web/index.html', import.meta.url)))

const here = await startApplication({ settings: { NIGHTJAR_HOSTS: 'books.example.org' } })
const behind = await startApplication({
  settings: { NIGHTJAR_BEHIND_PROXY: 'yes', NIGHTJAR_HOSTS: 'books.example.org', NIGHTJAR_BASE: '/shelf' },
})
afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await behind[Symbol.asyncDispose]()
})

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** A request with headers that `fetch` does not allow to be set. */
function ask(
  address: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(address + path, { headers, method }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: text }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

test('requests with a foreign host name (DNS rebinding) are refused, and the error names the setting', async () => {
  const { novel } = await here.api.add(longStory(1, 2), 'kept.txt')
  const port = new URL(here.api.address).port
  const rebound = { host: `evil.example:${port}`, origin: `http://evil.example:${port}` }
  for (const [method, path] of [
    ['DELETE', `/api/novels/${novel.id}`],
    ['GET', '/api/novels'],
    ['GET', '/'],
    ['GET', '/opds'],
    ['GET', '/v1/models'],
    ['GET', '/feeds/x.xml'],
  ] as const) {
    const { status, body } = await ask(here.api.address, path, rebound, method)
    expect(status, `${method} ${path}`).toBe(403)
    expect(body).toContain(`does not answer to the name evil.example:${port}`)
    expect(body).toContain('NIGHTJAR_HOSTS')
  }
  // Without an Origin, as in a same-origin GET of a page; and with headers that only a proxy would send.
  for (const headers of [
    { host: `evil.example:${port}`, 'sec-fetch-site': 'same-origin' },
    { host: `evil.example:${port}`, 'x-forwarded-host': 'localhost' },
  ]) {
    expect((await ask(here.api.address, '/api/novels', headers)).status).toBe(403)
    expect((await ask(behind.api.address, '/api/novels', headers)).status).toBe(403)
  }
  expect((await here.api.fetch(`/api/novels/${novel.id}`)).status).toBe(200)
})

test('requests with an allowed host name are answered', async () => {
  const port = new URL(here.api.address).port
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '192.168.1.2', 'books.example.org']) {
    expect((await ask(here.api.address, '/api/novels', { host })).status, host).toBe(200)
    const origin = `http://${host}`
    expect((await ask(here.api.address, '/api/novels', { host, origin })).status, origin).toBe(200)
  }
})

const json = { 'content-type': 'application/json' }
const nobody = JSON.stringify({ novelId: '01990000-0000-7000-8000-000000000000' })
const generate = '/api/worker/generate/all'

test('the page may send modifying requests through a plain proxy that rewrites Host', async () => {
  await using proxy = await reverseProxy({ target: here.api.address })
  const headers = { ...json, host: 'books.example.org', origin: 'https://books.example.org' }
  const { status, body } = await ask(proxy.address, generate, headers, 'POST', nobody)
  expect([status, body]).toEqual([404, expect.stringContaining('novel.unknown')])
  const foreign = { ...headers, origin: 'https://evil.example' }
  expect((await ask(proxy.address, generate, foreign, 'POST', nobody)).status).toBe(403)
})

test('X-Forwarded-Host of a trusted proxy counts if the name is allowed', async () => {
  await using proxy = await reverseProxy({
    target: behind.api.address,
    headers: ({ host = '' }) => ({ 'x-forwarded-host': host, 'x-forwarded-proto': 'https' }),
  })
  const at = (host: string) => ({ ...json, host, origin: `https://${host}` })
  for (const host of ['books.example.org', 'books.example.org:8443', '192.168.1.2', 'localhost'])
    expect((await ask(proxy.address, generate, at(host), 'POST', nobody)).status, host).toBe(404)
  // A rebound name: the proxy forwards it like any other.
  const { status, body } = await ask(proxy.address, generate, at('evil.example'), 'POST', nobody)
  expect(status).toBe(403)
  expect(body).toContain('NIGHTJAR_HOSTS')
  const crossed = { ...at('books.example.org'), origin: 'https://evil.example' }
  expect((await ask(proxy.address, generate, crossed, 'POST', nobody)).status).toBe(403)
})

const prefixes = [
  ['the proxy sends in X-Forwarded-Prefix', '/nightjar', '/nightjar', true],
  ['the settings name and the proxy removes', '/shelf', '/shelf', false],
  ['the settings name and the proxy passes on', '', '/shelf', false],
] as const

test.for(prefixes)(
  'below a base path that %s, every URL in responses is reachable',
  async ([, prefix, shown, says]) => {
    await using proxy = await reverseProxy({
      target: behind.api.address,
      prefix,
      headers: ({ host = '' }) => ({
        'x-forwarded-host': host,
        ...(says && { 'x-forwarded-prefix': prefix }),
      }),
    })
    const told = async (path: string, method = 'GET', body?: object): Promise<Answer> => {
      const answer = await ask(
        proxy.address,
        shown + path,
        body ? json : {},
        method,
        body && JSON.stringify(body),
      )
      expect(answer.status, `${method} ${path}: ${answer.body}`).toBeLessThan(400)
      for (const address of addressesIn(answer)) {
        expect(address, `${path} tells ${address}`).toMatch(new RegExp(`^${shown}(/|$)`))
      }
      return answer
    }
    const { novel } = await behind.api.add(longStory(1, 2), 'below.txt')
    const asked = await told(generate, 'POST', { novelId: novel.id })
    const { progressId } = JSON.parse(asked.body) as { progressId: string }
    expect(asked.headers['location']).toBe(`${shown}/api/worker/progress/${progressId}`)
    await behind.api.finished(progressId)
    await told(`/api/novels/${novel.id}/feed`, 'POST', {})
    const feed = JSON.parse((await told(`/api/novels/${novel.id}/feed`)).body) as {
      feed: { address: string }
    }
    expect(feed.feed.address).toMatch(`${proxy.address}${shown}/feeds/`)
    await told(new URL(feed.feed.address).pathname.slice(shown.length))
    for (const path of [
      '/api/novels',
      `/api/novels/${novel.id}`,
      `/api/novels/${novel.id}/exports`,
      '/api/openapi.json',
      '/opds',
      '/opds/novels',
      '/opds/search.xml',
      '/opds/v2',
      '/opds/v2/new',
      `/opds/v2/novels/${novel.id}`,
      ...(page ? ['/', '/novels/x/chapters/1', ''] : []),
    ])
      await told(path)
    const links = await ask(
      proxy.address,
      `${shown}/api/novels/${novel.id}/book.m4b?part=1&maxBytes=1`,
      {},
      'HEAD',
    )
    expect(links.headers['link']).toMatch(new RegExp(`^<${shown}/api/`))
  },
)

/** The URLs of this server in a response: in headers, JSON, XML and HTML, with and without host. */
function addressesIn({ headers, body }: Answer): string[] {
  const text = body.replaceAll(/"(?:paths|summary)":/g, '')
  const inBody = [
    ...text.matchAll(/"(?:cover|address|href|url|template)":"([^"]*)"/g),
    ...text.matchAll(/\s(?:href|src|url|template)="([^"]*)"/g),
    ...text.matchAll(/<(?:link|url)>([^<]*)</g),
  ].map(([, address = '']) => address)
  return [headers['location'] ?? [], ...inBody]
    .flat()
    .filter((address) => !/^(?:data|urn):|^https?:\/\/(?!127\.)/.test(address))
    .map((address) => new URL(address.replaceAll(/[{}]/g, ''), 'http://127.0.0.1').pathname)
}
