import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { demux } from './fixtures/demuxed.ts'
import type { Chapter } from '../src/http/contract/novel-contract.ts'
import { importBook } from '../src/importer/importer.ts'
import {
  childElements,
  descendants,
  parseXml,
  textOf,
  type XmlElement,
} from '../src/importer/xhtml/xml-tree.ts'
import { ZipArchive } from '../src/importer/zip-archive.ts'
import { buildEpub } from './fixtures/epub.ts'
import { noisyPng } from './fixtures/noisy-png.ts'
import { epubcheck, hasEpubcheck } from './program/epubcheck.ts'
import { ServerProcess } from './program/server-process.ts'
import { temporaryFolder } from './program/temporary-folder.ts'

// The read-along EPUB: exported, opened with a zip reader, and parsed as a reading system does.

const folder = await temporaryFolder()
const server = await ServerProcess.start({ data: join(folder.path, 'data') })
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const sound = 'voice=espeak:en-us'
let books = 0

/** Adds a book, generates these chapters, and writes its EPUB to a file. */
async function spoken(file: string | Uint8Array<ArrayBuffer>, name: string, chapters: readonly number[]) {
  const { novel } = await server.add(file, name)
  await server.finished(await server.generate(novel.id, chapters, { voice: 'espeak:en-us' }))
  const response = await server.fetch(`/api/novels/${novel.id}/book.epub?${sound}`)
  expect(response.status).toBe(200)
  const bytes = await response.bytes()
  expect(response.headers.get('content-length')).toBe(String(bytes.length))
  const path = join(folder.path, `book-${++books}.epub`)
  await writeFile(path, bytes)
  return { id: novel.id, path, bytes, response }
}

interface Par {
  readonly text: string
  readonly audio: string
  /** Seconds. */
  readonly from: number
  readonly to: number
}

/** What a reading system finds: the overlay of each document, and the text of each of its elements. */
async function readAlong(path: string) {
  const archive = await ZipArchive.open(path)
  const read = async (name: string): Promise<string> => Buffer.from((await archive.read(name))!).toString()
  const container = parseXml(await read('META-INF/container.xml'))
  const opfPath = descendants(container, 'rootfile')[0]!.attributes['full-path']!
  const opf = parseXml(await read(opfPath))
  const resolve = (base: string, href: string): string =>
    new URL(href, `epub://book/${base}`).pathname.slice(1)
  const items = descendants(opf, 'item')
  const pars: (Par & { readonly words: string })[] = []
  const sounds = new Map<string, Uint8Array>()
  for (const { attributes } of items) {
    const href = decodeURIComponent(resolve(opfPath, attributes['href']!))
    if (attributes['media-type'] === 'audio/mp4') sounds.set(href, (await archive.read(href))!)
    const overlay = items.find((item) => item.attributes['id'] === attributes['media-overlay'])
    if (overlay === undefined) continue
    const smilPath = resolve(opfPath, overlay.attributes['href']!)
    const page = parseXml(await read(href))
    for (const par of descendants(parseXml(await read(smilPath)), 'par')) {
      const text = childElements(par, 'text')[0]!.attributes['src']!
      const audio = childElements(par, 'audio')[0]!.attributes
      const [target, id] = resolve(smilPath, text).split('#').concat(text.split('#')[1]!)
      expect(decodeURIComponent(target!)).toBe(href)
      pars.push({
        text: id!,
        audio: resolve(smilPath, audio['src']!),
        from: Number.parseFloat(audio['clipbegin'] ?? audio['clipBegin']!),
        to: Number.parseFloat(audio['clipend'] ?? audio['clipEnd']!),
        words: textOf(byId(page, id!)),
      })
    }
  }
  const { names } = archive
  const meta = descendants(opf, 'meta')
  await archive.close()
  return { names, opf, meta, pars, sounds, opfPath }
}

function byId(element: XmlElement, id: string): XmlElement {
  const found = find(element, id)
  if (!found) throw new Error(`no element has the id ${id}`)
  return found
}

function find(element: XmlElement, id: string): XmlElement | undefined {
  if (element.attributes['id'] === id) return element
  for (const child of childElements(element)) {
    const found = find(child, id)
    if (found) return found
  }
  return undefined
}

/** Expects the overlay to have each sentence of a chapter, in order, with the chapter's own text and times. */
async function expectInStep(
  id: string,
  number: number,
  pars: readonly (Par & { words: string })[],
): Promise<void> {
  const { chapter } = await server.json<{ chapter: Chapter }>(`/api/novels/${id}/chapters/${number}?${sound}`)
  const said = chapter.segments.map(({ block, start, end }) =>
    chapter.blocks[block]!.text.slice(start, end).replaceAll(/\s+/g, ' ').trim(),
  )
  const ofSegment = Map.groupBy(pars, ({ text }) => text.split('-').slice(0, 3).join('-'))
  expect([...ofSegment.values()].map((parts) => letters(parts.map(({ words }) => words).join(' ')))).toEqual(
    said.map(letters),
  )
  ;[...ofSegment.values()].forEach((parts, index) => {
    const { from = NaN, seconds = NaN } = chapter.segments[index]!
    // The silence before a chapter's first word belongs to no sentence.
    const silence = from === 0 ? 0.512 : 0
    expect(parts[0]!.from).toBeCloseTo(from + silence, 2)
    expect(parts.at(-1)!.to).toBeCloseTo(from + seconds, 2)
    parts.slice(1).forEach((part, at) => expect(part.from).toBe(parts[at]!.to))
  })
}

/** Note marks and page numbers inside a sentence are shown, but not spoken. */
const letters = (text: string): string => text.replaceAll(/[^\p{L}]/gu, '')

const pages = [
  {
    name: 'one.xhtml',
    body:
      '<h1>Chapter <em>One</em></h1><p class="first">The <b>lamp</b> was lit, <i>quite early. Nobody</i> had seen who ' +
      'had lit it; not the ferryman, nor the dog that was &amp; stayed with him.</p>\n<p>“No!” she said.<br/>He heard it twice.</p>',
  },
  { name: 'two.xhtml', body: '<h1>Chapter Two</h1><p>In the morning it had gone out.</p>' },
]
const nav = '<ol><li><a href="one.xhtml">One</a></li><li><a href="two.xhtml">Two</a></li></ol>'
const metadata = `<dc:identifier id="id">urn:isbn:9780306406157</dc:identifier><dc:title>Lamps &amp; Oars</dc:title>
<dc:creator>Anna Bell</dc:creator><dc:language>en</dc:language><meta property="dcterms:modified">2020-01-01T00:00:00Z</meta>`
const style = 'p.first { text-indent: 0; }'
/** `more`: further text of the second chapter; clips are keyed by text, so new text is not spoken yet. */
const epub3 = (more = '') =>
  buildEpub({
    pages: pages.map((page, at) => ({ ...page, body: at === 1 ? `${page.body}${more}` : page.body })),
    nav,
    metadata,
    manifest: '<item id="style" href="style.css" media-type="text/css"/>',
    files: { 'OEBPS/style.css': style },
  })

const valid = async (path: string): Promise<void> => {
  if (hasEpubcheck) expect(await epubcheck(path)).toEqual([])
}

test('an EPUB 3 keeps all its files and gains overlays of its spoken sentences', async () => {
  const source = await epub3()
  const { id, path } = await spoken(source, 'book.epub', [1])
  const { names, meta, pars, sounds, opfPath } = await readAlong(path)
  expect(opfPath).toBe('OEBPS/book.opf')
  expect(names[0]).toBe('mimetype')
  expect(names).toEqual(expect.arrayContaining(['OEBPS/style.css', 'OEBPS/two.xhtml', 'OEBPS/nav.xhtml']))
  await expectInStep(id, 1, pars)
  expect(pars.map(({ text }) => text)).toContain('nightjar-1-1-2')
  const of = (property: string) => meta.filter(({ attributes }) => attributes['property'] === property)
  expect(of('media:active-class').map(textOf)).toEqual(['-epub-media-overlay-active'])
  expect(of('media:narrator').map(textOf)).toHaveLength(1)
  expect(of('dcterms:modified')).toHaveLength(1)
  const [each, total] = of('media:duration').map((one) => Number.parseFloat(textOf(one)))
  expect(each).toBe(total)
  const [[, bytes] = []] = [...sounds]
  const file = demux(bytes!)
  expect(file.duration / file.timescale).toBeCloseTo(total! + 0.512, 2)
  expect(sounds.size).toBe(1)
})

test('the pages of an EPUB 3 keep their characters, and pages that are not spoken are unchanged', async () => {
  const before = await spoken(
    await buildEpub({ pages, nav, metadata: metadata.replace('Oars', 'Oar') }),
    'b.epub',
    [1],
  )
  const source = join(folder.path, 'data', 'sources', before.id)
  const [old, made] = [await ZipArchive.open(source), await ZipArchive.open(before.path)]
  const text = async (archive: ZipArchive, name: string) =>
    Buffer.from((await archive.read(name))!).toString()
  expect(await text(made, 'OEBPS/two.xhtml')).toBe(await text(old, 'OEBPS/two.xhtml'))
  const [one, marked] = [await text(old, 'OEBPS/one.xhtml'), await text(made, 'OEBPS/one.xhtml')]
  expect(marked).not.toBe(one)
  expect(marked.replaceAll(/<span id="nightjar[^>]*>|<\/span>|<link [^>]*>/g, '')).toBe(one)
  await Promise.all([old.close(), made.close()])
})

test('an exported EPUB can be imported again and has the same chapters', async () => {
  const { path, id } = await spoken(await epub3(), 'book.epub', [1])
  const again = await importBook(path, 'again.epub')
  const { chapter } = await server.json<{ chapter: Chapter }>(`/api/novels/${id}/chapters/1`)
  expect(again.title).toBe('Lamps & Oars')
  expect(again.chapters[0]?.blocks.map(({ text }) => text)).toEqual(chapter.blocks.map(({ text }) => text))
})

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
)

const map = noisyPng(30, 20)

test('an EPUB 2 is exported as an EPUB 3 generated from its text', async () => {
  const ncx =
    '<navPoint id="a"><navLabel><text>One</text></navLabel><content src="one.xhtml"/></navPoint>' +
    '<navPoint id="b"><navLabel><text>Two</text></navLabel><content src="two.xhtml"/></navPoint>'
  const old = await buildEpub({
    pages: pages.map(({ body, ...page }) => ({
      ...page,
      body: `${body}<p><img src="map.png" alt="A &amp; B"/></p>`,
    })),
    ncx,
    metadata: `<dc:title>Lamps</dc:title><dc:creator>Anna &amp; Emma Bell</dc:creator><dc:language>en</dc:language>
      <dc:date>1898</dc:date><dc:description>Of lamps.</dc:description><meta name="cover" content="cover"/>
      <meta name="calibre:series" content="Rivers"/><meta name="calibre:series_index" content="2.0"/>`,
    manifest: '<item id="cover" href="cover.png" media-type="image/png"/>',
    files: { 'OEBPS/cover.png': onePixel, 'OEBPS/map.png': map },
  })
  const { id, path } = await spoken(old, 'old.epub', [1, 2])
  const { opf, pars, sounds } = await readAlong(path)
  expect(descendants(opf, 'package')[0]?.attributes['version']).toBe('3.0')
  const again = await importBook(path, 'again.epub')
  expect(again).toMatchObject({
    title: 'Lamps',
    author: 'Anna & Emma Bell',
    published: '1898',
    description: 'Of lamps.',
    series: { name: 'Rivers', position: '2' },
    cover: { mediaType: 'image/png' },
  })
  expect(Buffer.from(again.cover?.bytes ?? []).equals(onePixel)).toBe(true)
  const images = again.chapters.map(({ skips }) => skips.filter(({ image }) => image?.width === 30))
  expect(images.map((own) => own.map(({ text }) => text))).toEqual([['A & B'], ['A & B']])
  await expectInStep(
    id,
    1,
    pars.filter(({ text }) => text.startsWith('nightjar-1-')),
  )
  await expectInStep(
    id,
    2,
    pars.filter(({ text }) => text.startsWith('nightjar-2-')),
  )
  expect(sounds.size).toBe(2)
  await valid(path)
})

const story = `The Ferryman

by Anna Bell

Chapter 1

The ferryman lit his lamp. It was & remained a <small> lamp.

    The river sweats
    Oil and tar
    The barges drift

* * *

Nobody came.

Chapter 2

In the morning it had gone out.
`

test('a plain text is exported as an EPUB 3 with navigation, and its verse keeps its lines', async () => {
  const { id, path } = await spoken(Buffer.from(story), 'story.txt', [1])
  const { names, pars } = await readAlong(path)
  expect(names).toEqual(
    expect.arrayContaining(['EPUB/nav.xhtml', 'EPUB/chapter-001.xhtml', 'EPUB/chapter-002.xhtml']),
  )
  await expectInStep(id, 1, pars)
  const again = await importBook(path, 'again.epub')
  const { chapter } = await server.json<{ chapter: Chapter }>(`/api/novels/${id}/chapters/1`)
  const shown = (blocks: readonly { kind: string; text: string }[]) =>
    blocks.map(({ kind, text }) => (kind === 'scene-break' ? kind : `${kind}: ${text}`))
  expect(shown(again.chapters[0]?.blocks ?? [])).toEqual(shown(chapter.blocks))
  await valid(path)
})

test('two requests give the same bytes and ETag, and the EPUB grows with its chapters', async () => {
  const { id, bytes, response } = await spoken(await epub3('<p>So it was.</p>'), 'book.epub', [1])
  const etag = response.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]+"$/)
  expect(response.headers.get('accept-ranges')).toBe('none')
  expect(response.headers.get('content-type')).toBe('application/epub+zip')
  const address = `/api/novels/${id}/book.epub?${sound}`
  const again = await server.fetch(address)
  expect(Buffer.from(await again.bytes()).equals(bytes)).toBe(true)
  expect((await server.fetch(address, { headers: { 'if-none-match': etag } })).status).toBe(304)
  const head = await server.fetch(address, { method: 'HEAD' })
  expect([head.headers.get('content-length'), head.headers.get('etag')]).toEqual([String(bytes.length), etag])
  await server.finished(await server.generate(id, [2], { voice: 'espeak:en-us' }))
  const grown = await server.fetch(address)
  expect(grown.headers.get('etag')).not.toBe(etag)
  expect((await grown.bytes()).length).toBeGreaterThan(bytes.length)
})

test('a novel without complete chapters has no EPUB yet', async () => {
  const { novel } = await server.add(Buffer.from(story.replaceAll(/[a-z]+/g, 'never')), 'other.txt')
  const response = await server.fetch(`/api/novels/${novel.id}/book.epub?${sound}`)
  expect([response.status, await response.json()]).toEqual([
    404,
    expect.objectContaining({ code: 'audio.none' }),
  ])
})

test.skipIf(!hasEpubcheck)('epubcheck finds no error in the EPUB 3', async () => {
  const source = join(folder.path, 'source.epub')
  await writeFile(source, await epub3())
  expect(await epubcheck(source)).toEqual([])
  await valid((await spoken(await epub3(), 'book.epub', [1])).path)
})

const shelf = new URL('../../shared/books/', import.meta.url)

test.skipIf(!hasEpubcheck || !existsSync(shelf)).each([
  ['the-time-machine.epub', 3],
  ['the-waste-land.epub', 2],
])(
  'epubcheck finds in %s with a spoken chapter nothing that it does not find in the book itself',
  { timeout: 600_000 },
  async (name, number) => {
    const source = new URL(name, shelf).pathname
    const { id, path } = await spoken(source, name, [number])
    const { pars } = await readAlong(path)
    await expectInStep(id, number, pars)
    const known = new Set((await epubcheck(source)).map((line) => line.replace(/ \(.*$/, '')))
    expect((await epubcheck(path)).filter((line) => !known.has(line.replace(/ \(.*$/, '')))).toEqual([])
  },
)
