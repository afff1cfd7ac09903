import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { longStory } from './fixtures/long-story.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here
const { novel } = await api.add(longStory(300, 1), 'long.txt')
await api.finished(await api.generate(novel.id, [1]))
const path = `/api/novels/${novel.id}`

/** The response as sent; `fetch` would decompress it. */
function wire(target: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const asked = request(new URL(target, api.address), { method, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
        )
      })
      asked.on('error', reject)
      asked.end()
    },
  )
}

test('a list of chapters is compressed to less than a tenth and decompresses to the same text', async () => {
  const plain = await wire(path)
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.headers['vary']).toContain('accept-encoding')
  for (const [accept, encoding, unpack] of [
    ['gzip, deflate', 'gzip', gunzipSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
    ['*', 'br', brotliDecompressSync],
  ] as const) {
    const packed = await wire(path, { 'accept-encoding': accept })
    expect(packed.headers['content-encoding'], accept).toBe(encoding)
    expect(packed.headers['content-length']).toBe(String(packed.body.length))
    expect(packed.body.length).toBeLessThan(plain.body.length / 8)
    expect(unpack(packed.body).equals(plain.body)).toBe(true)
  }
  for (const accept of ['identity', 'br;q=0', 'deflate'])
    expect(
      (await wire(path, { 'accept-encoding': accept })).headers['content-encoding'],
      accept,
    ).toBeUndefined()
})

test('a matching ETag gets 304, compressed or not, until the content changes', async () => {
  for (const target of [path, '/api/novels', `${path}/exports`, '/api/voices', '/opds/novels']) {
    const tags = []
    for (const accept of ['identity', 'gzip', 'br']) {
      const first = await wire(target, { 'accept-encoding': accept })
      const etag = String(first.headers['etag'])
      tags.push(etag)
      expect(first.headers['cache-control'], target).toContain('no-cache')
      const again = await wire(target, { 'accept-encoding': accept, 'if-none-match': etag })
      expect([again.status, again.body.length], `${target} ${accept}`).toEqual([304, 0])
      expect((await wire(target, { 'if-none-match': '"other"' })).status).toBe(200)
    }
    // Each compressed representation has an ETag of its own; only this response is large enough to be compressed.
    if (target === path) expect(new Set(tags).size).toBe(3)
  }
  const { etag } = (await wire(path, { 'accept-encoding': 'gzip' })).headers
  await api.finished(await api.generate(novel.id, [2]))
  expect((await wire(path, { 'accept-encoding': 'gzip', 'if-none-match': String(etag) })).status).toBe(200)
})

test('HEAD has the headers of GET', async () => {
  const headers = { 'accept-encoding': 'gzip' }
  const [get, head] = [await wire(path, headers), await wire(path, headers, 'HEAD')]
  for (const name of ['etag', 'content-length', 'content-encoding', 'content-type'])
    expect(head.headers[name], name).toBe(get.headers[name])
  expect(head.body.length).toBe(0)
})

test('audio, its ranges and the event stream are not compressed', async () => {
  const headers = { 'accept-encoding': 'gzip, br' }
  const sound = `${path}/chapters/1/audio.m4a`
  const whole = await wire(sound, headers)
  const part = await wire(sound, { ...headers, range: 'bytes=5-14' })
  expect(whole.headers['content-encoding']).toBeUndefined()
  expect([part.status, part.body.equals(whole.body.subarray(5, 15))]).toEqual([206, true])
  expect(part.headers['etag']).toBe(whole.headers['etag'])
  const abort = new AbortController()
  const events = await api.fetch('/api/worker/events', { headers, signal: abort.signal })
  expect(events.headers.get('content-encoding')).toBeNull()
  abort.abort()
})

test('failure responses have no ETag', async () => {
  const failed = await wire('/api/novels/01990000-0000-7000-8000-000000000000')
  expect([failed.status, failed.headers['etag']]).toEqual([404, undefined])
})

test('a file of the page is sent as the build has compressed it, which has no address of its own', async () => {
  const page = String((await wire('/', { accept: 'text/html' })).body)
  const script = /src="([^"]+\.js)"/.exec(page)?.[1] ?? ''
  const plain = await wire(script)
  const packed = await wire(script, { 'accept-encoding': 'br' })
  expect([plain, packed].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br'])
  expect(brotliDecompressSync(packed.body).equals(plain.body)).toBe(true)
  expect((await wire(`${script}.br`)).status).toBe(404)
})
