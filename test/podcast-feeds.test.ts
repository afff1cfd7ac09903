import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { XMLParser } from 'fast-xml-parser'
import jsQR from 'jsqr'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demux } from './fixtures/demuxed.ts'
import type { Feed } from '../src/http/contract/export-contract.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import { readFeed } from './program/feed-reader.ts'
import { ServerProcess } from './program/server-process.ts'
import { startApplication } from './program/in-process-application.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

const here = await startApplication({ settings: { NIGHTJAR_HOSTS: 'box.local' } })
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here

const png = Buffer.from('89504e470d0a1a0a', 'hex')
const title = 'Fish & Chips <for> “two” \u{1F41F}'
const book = await buildEpub({
  pages: ['One', 'Two', 'Three'].map((name) => ({
    name: `${name}.xhtml`,
    body: `<h1>${name} &amp; more</h1><p>The lamp of house ${name} was lit.</p><p>Nobody saw who lit lamp ${name}.</p>`,
  })),
  nav: '<ol><li><a href="One.xhtml">One &amp; more</a></li><li><a href="Two.xhtml">Two &amp; more</a></li><li><a href="Three.xhtml">Three &amp; more</a></li></ol>',
  metadata: `<dc:title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</dc:title>
    <dc:creator>Anna "Bell"</dc:creator><dc:language>en-GB</dc:language><dc:description>What the sea gives.</dc:description>`,
  manifest: '<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/>',
  files: { 'OEBPS/cover.png': png },
})
const { novel } = await api.add(book, 'fish.epub')
const feedPath = `/api/novels/${novel.id}/feed`

interface Rss {
  readonly rss: { readonly channel: Readonly<Record<string, unknown>> }
}

const make = async () => {
  const response = await api.post(feedPath, {})
  return { status: response.status, feed: ((await response.json()) as { feed: Feed }).feed }
}
const read = async (address: string) => readFeed(await (await api.fetch(address)).text())

let address: string
beforeAll(async () => {
  ;({
    feed: { address },
  } = await make())
})

test('a feed has a secret address of 128 bits, and a second request gives the same', async () => {
  const { novel: other } = await api.add(longStory(1, 2), 'other.txt')
  expect(await api.json(`/api/novels/${other.id}/feed`)).toEqual({ success: true, feed: null })
  const first = await api.post(`/api/novels/${other.id}/feed`, {})
  const again = await api.post(`/api/novels/${other.id}/feed`, {})
  expect([first.status, again.status]).toEqual([201, 200])
  const told = (await first.json()) as { feed: Feed }
  expect(await again.json()).toEqual(told)
  expect(await api.json(`/api/novels/${other.id}/feed`)).toEqual(told)
  const [, token = ''] = /\/feeds\/(.*)\.xml$/.exec(told.feed.address) ?? []
  expect(Buffer.from(token, 'base64url')).toHaveLength(16)
  expect(told.feed.address).toBe(new URL(`/feeds/${token}.xml`, api.address).href)
})

test('the feed of a novel without complete chapters has no episodes, and grows by itself', async () => {
  expect((await read(address)).items).toEqual([])
  await api.finished(await api.generate(novel.id, [2]))
  expect((await read(address)).items.map((item) => item.itunesEpisode)).toEqual([2])
  await api.finished(await api.generate(novel.id, [1, 3]))
  const feed = await read(address)
  expect(feed).toMatchObject({
    title,
    description: 'What the sea gives.',
    language: 'en-GB',
    itunesType: 'serial',
    itunesBlock: true,
    explicit: false,
    medium: 'audiobook',
    itunesImage: address.replace('.xml', '/cover'),
    itunesCategory: ['Arts > Books'],
  })
  expect(feed.author).toContain('Anna "Bell"')
  expect(feed.guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
  // This parser ignores podcast:locked without an owner, though Podcasting 2.0 makes the owner optional.
  const { rss } = new XMLParser().parse(await (await api.fetch(address)).text()) as Rss
  expect(rss.channel['podcast:locked']).toBe('yes')
})

test('episodes are in reading order by number and by date, even if they were completed in another order', async () => {
  const { items } = await read(address)
  expect(items.map(({ title, itunesEpisode }) => [title, itunesEpisode])).toEqual([
    ['One & more', 1],
    ['Two & more', 2],
    ['Three & more', 3],
  ])
  const dates = items.map(({ pubDate }) => pubDate?.getTime() ?? Number.NaN)
  expect(dates).toEqual(dates.toSorted((one, other) => one - other))
  expect(new Set(dates).size).toBe(3)
  expect(dates.at(-1)).toBeLessThanOrEqual(Date.now())
})

test('every enclosure has its declared length and type: complete, in ranges and by HEAD', async () => {
  const { items } = await read(address)
  for (const { enclosure, duration, itunesEpisode } of items) {
    const { url, length, type } = enclosure
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(length))
    const whole = await fetch(url)
    expect(whole.headers.get('content-type')).toBe(type)
    const bytes = await whole.bytes()
    expect(bytes.length).toBe(length)
    const parts: Uint8Array[] = []
    for (let start = 0; start < length; start += 20_000) {
      const end = Math.min(length, start + 20_000)
      const part = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } })
      expect(part.status).toBe(206)
      expect(part.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/${length}`)
      parts.push(await part.bytes())
    }
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    expect(duration).toBe(Math.ceil(demux(bytes).duration / 24_000))
    const own = await api.fetch(`/api/novels/${novel.id}/chapters/${itunesEpisode}/audio.m4a`)
    expect(Buffer.from(await own.bytes()).equals(bytes)).toBe(true)
  }
})

test('every episode has a WebVTT transcript, reachable only below the feed’s address', async () => {
  const { items } = await read(address)
  for (const { podcastTranscripts: [transcript] = [], itunesEpisode } of items) {
    expect(transcript?.language).toBe('en-GB')
    const said = await fetch(transcript?.url ?? '')
    expect(said.headers.get('content-type')).toContain(transcript?.type)
    const text = await said.text()
    expect(text).toMatch(/^WEBVTT\n\n[\s\S]*lamp/)
    const own = await api.fetch(`/api/novels/${novel.id}/chapters/${itunesEpisode}/subtitles.vtt`)
    expect(await own.text()).toBe(text)
  }
})

test('the image is the cover; a cover that podcast apps cannot show is left out', async () => {
  const { itunesImage = '' } = await read(address)
  const image = await fetch(itunesImage)
  expect(image.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await image.bytes()).equals(png)).toBe(true)
  const svg = await buildEpub({
    title: 'Drawn',
    pages: [{ name: 'one.xhtml', body: '<h1>I</h1><p>Only a drawing of it was left.</p>' }],
    nav: '<ol><li><a href="one.xhtml">I</a></li></ol>',
    manifest: '<item id="c" href="cover.svg" media-type="image/svg+xml" properties="cover-image"/>',
    files: { 'OEBPS/cover.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' },
  })
  const { novel: drawn } = await api.add(svg, 'drawn.epub')
  const { feed } = (await (await api.post(`/api/novels/${drawn.id}/feed`, {})).json()) as { feed: Feed }
  expect((await read(feed.address)).itunesImage).toBeUndefined()
  expect((await fetch(feed.address.replace('.xml', '/cover'))).status).toBe(404)
})

test('an unchanged feed is 304 by ETag or by date, until it changes', async () => {
  const response = await fetch(address)
  expect(response.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
  const [etag, changed] = ['etag', 'last-modified'].map((name) => response.headers.get(name) ?? '')
  const xml = await response.text()
  const ask = (headers: Record<string, string>) => fetch(address, { headers })
  expect((await ask({ 'if-none-match': etag! })).status).toBe(304)
  expect((await ask({ 'if-modified-since': changed! })).status).toBe(304)
  expect((await ask({ 'if-modified-since': 'Tue, 24 Nov 2020 00:00:00 GMT' })).status).toBe(200)
  expect((await ask({ 'if-none-match': '"other"', 'if-modified-since': changed! })).status).toBe(200)
  expect(await (await fetch(address)).text()).toBe(xml)
  const head = await fetch(address, { method: 'HEAD', headers: { 'accept-encoding': 'identity' } })
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(xml)))
  const before = await read(address)
  await api.fetch(`/api/novels/${novel.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"Fish"}',
  })
  expect((await ask({ 'if-none-match': etag! })).status).toBe(200)
  const after = await read(address)
  expect(after.title).toBe('Fish')
  // The audio is the same, so no app downloads it again; but the file contains the title, so its length changes.
  expect(after.items.map(({ guid }) => guid)).toEqual(before.items.map(({ guid }) => guid))
  for (const { enclosure } of after.items) {
    const head = await fetch(enclosure.url, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe(String(enclosure.length))
  }
})

/** A request with headers that `fetch` does not allow to be set. */
function ask(path: string, headers: Record<string, string>, to = api.address) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const asked = request(new URL(path, to), { headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('all URLs have the requested host; forwarded headers are ignored unless a setting trusts the proxy', async () => {
  const { pathname } = new URL(address)
  const headers = {
    host: 'box.local:8080',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'books.example',
  }
  const { body } = await ask(pathname, headers)
  const named = [...body.matchAll(/(?:href|url)="(http[^"]*)"/g)].map(
    ([, found = '']) => new URL(found).origin,
  )
  expect(new Set(named)).toEqual(new Set(['http://box.local:8080']))
  await using trusting = await startApplication({
    settings: { NIGHTJAR_BEHIND_PROXY: 'yes', NIGHTJAR_HOSTS: 'box.local,books.example' },
  })
  const { novel: other } = await trusting.api.add(longStory(1, 2), 'other.txt')
  await trusting.api.post(`/api/novels/${other.id}/feed`, {})
  const told = await ask(`/api/novels/${other.id}/feed`, headers, trusting.api.address)
  expect(JSON.parse(told.body)).toMatchObject({
    feed: { address: expect.stringMatching(/^https:\/\/books\.example\/feeds\//) as string },
  })
  for (const host of ['a"><b', 'box/../x', 'user@box'])
    expect((await ask(pathname, { host })).status).toBe(403)
})

test('podcast apps are allowed, pages of another origin are not', async () => {
  const { pathname } = new URL(address)
  expect((await ask(pathname, { 'user-agent': 'AntennaPod/3.4' })).status).toBe(200)
  expect((await ask(pathname, { origin: 'https://elsewhere.example' })).status).toBe(403)
  const { items } = await read(address)
  const audio = new URL(items[0]?.enclosure.url ?? '').pathname
  expect((await ask(audio, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
})

test('the QR code decodes to the feed’s address', async () => {
  const response = await api.fetch(`${feedPath}/qr.svg`)
  expect(response.headers.get('content-type')).toContain('image/svg+xml')
  const svg = await response.text()
  const width = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1])
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  for (const [, x, y, size] of svg.matchAll(/M(\d+),(\d+)h(\d+)v\3h-\3z/g)) {
    for (let row = Number(y); row < Number(y) + Number(size); row++) {
      const from = (row * width + Number(x)) * 4
      for (let at = from; at < from + Number(size) * 4; at += 4) pixels.fill(0, at, at + 3)
    }
  }
  expect(jsQR.default(pixels, width, width)?.data).toBe(address)
})

test('a revoked feed and everything below it is 404 at once, and the next address is a different one', async () => {
  const { items } = await read(address)
  const below = [
    address,
    address.replace('.xml', '/cover'),
    items[0]?.enclosure.url ?? '',
    items[0]?.podcastTranscripts?.[0]?.url ?? '',
    items[0]?.podcastChapters?.url ?? '',
  ]
  for (const url of below) expect((await fetch(url)).status, url).toBe(200)
  expect((await api.fetch(feedPath, { method: 'DELETE' })).status).toBe(200)
  for (const url of below) {
    const response = await fetch(url)
    expect(response.status, url).toBe(404)
    expect(await response.json()).toMatchObject({ success: false, code: 'feed.unknown' })
  }
  expect((await api.fetch(`${feedPath}/qr.svg`)).status).toBe(404)
  expect((await api.fetch(feedPath, { method: 'DELETE' })).status).toBe(200)
  const { status, feed } = await make()
  expect(status).toBe(201)
  expect(feed.address).not.toBe(address)
  const { guid } = readFeed(await (await fetch(feed.address)).text())
  expect(guid).toBeTruthy()
  await api.fetch(`/api/novels/${novel.id}?forever=true`, { method: 'DELETE' })
  expect((await fetch(feed.address)).status).toBe(404)
})

test('an address that was acknowledged survives kill -9', async () => {
  await using data = await temporaryFolder()
  await using doomed = await ServerProcess.start({ data: data.path, speakers: 1 })
  const { novel: kept } = await doomed.add(longStory(1, 2), 'story.txt')
  const made = (await (await doomed.post(`/api/novels/${kept.id}/feed`, {})).json()) as { feed: Feed }
  await doomed.kill()
  await using next = await ServerProcess.start({ data: data.path, speakers: 1 })
  const { pathname } = new URL(made.feed.address)
  expect(readFeed(await (await next.fetch(pathname)).text()).items).toEqual([])
})

test('an unknown address is 404, whatever it looks like', async () => {
  const guess = createHash('sha256').update('guess').digest('base64url').slice(0, 22)
  for (const path of [`/feeds/${guess}.xml`, '/feeds/x.xml', `/feeds/${guess}/cover`, '/feeds/%00.xml']) {
    const response = await api.fetch(path)
    expect(response.status, path).toBe(404)
    expect(await response.json()).toMatchObject({ success: false })
  }
})
