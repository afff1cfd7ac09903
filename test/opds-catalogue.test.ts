import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { insertNovel } from '../src/storage/queries/novel-queries.ts'
import type { Novel } from '../src/http/contract/novel-contract.ts'
import { buildEpub } from './fixtures/epub.ts'
import { longStory } from './fixtures/long-story.ts'
import { isAcquisitionFeed, readOpds } from './program/opds1-reader.ts'
import * as opds2 from './program/opds2-reader.ts'
import { startApplication } from './program/in-process-application.ts'

const here = await startApplication()
afterAll(() => here[Symbol.asyncDispose]())
const { api } = here

const png = Buffer.from('89504e470d0a1a0a', 'hex')
const withCover = await buildEpub({
  pages: [{ name: 'one.xhtml', body: '<h1>I</h1><p>The lamp was lit.</p>' }],
  nav: '<ol><li><a href="one.xhtml">I</a></li></ol>',
  metadata: `<dc:title>Salt &amp; Stars</dc:title><dc:creator>Anna Bell</dc:creator><dc:language>en-GB</dc:language>
    <dc:description>What the sea gives.</dc:description><dc:date>1895-05-07</dc:date>
    <meta name="calibre:series" content="The Sea"/><meta name="calibre:series_index" content="2.0"/>`,
  manifest: '<item id="c" href="cover.png" media-type="image/png" properties="cover-image"/>',
  files: { 'OEBPS/cover.png': png },
})

let salt: Novel
beforeAll(async () => {
  ;({ novel: salt } = await api.add(withCover, 'salt.epub'))
  for (const name of ['zebra', 'Apple', 'mango']) {
    await api.add(
      Buffer.concat([longStory(1, 2), Buffer.from(`\n\nIn the end there was ${name}.`)]),
      `${name}.txt`,
    )
  }
})

async function read(path: string) {
  const response = await api.fetch(path)
  expect(response.status, path).toBe(200)
  const xml = await response.text()
  return { feed: await readOpds(xml), type: response.headers.get('content-type'), xml }
}

const hrefOf = (
  links: readonly { readonly rel: string; readonly href: string; readonly type?: string }[],
  rel: string,
) => links.find((link) => link.rel === rel)?.href

test('the root links to all novels and to the latest, and each list links back', async () => {
  const { feed, type } = await read('/opds')
  expect(type).toBe('application/atom+xml;profile=opds-catalog;kind=navigation; charset=utf-8')
  expect(isAcquisitionFeed(feed)).toBe(false)
  expect(feed.entries.map(({ title }) => title)).toEqual(['All novels', 'Recently added'])
  for (const { links } of feed.entries) {
    const { feed: shelf, type: listType } = await read(links[0]?.href ?? '')
    expect(listType).toBe('application/atom+xml;profile=opds-catalog;kind=acquisition; charset=utf-8')
    expect(isAcquisitionFeed(shelf)).toBe(true)
    expect(hrefOf(shelf.links, 'start')).toBe('/opds')
    expect(shelf.entries).toHaveLength(4)
  }
  expect((await read('/opds/')).feed.id).toBe(feed.id)
})

test('every feed is valid Atom (RFC 4287): distinct ids, titles, dates, authors', async () => {
  const ids = new Set<string>()
  for (const path of ['/opds', '/opds/novels', '/opds/new']) {
    const { xml } = await read(path)
    const { feed } = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === 'entry' }).parse(
      xml,
    ) as { feed: AtomFeed }
    const entryIds = feed.entry.map(({ id }) => id)
    expect(new Set(entryIds).size).toBe(entryIds.length)
    expect(ids).not.toContain(feed.id)
    ids.add(feed.id)
    expect(feed.author.name).toBe('Nightjar')
    for (const { id, title, updated } of [feed, ...feed.entry]) {
      expect(id).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
      expect(title).toBeTruthy()
      expect(z.iso.datetime().safeParse(updated).success).toBe(true)
    }
  }
})

interface AtomFeed {
  readonly id: string
  readonly title: string
  readonly updated: string
  readonly author: { readonly name: string }
  readonly entry: readonly { readonly id: string; readonly title: string; readonly updated: string }[]
}

test('a novel has its metadata; it links to its source first, and to EPUB and M4B once a chapter is ready', async () => {
  const entry = async () =>
    (await read('/opds/novels')).feed.entries.find(({ title }) => title === 'Salt & Stars')
  const before = await entry()
  expect(before).toMatchObject({
    id: `urn:uuid:${salt.id}`,
    authors: [{ name: 'Anna Bell' }],
    language: 'en-GB',
    summary: { content: 'What the sea gives.' },
    issued: '1895-05-07',
  })
  const acquired = (links: NonNullable<typeof before>['links'] = []) =>
    links
      .filter(({ rel }) => rel === 'http://opds-spec.org/acquisition')
      .map(({ href, type }) => [href, type])
  const source = `/api/novels/${salt.id}/source`
  expect(acquired(before?.links)).toEqual([[source, 'application/epub+zip']])
  const book = await api.fetch(source)
  expect(book.headers.get('content-type')).toBe('application/epub+zip')
  expect(book.headers.get('content-disposition')).toBe('attachment')
  expect(Buffer.from(await book.bytes()).equals(withCover)).toBe(true)
  await api.finished(await api.generate(salt.id))
  const after = await entry()
  expect(acquired(after?.links)).toEqual([
    [`/api/novels/${salt.id}/book.epub`, 'application/epub+zip'],
    [`/api/novels/${salt.id}/book.m4b`, 'audio/mp4'],
  ])
  expect(Date.parse(after?.updated ?? '')).toBeGreaterThan(Date.parse(before?.updated ?? ''))
  for (const rel of ['http://opds-spec.org/image', 'http://opds-spec.org/image/thumbnail']) {
    const image = await api.fetch(hrefOf(after?.links ?? [], rel) ?? '')
    expect(image.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await image.bytes()).equals(png)).toBe(true)
  }
})

test('all novels are sorted by title, ignoring case, and the latest by date', async () => {
  const titles = async (path: string) => (await read(path)).feed.entries.map(({ title }) => title)
  const sorted = await titles('/opds/novels')
  expect(sorted).toEqual(
    sorted.toSorted((one, other) => one.toLowerCase().localeCompare(other.toLowerCase())),
  )
  expect((await titles('/opds/new')).at(-1)).toBe('Salt & Stars')
})

test('the search finds titles and authors and repeats its query; its description links to it', async () => {
  const { feed } = await read('/opds')
  const description = await (await api.fetch(hrefOf(feed.links, 'search') ?? '')).text()
  expect(XMLValidator.validate(description)).toBe(true)
  const { OpenSearchDescription } = new XMLParser({ ignoreAttributes: false }).parse(description) as {
    OpenSearchDescription: { ShortName: string; Url: { '@_template': string; '@_type': string } }
  }
  expect(OpenSearchDescription.ShortName.length).toBeLessThanOrEqual(16)
  const template = OpenSearchDescription.Url['@_template']
  expect(template.startsWith(api.address)).toBe(true)
  for (const [words, found] of [
    ['salt & st', ['Salt & Stars']],
    ['anna', ['Salt & Stars']],
    ['100%', []],
  ] as const) {
    const { feed } = await read(template.replace('{searchTerms}', encodeURIComponent(words)))
    expect(feed.title).toContain(words)
    expect(feed.entries.map(({ title }) => title)).toEqual(found)
    const json = await api.fetch(`/opds/v2/novels?query=${encodeURIComponent(words)}`)
    const { publications = [] } = opds2.feed.parse(await json.json())
    expect(publications.map(({ metadata }) => metadata.title)).toEqual(found)
  }
})

test('a long list is paged in both versions, no novel twice and none missing', async () => {
  await using long = await startApplication()
  await long.api.add(longStory(1, 2), 'story.txt')
  const report = {
    format: 'text',
    evidence: 'headings',
    chapters: 0,
    characters: 0,
    skipped: {},
    remarks: [],
  } as const
  for (let at = 1; at < 103; at++) {
    await insertNovel(long.application.db, {
      id: uuidv7(),
      sha256: `sha-${at}`,
      sourceName: 'story.txt',
      head: { title: `Story ${at}`, author: '', language: 'en', report },
      chapters: [],
    })
  }
  const seen: string[] = []
  let path: string | undefined = '/opds/novels'
  while (path !== undefined) {
    const xml = await (await long.api.fetch(path)).text()
    const feed = await readOpds(xml)
    seen.push(...feed.entries.map(({ id }) => id))
    expect(hrefOf(feed.links, 'last')).toBe('/opds/novels?page=3')
    path = hrefOf(feed.links, 'next')
  }
  expect([seen.length, new Set(seen).size]).toEqual([103, 103])
  const seenIn2: string[] = []
  let next: string | undefined = '/opds/v2/new'
  while (next !== undefined) {
    const { metadata, links, publications = [] } = opds2.feed.parse(await long.api.json(next))
    expect(metadata.numberOfItems).toBe(103)
    seenIn2.push(...publications.map(({ metadata }) => metadata.identifier))
    next = links.find(({ rel }) => rel === 'next')?.href
  }
  expect(seenIn2.toSorted()).toEqual(seen.toSorted())
  expect((await long.api.fetch('/opds/novels?page=0')).status).toBe(400)
  const beyond = opds2.feed.parse(await long.api.json('/opds/v2/novels?page=99'))
  expect(beyond.publications).toEqual([])
})

test('OPDS 2.0 has the same content as its specification requires, each novel at its own address', async () => {
  const root = await api.fetch('/opds/v2')
  expect(root.headers.get('content-type')).toMatch(/^application\/opds\+json/)
  const { navigation = [], links } = opds2.feed.parse(await root.json())
  expect(links.find(({ rel }) => rel === 'search')).toMatchObject({ templated: true })
  for (const { href } of navigation) {
    const { publications = [] } = opds2.feed.parse(await api.json(href))
    expect(publications).toHaveLength(4)
    for (const publication of publications) {
      const self = publication.links.find(({ rel }) => rel === 'self')
      const alone = await api.fetch(self?.href ?? '')
      expect(alone.headers.get('content-type')).toContain(self?.type)
      expect(opds2.publication.parse(await alone.json())).toEqual(publication)
      for (const { href, type } of publication.images) {
        const image = await api.fetch(href)
        expect(image.headers.get('content-type')).toBe(type)
      }
    }
  }
  expect(await api.json(`/opds/v2/novels/${salt.id}`)).toMatchObject({
    metadata: {
      '@type': 'http://schema.org/Audiobook',
      author: 'Anna Bell',
      published: '1895-05-07',
      belongsTo: { series: { name: 'The Sea', position: 2 } },
    },
  })
})

test('each catalogue links to the other, and an unchanged one is 304', async () => {
  for (const name of ['', '/novels', '/new']) {
    const { feed } = await read(`/opds${name}`)
    expect(hrefOf(feed.links, 'alternate')).toBe(`/opds/v2${name}`)
    const { links } = opds2.feed.parse(await api.json(`/opds/v2${name}`))
    expect(links.find(({ rel }) => rel === 'alternate')?.href).toBe(`/opds${name}`)
    for (const path of [`/opds${name}`, `/opds/v2${name}`]) {
      const etag = (await api.fetch(path)).headers.get('etag') ?? ''
      expect((await api.fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(304)
    }
  }
})

test('an empty library is a valid catalogue', async () => {
  await using empty = await startApplication()
  const feed = await readOpds(await (await empty.api.fetch('/opds/novels')).text())
  expect(feed.entries).toEqual([])
  expect(opds2.feed.parse(await empty.api.json('/opds/v2/novels')).publications).toEqual([])
})
