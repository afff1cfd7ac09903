import dns from 'node:dns'
import { readdir } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { FailureAnswer } from '../src/http/contract/field-contract.ts'
import type { Chapter, Novel } from '../src/http/contract/novel-contract.ts'
import type { RecognisedVersion } from '../src/http/contract/version-contract.ts'
import { fetchWebFile } from '../src/jobs/import/address/web-file.ts'
import { webAddress } from '../src/jobs/import/address/web-request.ts'
import { recoverNovel } from '../src/jobs/maintenance/recover-sources.ts'
import { deleteNovel } from '../src/storage/queries/deletion-queries.ts'
import { novelById } from '../src/storage/queries/novel-queries.ts'
import { buildEpub } from './fixtures/epub.ts'
import { startApplication } from './program/in-process-application.ts'
import { page, pageServer } from './program/page-server.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'
import { waitUntil } from './program/wait-until.ts'

// Books by their address: pages of the web, and files that lie there.

const web = await pageServer()
const here = await startApplication({
  work: false,
  settings: { NIGHTJAR_FETCH_HOSTS: web.host, NIGHTJAR_UPLOAD_LIMIT: '1' },
})
afterAll(async () => {
  await here[Symbol.asyncDispose]()
  await web[Symbol.asyncDispose]()
})
const { api } = here

interface Added {
  readonly novel: Novel
  readonly version?: RecognisedVersion
  readonly unchanged?: true
}

async function add(address: string, more: object = {}): Promise<Added & { readonly status: number }> {
  const answer = await ask(address, more)
  if (!answer.ok) throw new Error(await answer.text())
  return { ...((await answer.json()) as Added), status: answer.status }
}

function ask(address: string, more: object = {}, signal?: AbortSignal): Promise<Response> {
  return api.fetch('/api/novels/address', { ...request(address, more), ...(signal && { signal }) })
}

function request(address: string, more: object = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address, ...more }),
  }
}

async function refusal(address: string): Promise<FailureAnswer & { readonly status: number }> {
  const answer = await ask(address)
  expect(answer.ok).toBe(false)
  const told = (await answer.json()) as FailureAnswer
  expect(told.error).not.toMatch(/undefined|\{|\/tmp\//)
  return { ...told, status: answer.status }
}

async function textOf({ novel }: Added): Promise<string[]> {
  const texts: string[] = []
  for (let number = 1; number <= novel.chapterCount; number++) {
    const { chapter } = await api.json<{ chapter: Chapter }>(`/api/novels/${novel.id}/chapters/${number}`)
    texts.push(...chapter.blocks.map(({ text }) => text))
  }
  return texts
}

const prose = (about: string): string[] =>
  Array.from(
    { length: 8 },
    (_, at) =>
      `In the year of ${about}, on day ${at + 1}, nobody had come back from the sea, and those who waited at the harbour, with lamps, said little.`,
  )

const story = (about: string, { more = '', comments = 3 } = {}): string => `<!DOCTYPE html>
<html lang="en"><head><title>${about} | The Serial Site</title><meta name="author" content="Anna Bell">
<link rel="stylesheet" href="/style.css"><script src="/run.js"></script></head>
<body><header class="site-header"><nav><ul>${'<li><a href="/other">Another story that you may like</a></li>'.repeat(12)}</ul></nav></header>
<div id="content"><h1>${about}</h1><div class="chapter-text"><img src="/picture.png" alt="">
${prose(about)
  .map((text) => `<p>${text}</p>`)
  .join('\n')}${more}</div></div>
<div id="comments" class="comments">${'<div class="comment"><p>First! What a wonderful chapter this was, thanks to whoever wrote it, I read it twice.</p></div>'.repeat(comments)}</div>
<footer class="footer">All rights belong to somebody. <a href="/terms">Terms</a></footer><script>document.write('<p>never</p>')</script></body></html>`

test('of a page the article is read, with title, author, language and address, and nothing else is loaded', async () => {
  web.put('/story', page(story('The Harbour')))
  const added = await add(`${web.at('/story')}#comments`)
  expect(added).toMatchObject({
    status: 201,
    novel: { title: 'The Harbour', author: 'Anna Bell', language: 'en' },
  })
  expect(await textOf(added)).toEqual(['The Harbour', ...prose('The Harbour')])
  expect(added.novel.report.remarks.join('\n')).toContain('Only the page’s article was read')
  expect(web.asked).toEqual(['/story'])
})

test('where it came from is known also when the database is lost, and it is taken up from its file', async () => {
  const { db } = here.application
  const metadata = async (id: string): Promise<string | undefined> => (await novelById(db, id))?.metadata
  web.put('/lost', page(story('The Lost')))
  const { novel } = await add(web.at('/lost'))
  const before = await metadata(novel.id)
  expect(before).toContain(web.at('/lost'))
  await deleteNovel(db, novel.id)
  expect(await recoverNovel(here.application, novel.id)).toMatchObject({ title: 'The Lost' })
  expect(await metadata(novel.id)).toBe(before)
})

test('the same page again is the same novel; a page that has grown is a version of it', async () => {
  web.put('/serial', page(story('The Serial')))
  const first = await add(web.at('/serial'))
  expect((await add(web.at('/serial'))).novel.id).toBe(first.novel.id)
  // Only what stands around the article is another.
  web.put('/serial', page(story('The Serial', { comments: 5 })))
  expect(await add(web.at('/serial'))).toMatchObject({
    status: 200,
    unchanged: true,
    novel: { id: first.novel.id },
  })
  web.put('/serial', page(story('The Serial', { more: '<p>And on the last day a sail was seen.</p>' })))
  const grown = await add(web.at('/serial'))
  expect(grown).toMatchObject({ status: 200, novel: { id: first.novel.id } })
  expect(grown.version?.difference).toMatchObject({ changed: 1 })
  const apart = await add(web.at('/serial'), { separate: true })
  expect(apart.status).toBe(201)
})

test('a page is read in its encoding: of its server, of itself, or by its byte order mark', async () => {
  const russian = Buffer.from(
    Array.from('Лампа горела, и никто не спал.', (letter) => {
      const code = letter.codePointAt(0)!
      return code < 128 ? code : code - 0x410 + 0xc0
    }),
  )
  const around = (before: string, text: Uint8Array, after = '</p></body></html>') =>
    Buffer.concat([Buffer.from(before), text, Buffer.from(after)])
  web.put(
    '/header',
    page(around('<!doctype html><html><body><p>', russian), 'text/html; charset="windows-1251"'),
  )
  web.put(
    '/meta',
    page(around('<html><head><meta charset=windows-1251></head><body><p>', russian), 'text/html'),
  )
  web.put(
    '/wide',
    page(Buffer.from('\uFEFF<html><body><p>Die Tür schloß sich.</p></body></html>', 'utf16le'), 'text/html'),
  )
  web.put('/marked', page('\uFEFF<p>Elle était là.</p>', 'text/html'))
  expect(await textOf(await add(web.at('/header')))).toEqual(['Лампа горела, и никто не спал.'])
  expect(await textOf(await add(web.at('/meta')))).toEqual(['Лампа горела, и никто не спал.'])
  expect(await textOf(await add(web.at('/wide')))).toEqual(['Die Tür schloß sich.'])
  expect(await textOf(await add(web.at('/marked')))).toEqual(['Elle était là.'])
})

test('a book that lies at an address is imported as what it is, whatever its server calls it', async () => {
  const epub = await buildEpub({
    title: 'By Wire',
    pages: [{ name: 'a.xhtml', body: '<h1>One</h1><p>It was long ago, and far away.</p>' }],
  })
  web.put('/get', page(epub, 'text/html', { 'content-disposition': 'attachment; filename="wire.epub"' }))
  expect((await add(web.at('/get'))).novel).toMatchObject({
    title: 'By Wire',
    report: { format: 'epub' },
  })
  web.put(
    '/files/A%20Tale.txt',
    page(gzipSync(`Chapter 1\n\n${prose('A Tale').join('\n\n')}\n`), 'text/plain', {
      'content-encoding': 'gzip',
    }),
  )
  const tale = await add(web.at('/files/A%20Tale.txt'))
  expect(tale.novel).toMatchObject({ title: 'A Tale', report: { format: 'text' } })
  // It is known by its address when it has grown.
  web.put(
    '/files/A%20Tale.txt',
    page(`Chapter 1\n\n${prose('A Tale').join('\n\n')}\n\nChapter 2\n\nThe end.\n`, 'text/plain'),
  )
  expect((await add(web.at('/files/A%20Tale.txt'))).version?.difference).toMatchObject({ added: 1 })
})

test('redirects are followed as far as they may', async () => {
  const to = (location: string) => (response: ServerResponse) =>
    void response.writeHead(302, { location }).end()
  web.put('/target', page(story('The Target')))
  web.put('/jump', to('/target'))
  web.put('/loop', to('/loop'))
  web.put('/away', to('http://169.254.169.254/latest/meta-data/'))
  web.put('/other-loopback', to(`http://127.0.0.2:${web.port}/target`))
  web.put('/by-name', to(`http://localhost:${web.port}/target`))
  web.put('/mapped', to(`http://[::ffff:127.0.0.1]:${web.port}/target`))
  web.put('/file', to('file:///etc/passwd'))
  web.put('/user', to(`http://me:secret@${web.host}/target`))
  expect((await add(web.at('/jump'))).novel.title).toBe('The Target')
  web.asked.length = 0
  expect(await refusal(web.at('/loop'))).toMatchObject({ code: 'address.unreachable', status: 502 })
  for (const path of ['/away', '/other-loopback', '/by-name', '/mapped'])
    expect(await refusal(web.at(path)), path).toMatchObject({ code: 'address.private', status: 403 })
  expect(await refusal(web.at('/file'))).toMatchObject({ code: 'address.unreachable' })
  expect(await refusal(web.at('/user'))).toMatchObject({ code: 'address.unfit' })
  expect(web.asked).not.toContain('/target')
})

test.for([
  ['http://localhost:PORT/story'],
  ['http://127.0.0.2:PORT/story'],
  ['http://2130706433:1/'],
  ['http://0x7f.1:1/'],
  ['http://[::1]:PORT/story'],
  ['http://[::ffff:7f00:1]:PORT/story'],
  ['http://10.0.0.1/'],
  ['http://192.168.0.1/'],
  ['http://169.254.169.254/latest/meta-data/'],
  ['http://0.0.0.0:PORT/story'],
])('%s is in a private network and refused before anything is sent', async ([address = '']) => {
  web.asked.length = 0
  expect(await refusal(address.replace('PORT', String(web.port)))).toMatchObject({
    code: 'address.private',
    status: 403,
  })
  expect(web.asked).toEqual([])
})

test('a name that means a private address is refused when it is looked up for the connection', async () => {
  const real = dns.lookup
  let lookedUp = 0
  dns.lookup = ((host: string, options: object, found: (...said: unknown[]) => void) => {
    if (host !== 'rebinding.example') return (real as (...given: unknown[]) => void)(host, options, found)
    lookedUp++
    found(null, [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ])
  }) as never
  syncBuiltinESMExports()
  try {
    web.asked.length = 0
    expect(await refusal(`http://rebinding.example:${web.port}/story`)).toMatchObject({
      code: 'address.private',
    })
    expect(lookedUp).toBe(1)
    expect(web.asked).toEqual([])
  } finally {
    dns.lookup = real
    syncBuiltinESMExports()
  }
})

test('whatever a server sends, there is one sentence, and nothing is left', async () => {
  web.put('/picture', page('GIF89a', 'image/gif'))
  web.put('/data', page('{"a":1}', 'application/json'))
  web.put('/unknown', page('GIF89a and more', 'application/octet-stream'))
  web.put('/empty', page(''))
  web.put('/teapot', (response) => response.writeHead(418).end())
  web.put('/large', page('', 'text/html', { 'content-length': String(2 ** 40) }))
  web.put('/endless', (response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    const more = (): void => {
      while (response.writable && response.write('<p>'.repeat(10_000)));
      if (response.writable) response.once('drain', more)
    }
    more()
  })
  web.put(
    '/bomb',
    page(gzipSync(Buffer.alloc(64 * 1024 * 1024, 32)), 'text/html', { 'content-encoding': 'gzip' }),
  )
  web.put('/no-gzip', page('not packed at all', 'text/html', { 'content-encoding': 'gzip' }))
  web.put('/cut', (response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': '1000' })
    response.write('<!doctype html><p>It ends', () => response.destroy())
  })
  web.put('/headers', (response) =>
    response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(200_000)}\r\n\r\n`),
  )
  web.put(
    '/script',
    page('<!doctype html><html><body><script>document.write("<p>text</p>")</script></body></html>'),
  )
  for (const [path, code] of [
    ['/picture', 'address.no-book'],
    ['/data', 'address.no-book'],
    ['/unknown', 'novel.unreadable'],
    ['/empty', 'novel.no-text'],
    ['/teapot', 'address.refused'],
    ['/missing', 'address.refused'],
    ['/large', 'address.too-large'],
    ['/endless', 'address.too-large'],
    ['/bomb', 'address.too-large'],
    ['/no-gzip', 'address.unreachable'],
    ['/cut', 'address.unreachable'],
    ['/headers', 'address.unreachable'],
    ['/script', 'novel.no-text'],
  ] as const)
    expect(await refusal(web.at(path)), path).toMatchObject({ code })
  expect(await refusal('http://127.0.0.1:1/')).toMatchObject({ code: 'address.private' })
  expect(await readdir(join(here.data, 'incoming'))).toEqual([])
})

test('a server that is silent or trickles is given up, and so is one that nobody waits for any more', async () => {
  let gone = 0
  const trickle = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/html' })
    const timer = setInterval(() => response.write('<p>'), 10)
    response.on('close', () => {
      clearInterval(timer)
      gone++
    })
  }
  web.put('/trickle', trickle)
  web.put('/silent', (response) => void response.on('close', () => gone++))
  web.put('/stalled', (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).write('<!doctype html><p>'.repeat(1000))
    response.on('close', () => gone++)
  })
  const rules = { privateHosts: new Set([web.host]), limit: 1_000_000 }
  const fetched = (path: string, idleMs: number, wholeMs: number, signal = new AbortController().signal) =>
    fetchWebFile(webAddress(web.at(path)), here.application.folder, { ...rules, idleMs, wholeMs }, signal)
  await expect(fetched('/trickle', 60_000, 200)).rejects.toMatchObject({ code: 'address.slow' })
  await expect(fetched('/silent', 200, 60_000)).rejects.toMatchObject({ code: 'address.slow' })
  await expect(fetched('/stalled', 200, 60_000)).rejects.toMatchObject({ code: 'address.slow' })
  await waitUntil(() => gone === 3)
  // Whoever asked goes away: the server stops fetching.
  const asking = new AbortController()
  web.asked.length = 0
  const asked = ask(web.at('/trickle'), {}, asking.signal).catch((error: unknown) => error)
  await waitUntil(() => web.asked.length === 1)
  asking.abort()
  await asked
  await waitUntil(() => gone === 4)
  await waitUntil(async () => (await readdir(join(here.data, 'incoming'))).length === 0)
})

test('a server that is killed while it fetches leaves nothing, and the same address is added afterwards', async () => {
  await using data = await temporaryFolder()
  const settings = { NIGHTJAR_FETCH_HOSTS: web.host }
  let begun = 0
  web.put('/long', (response) => {
    begun++
    response.writeHead(200, { 'content-type': 'text/html' }).write(story('The Long Night').repeat(2))
  })
  {
    await using server = await ServerProcess.start({ data: data.path, speakers: 0, settings })
    const asked = server.fetch('/api/novels/address', request(web.at('/long'))).catch(() => undefined)
    await waitUntil(async () => begun === 1 && (await readdir(join(data.path, 'incoming'))).length === 1)
    await server.kill()
    await asked
  }
  web.put('/long', page(story('The Long Night')))
  await using server = await ServerProcess.start({ data: data.path, speakers: 0, settings })
  expect(await server.json('/api/novels')).toMatchObject({ novels: [] })
  expect(await readdir(join(data.path, 'incoming'))).toEqual([])
  for (const status of [201, 200])
    expect((await server.fetch('/api/novels/address', request(web.at('/long')))).status).toBe(status)
  expect(await server.json('/api/novels')).toMatchObject({ novels: [{ title: 'The Long Night' }] })
})
