import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test } from 'vitest'
import {
  oneOpdsSource,
  opdsFetchList,
  type OpdsFetchView,
  opdsPageAnswer,
  type OpdsPageView,
  type OpdsSourceView,
} from '../src/http/contract/opds-source-contract.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import { answer } from './program/api-client.ts'
import { startApplication } from './program/in-process-application.ts'
import { atomBook, atomFeed, OpdsServer } from './program/opds-server.ts'
import { waitUntil } from './program/wait-until.ts'

const here = await startApplication({ work: false, settings: { NIGHTJAR_UPLOAD_LIMIT: '1' } })
const server = await OpdsServer.start()
const other = await OpdsServer.start()
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  await here[Symbol.asyncDispose]()
})
const { api, application } = here
const login = { user: 'anna', password: 'open sesame é' }

const book = (title: string, sentences: readonly string[]) =>
  buildEpub({
    title,
    pages: [{ name: 'a.xhtml', body: `<h1>One</h1>${sentences.map((each) => `<p>${each}</p>`).join('')}` }],
  })
const told = (title: string, count = 6): string[] =>
  Array.from(
    { length: count },
    (_, at) => `In ${title} it was the ${at}th day, and the sea was as far as ever.`,
  )

beforeEach(() => {
  server.login = undefined
  server.digest = undefined
  server.asked.length = 0
  server.answers.clear()
  other.asked.length = 0
  other.answers.clear()
})

async function add(wishes: object): Promise<OpdsSourceView> {
  const response = await api.post('/api/opds-sources', wishes)
  const text = await response.text()
  expect(response.status, text).toBe(201)
  expect(text).not.toContain('sesame')
  return oneOpdsSource.parse(JSON.parse(text)).source
}

async function change(id: string, wishes: object): Promise<Response> {
  return api.fetch(`/api/opds-sources/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wishes),
  })
}

async function page(id: string, query: Record<string, string> = {}): Promise<OpdsPageView> {
  const path = `/api/opds-sources/${id}/page?${new URLSearchParams(query).toString()}`
  return opdsPageAnswer.parse(await answer(api.fetch(path))).page
}

async function fetchBooks(id: string, books: OpdsPageView['books']): Promise<OpdsFetchView[]> {
  const wanted = books.map(({ title, author, files: [file] }) => ({
    address: file!.address,
    type: file!.type,
    title,
    author,
  }))
  const response = await api.post(`/api/opds-sources/${id}/fetches`, { books: wanted })
  expect(response.status, await response.clone().text()).toBe(202)
  const asked = opdsFetchList.parse(await response.json()).fetches
  return ended(asked.map((each) => each.id))
}

async function ended(ids: readonly string[]): Promise<OpdsFetchView[]> {
  let found: OpdsFetchView[] = []
  await waitUntil(
    async () => {
      const { fetches } = opdsFetchList.parse(await api.json('/api/opds-fetches'))
      found = ids.map((id) => fetches.find((fetch) => fetch.id === id)!)
      return found.every(({ state }) => state !== 'waiting')
    },
    () => JSON.stringify(found),
  )
  return found
}

async function shelf(): Promise<Novel[]> {
  return (await api.json<{ novels: Novel[] }>('/api/novels?limit=500')).novels
}

test('a catalogue with a password is gone through, searched, and books of it come onto the shelf, each once', async () => {
  server.login = login
  server.answers.set(
    '/opds',
    atomFeed(
      'Books of Anna',
      `<link rel="search" type="application/opensearchdescription+xml" href="/search.xml"/>
      <entry><title>New</title><link rel="http://opds-spec.org/sort/new" href="/opds/new" type="application/atom+xml;profile=opds-catalog;kind=acquisition"/></entry>`,
    ),
  )
  server.answers.set(
    '/opds/new',
    atomFeed(
      'New',
      `<link rel="next" href="/opds/new?page=2" type="application/atom+xml"/><opensearch:totalResults>3</opensearch:totalResults>${atomBook('Shore', '/get/1.epub')}${atomBook('Plain', '/get/2', 'text/plain', 'Cleo Dunn')}`,
    ),
  )
  server.answers.set('/opds/new?page=2', atomFeed('New', atomBook('Heard', '/get/3.mp3', 'audio/mpeg')))
  server.answers.set('/search.xml', {
    type: 'application/opensearchdescription+xml',
    body: '<OpenSearchDescription><Url type="application/atom+xml" template="/find?q={searchTerms}"/></OpenSearchDescription>',
  })
  server.answers.set('/find?q=sh%C3%B6re%20%26', atomFeed('Found', atomBook('Shore', '/get/1.epub')))
  server.answers.set('/get/1.epub', {
    type: 'application/epub+zip',
    body: await book('Shore', told('Shore')),
  })
  server.answers.set('/get/2', { type: 'text/plain', body: told('Plain').join('\n\n') })

  const refused = await api.post('/api/opds-sources', { address: server.url('/opds') })
  expect([refused.status, await refused.json()]).toMatchObject([502, { code: 'opds.refused' }])
  const source = await add({ address: server.url('/opds'), ...login })
  expect(source).toMatchObject({ title: 'Books of Anna', user: 'anna', hasPassword: true })
  expect(JSON.stringify(await api.json('/api/opds-sources'))).not.toContain('sesame')

  const root = await page(source.id)
  expect(root.folders).toMatchObject([{ title: 'New', address: server.url('/opds/new') }])
  const list = await page(source.id, { at: root.folders[0]!.address })
  expect(list).toMatchObject({ total: 3, next: server.url('/opds/new?page=2'), previous: null })
  expect((await page(source.id, { at: list.next! })).books).toMatchObject([{ title: 'Heard', files: [] }])
  const found = await page(source.id, { at: root.search!, search: 'shöre &' })
  expect(found.books).toMatchObject([{ title: 'Shore', fetch: null }])

  const fetches = await fetchBooks(source.id, list.books)
  expect(fetches).toMatchObject([
    { title: 'Shore', state: 'imported', outcome: 'added', novelTitle: 'Shore', trouble: null },
    { title: 'Plain', state: 'imported', outcome: 'added', novelTitle: 'Plain' },
  ])
  const novels = (await shelf()).filter(({ title }) => ['Shore', 'Plain'].includes(title))
  expect(novels.map(({ title, author }) => `${title} ${author}`).toSorted()).toEqual([
    'Plain Cleo Dunn',
    'Shore Anna Bell',
  ])
  expect((await page(source.id, { at: server.url('/opds/new') })).books[0]?.fetch).toMatchObject({
    state: 'imported',
    novelId: fetches[0]?.novelId,
  })
  // The same again is what is there; longer, it is another version of it.
  expect(await fetchBooks(source.id, list.books.slice(0, 1))).toMatchObject([
    { outcome: 'present', novelId: fetches[0]?.novelId },
  ])
  server.answers.set('/get/1.epub', {
    type: 'application/epub+zip',
    body: await book('Shore', told('Shore', 9)),
  })
  expect(await fetchBooks(source.id, list.books.slice(0, 1))).toMatchObject([
    { outcome: 'version', novelId: fetches[0]?.novelId },
  ])
  const { versions } = await api.json<{ versions: unknown[] }>(`/api/novels/${fetches[0]?.novelId}/versions`)
  expect(versions).toHaveLength(1)
  expect((await shelf()).filter(({ title }) => title === 'Shore')).toHaveLength(1)
})

test('a server that speaks Digest gets no password, but the proof that it is known', async () => {
  server.login = login
  server.answers.set('/opds', atomFeed('Calibre', atomBook('Dune', '/get/dune.epub')))
  server.answers.set('/get/dune.epub', {
    type: 'application/epub+zip',
    body: await book('Dune', told('Dune')),
  })
  const sent = (): (string | undefined)[] => server.asked.map(({ headers }) => headers.authorization)
  for (const digest of ['MD5', 'SHA-256'] as const) {
    server.digest = digest
    server.nonce = `made for ${digest}`
    const wrong = { address: server.url('/opds'), ...login, password: 'wrong' }
    expect(await (await api.post('/api/opds-sources', wrong)).json()).toMatchObject({ code: 'opds.refused' })
    const source = await add({ address: server.url('/opds'), title: digest, ...login })
    const { books } = await page(source.id)
    server.asked.length = 0
    expect(await fetchBooks(source.id, books)).toMatchObject([
      { outcome: digest === 'MD5' ? 'added' : 'present' },
    ])
    // What the server wants is known: one request is enough, unless its nonce has become too old.
    expect(sent()).toEqual([expect.stringMatching(/^Digest username="anna", .*nc=0000000\d/)])
    server.asked.length = 0
    server.nonce = `a later one for ${digest}`
    await page(source.id)
    expect(sent()).toHaveLength(2)
    expect(sent().at(-1)).toContain(server.nonce)
    // What it leads to elsewhere gets nothing of it.
    server.answers.set('/away', (response) => response.writeHead(302, { location: other.url('/opds') }).end())
    await api.fetch(`/api/opds-sources/${source.id}/page?at=${encodeURIComponent(server.url('/away'))}`)
    expect(other.asked).toEqual([])
    const all = server.asked.map(({ headers }) => headers.authorization ?? '').join()
    expect(all).not.toMatch(/Basic|sesame/)
    await api.fetch(`/api/opds-sources/${source.id}`, { method: 'DELETE' })
  }
})

test('a password belongs to its address and name: no other gets it, by a change or a redirect', async () => {
  server.login = login
  server.answers.set('/opds', atomFeed('Mine', ''))
  server.answers.set('/other', atomFeed('Mine too', ''))
  other.answers.set('/opds', atomFeed('Theirs', ''))
  const source = await add({ address: server.url('/opds'), title: 'Mine', ...login })
  // Another path of the same server keeps it.
  expect((await change(source.id, { address: server.url('/other') })).status).toBe(200)
  expect(server.asked.at(-1)?.headers.authorization).toMatch(/^Basic /)
  expect(await (await change(source.id, { title: 'Home' })).json()).toMatchObject({
    source: { title: 'Home', hasPassword: true },
  })
  const moved = await change(source.id, { address: other.url('/opds') })
  expect(await moved.json()).toMatchObject({ source: { user: null, hasPassword: false } })
  for (const { headers } of other.asked) expect(headers.authorization).toBeUndefined()
  // Back at the first address it is gone.
  expect(await (await change(source.id, { address: server.url('/opds') })).json()).toMatchObject({
    code: 'opds.refused',
  })
  await change(source.id, { address: server.url('/opds'), ...login })
  const renamed = await change(source.id, { user: 'ben' })
  expect([renamed.status, server.asked.at(-1)?.headers.authorization]).toEqual([
    502,
    `Basic ${Buffer.from('ben:').toString('base64')}`,
  ])
  // A redirect takes nothing along, and what it leads to has to be public.
  server.answers.set('/away', (response) => response.writeHead(302, { location: other.url('/opds') }).end())
  other.asked.length = 0
  const led = await api.fetch(
    `/api/opds-sources/${source.id}/page?at=${encodeURIComponent(server.url('/away'))}`,
  )
  expect([led.status, await led.json()]).toMatchObject([
    502,
    { code: 'opds.unreachable', detailSaid: { code: 'opds.private' } },
  ])
  const straight = await api.fetch(
    `/api/opds-sources/${source.id}/page?at=${encodeURIComponent(other.url('/opds'))}`,
  )
  expect(await straight.json()).toMatchObject({ detailSaid: { code: 'opds.private' } })
  const named = other.url('/opds').replace('127.0.0.1', 'localhost')
  const byName = await api.fetch(`/api/opds-sources/${source.id}/page?at=${encodeURIComponent(named)}`)
  expect(await byName.json()).toMatchObject({ detailSaid: { code: 'opds.private' } })
  const [fetched] = await fetchBooks(source.id, [
    {
      title: 'Metadata',
      author: '',
      summary: null,
      fetch: null,
      files: [{ address: other.url('/opds'), type: 'text/plain', ending: '.txt' }],
    },
  ])
  expect(fetched).toMatchObject({ state: 'failed', trouble: { detailSaid: { code: 'opds.private' } } })
  expect(other.asked).toEqual([])
  // Removed, it comes back with its password.
  const { removal } = await answer<{ removal: string }>(
    api.fetch(`/api/opds-sources/${source.id}`, { method: 'DELETE' }),
  )
  expect((await api.fetch(`/api/opds-sources/${source.id}/page`)).status).toBe(404)
  expect((await api.post(`/api/removals/${removal}/undo`, {})).status).toBe(200)
  expect((await page(source.id)).title).toBe('Mine')
})

test('a server that is no catalogue, sends nonsense, too much, or breaks off, is told in a sentence', async () => {
  server.answers.set('/opds', atomFeed('Odd', ''))
  const source = await add({ address: server.url('/opds') })
  const codes = async (path: string): Promise<unknown> => {
    const response = await api.fetch(
      `/api/opds-sources/${source.id}/page?at=${encodeURIComponent(server.url(path))}`,
    )
    const { code, detailSaid } = (await response.json()) as { code: string; detailSaid?: { code: string } }
    return [response.status, code, detailSaid?.code]
  }
  server.answers.set('/html', { type: 'text/html', body: '<html><body>Sign in</body></html>' })
  server.answers.set('/deep', { type: 'text/xml', body: '<feed>' + '<a>'.repeat(10_000) })
  server.answers.set('/large', { type: 'text/xml', body: Buffer.alloc(3 * 1024 * 1024, '<feed> ') })
  server.answers.set('/loop', (response) => response.writeHead(302, { location: '/loop' }).end())
  server.answers.set('/cut', (response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('<feed>')
    setImmediate(() => response.destroy())
  })
  server.answers.set('/ftp', (response) => response.writeHead(302, { location: 'ftp://a.b/' }).end())
  expect(await codes('/html')).toEqual([502, 'opds.no-catalogue', undefined])
  expect(await codes('/deep')).toEqual([502, 'opds.no-catalogue', undefined])
  expect(await codes('/large')).toEqual([502, 'opds.unreachable', 'opds.large'])
  expect(await codes('/loop')).toEqual([502, 'opds.unreachable', 'opds.redirects'])
  expect(await codes('/ftp')).toEqual([502, 'opds.unreachable', 'opds.redirects'])
  expect(await codes('/cut')).toEqual([502, 'opds.unreachable', 'opds.broken'])
  expect(await codes('/nothing')).toEqual([502, 'opds.status', undefined])

  const line = (title: string, path: string, type = 'text/plain') => ({
    title,
    author: '',
    summary: null,
    fetch: null,
    files: [{ address: server.url(path), type, ending: '.txt' }],
  })
  server.answers.set('/big', (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.write(Buffer.alloc(700 * 1024, 'a '))
    response.end(Buffer.alloc(700 * 1024, 'b '))
  })
  server.answers.set('/told', (response) =>
    response.writeHead(200, { 'content-length': String(5 * 1024 * 1024) }).write('a'),
  )
  server.answers.set('/bad.epub', { type: 'application/epub+zip', body: 'PK\u0003\u0004 cut off' })
  let tries = 0
  server.answers.set('/flaky', (response) => {
    tries++
    if (tries < 2) {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '9999' }).write('In the')
      setImmediate(() => response.destroy())
    } else response.writeHead(200, { 'content-type': 'text/plain' }).end(told('Flaky').join('\n\n'))
  })
  const before = (await shelf()).length
  const fetches = await fetchBooks(source.id, [
    line('Page', '/html'),
    line('Big', '/big'),
    line('Told', '/told'),
    line('Bad', '/bad.epub', 'application/epub+zip'),
    line('Gone', '/gone'),
    line('Flaky', '/flaky'),
  ])
  expect(fetches.map(({ state, trouble }) => [state, trouble?.code, trouble?.detailSaid?.code])).toEqual([
    ['failed', 'opds.unreachable', 'opds.page'],
    ['failed', 'opds.too-large', undefined],
    ['failed', 'opds.too-large', undefined],
    ['failed', 'novel.damaged', expect.any(String)],
    ['failed', 'opds.status', undefined],
    ['imported', undefined, undefined],
  ])
  expect((await shelf()).length).toBe(before + 1)
  // Mended, it is tried again; forgotten, it is told of no more.
  server.answers.set('/gone', { type: 'text/plain', body: told('Gone').join('\n\n') })
  expect((await api.post(`/api/opds-fetches/${fetches[4]!.id}/retry`, {})).status).toBe(200)
  expect(await ended([fetches[4]!.id])).toMatchObject([{ state: 'imported', outcome: 'added' }])
  const forget = () => api.fetch(`/api/opds-fetches/${fetches[0]!.id}`, { method: 'DELETE' })
  expect([(await forget()).status, (await forget()).status]).toEqual([200, 404])
})

test('addresses and passwords that cannot be are refused with a sentence, and nothing of them is told', async () => {
  for (const address of ['http://me:sesame@127.0.0.1/opds', 'http://', 'ftp://a/', 'http://a b/'])
    expect((await api.post('/api/opds-sources', { address })).status, address).toBeGreaterThanOrEqual(400)
  const odd = await api.post('/api/opds-sources', {
    address: server.url('/opds'),
    user: 'a:b',
    password: 'sesame',
  })
  const text = await odd.text()
  expect([odd.status, JSON.parse(text)]).toMatchObject([422, { detailSaid: { code: 'address.credentials' } }])
  expect(text).not.toContain('sesame')
  // Nothing listens there.
  const closed = createServer((socket: Socket) => socket.destroy())
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const away = await api.post('/api/opds-sources', { address: `http://127.0.0.1:${port}/opds` })
  expect([away.status, await away.json()]).toMatchObject([502, { code: 'opds.unreachable' }])
  expect((await api.json<{ sources: unknown[] }>('/api/opds-sources')).sources).not.toContainEqual(
    expect.objectContaining({ address: expect.stringContaining(String(port)) }),
  )
})

test('the catalogue of another Nightjar is a source like any other, in both versions of OPDS', async () => {
  await using theirs = await startApplication({ work: false })
  const { novel } = await theirs.api.add(await book('Borrowed', told('Borrowed')), 'borrowed.epub')
  await theirs.api.add(longStory(1, 2), 'other.txt')
  for (const path of ['/opds', '/opds/v2']) {
    const source = await add({ address: `${theirs.api.address}${path}` })
    const root = await page(source.id)
    expect(root.folders.map(({ title }) => title)).toEqual(['All novels', 'Recently added'])
    const all = await page(source.id, { at: root.folders[0]!.address })
    expect(all).toMatchObject({ total: 2 })
    const found = await page(source.id, { at: root.search!, search: 'borrow' })
    expect(found.books).toMatchObject([{ title: 'Borrowed' }])
    const [fetched] = await fetchBooks(source.id, found.books)
    expect(fetched).toMatchObject({ state: 'imported', outcome: path === '/opds' ? 'added' : 'present' })
  }
  const sources = await application.db.selectFrom('novels').select('sourceSha256').execute()
  const [original] = await theirs.application.db
    .selectFrom('novels')
    .select('sourceSha256')
    .where('id', '=', novel.id)
    .execute()
  expect(sources).toContainEqual(original)
})
