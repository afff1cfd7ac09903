import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { buildEpub, smallEpub, zip } from '../../test/fixtures/epub.ts'
import { importBytes, listed, shown } from '../../test/fixtures/import-bytes.ts'
import { Failure, type FailureCode } from '../novel/failure.ts'

/** The failure of importing `my book.epub`, as `code: message`. */
async function refusal(bytes: string | Uint8Array): Promise<string> {
  return importBytes(bytes, 'my book.epub').then(
    () => 'it was imported',
    (error: unknown) =>
      error instanceof Failure ? `${error.code}: ${error.message}` : `broken: ${String(error)}`,
  )
}

const refused = (code: FailureCode, words: string): RegExp => new RegExp(`^${code}: my book.epub .*${words}`)

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test.each([
  ['a Topaz book', latin1('TPZ0'), 'Kindle'],
  ['a PNG', latin1('\x89PNG\r\n\x1a\n'), 'image'],
  ['a JPEG', latin1('ÿØÿà'), 'image'],
  ['an old Word document', latin1('ÐÏ\x11à¡±\x1aá'), 'Word'],
  ['a program', latin1('\x7fELF\x02\x01\x01\0'), 'program'],
  [
    'random bytes',
    Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3) * 31) % 251),
    'not text',
  ],
])('%s is rejected, and the message names the format', async (_, bytes, words) => {
  expect(await refusal(bytes)).toMatch(refused('novel.unreadable', words))
})

test('a zip that is not an EPUB is rejected', async () => {
  expect(await refusal(await zip([['xl/workbook.xml', '<w/>']]))).toMatch(
    refused('novel.unreadable', 'spreadsheet'),
  )
  expect(
    await refusal(
      await zip([
        ['1.jpg', 'x'],
        ['2.jpg', 'y'],
      ]),
    ),
  ).toMatch(refused('novel.unreadable', 'comic'))
  expect(await refusal(await zip([['readme.txt', 'Hello']]))).toMatch(
    refused('novel.unreadable', 'zip file without a book'),
  )
})

test('the format is detected by content, not by name', async () => {
  expect((await importBytes(await smallEpub(), 'book.txt')).report.format).toBe('epub')
  expect((await importBytes('Chapter 1\n\nHello.', 'book.epub')).report.format).toBe('text')
})

test('an empty file, and one without a letter, are rejected with a reason', async () => {
  expect(await refusal('')).toMatch(refused('novel.empty-file', 'empty'))
  expect(await refusal(' \n\n \t\n')).toMatch(refused('novel.no-text', 'no text'))
  expect(await refusal('***\n---\n')).toMatch(refused('novel.no-text', 'no text'))
  const images = await buildEpub({ pages: [{ name: 'a.xhtml', body: '<img src="a.png" alt="A page"/>' }] })
  expect(await refusal(images)).toMatch(refused('novel.no-text', 'no text'))
})

test('a truncated or broken zip is damaged', async () => {
  const epub = await smallEpub()
  expect(await refusal(epub.subarray(0, epub.length - 200))).toMatch(
    refused('novel.damaged', 'end is missing'),
  )
  const broken = Buffer.from(epub)
  // In the middle of the compressed pages.
  const at = broken.indexOf('OEBPS/one.xhtml') + 60
  broken.fill(0xff, at, at + 30)
  expect(await refusal(broken)).toMatch(refused('novel.damaged', 'one.xhtml'))
})

const encryption = (algorithm: string): string =>
  `<encryption><enc:EncryptedData xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptionMethod Algorithm="${algorithm}"/>
  <enc:CipherData><enc:CipherReference URI="OEBPS/f.otf"/></enc:CipherData></enc:EncryptedData></encryption>`

test('an EPUB under DRM is rejected, one with obfuscated fonts is not', async () => {
  const pages = [{ name: 'a.xhtml', body: '<p>Text.</p>' }]
  const book = async (file: string, text: string) => buildEpub({ pages, files: { [file]: text } })
  const adept = await book(
    'META-INF/encryption.xml',
    encryption('http://www.w3.org/2001/04/xmlenc#aes128-cbc'),
  )
  expect(await refusal(adept)).toMatch(refused('novel.encrypted', 'DRM'))
  expect(await refusal(await book('META-INF/license.lcpl', '{}'))).toMatch(refused('novel.encrypted', 'DRM'))
  for (const algorithm of ['http://www.idpf.org/2008/embedding', 'http://ns.adobe.com/pdf/enc#RC'])
    expect(
      await importBytes(await book('META-INF/encryption.xml', encryption(algorithm)), 'a.epub'),
    ).toBeDefined()
})

const zeros = (size: number): Uint8Array => Buffer.alloc(size, 0x20)

test('a zip bomb is rejected by its actual inflated size', async () => {
  const bomb = await buildEpub({ pages: [{ name: 'a.xhtml', body: zeros(80 * 1024 * 1024) }] })
  expect(await refusal(bomb)).toMatch(refused('novel.hostile', 'unpacks to more than'))
  // The same bomb with a false size: the directory says 100 bytes.
  const liar = Buffer.from(await buildEpub({ pages: [{ name: 'a.xhtml', body: zeros(8 * 1024 * 1024) }] }))
  const packed = deflateRawSync(zeros(8 * 1024 * 1024)).length
  const entry = liar.lastIndexOf('OEBPS/a.xhtml') - 46
  expect(liar.readUInt32LE(entry)).toBe(0x02014b50)
  expect(liar.readUInt32LE(entry + 20)).toBeGreaterThan(packed / 2)
  liar.writeUInt32LE(100, entry + 24)
  expect(await refusal(liar)).toMatch(refused('novel.hostile', 'times its size'))
})

test('a zip with too many files is rejected', async () => {
  const epub = await smallEpub()
  // The entry counts in the end record, for this disk and in total.
  epub.writeUInt16LE(20_001, epub.length - 14)
  epub.writeUInt16LE(20_001, epub.length - 12)
  expect(await refusal(epub)).toMatch(refused('novel.hostile', 'more than 20000 files'))
})

test('a name that points outside the archive is rejected', async () => {
  const epub = await zip([
    ['mimetype', 'application/epub+zip'],
    ['aa/evil.txt', 'x'],
  ])
  for (let at = epub.indexOf('aa/evil'); at >= 0; at = epub.indexOf('aa/evil', at + 1))
    epub.write('../evil', at)
  expect(await refusal(epub)).toMatch(refused('novel.hostile', '../evil'))
})

test('a missing package file is damage, a missing container is only remarked on', async () => {
  const pages = [{ name: 'a.xhtml', body: '<p>Text.</p>' }]
  const noPackage = await buildEpub({ pages, files: { 'OEBPS/book.opf': undefined } })
  expect(await refusal(noPackage)).toMatch(refused('novel.damaged', 'package file is missing'))
  const noContainer = await importBytes(
    await buildEpub({ pages, files: { 'META-INF/container.xml': undefined } }),
    'a.epub',
  )
  expect(noContainer.report.remarks.join()).toContain('package file')
})

test('missing documents are remarked on, and the rest is imported', async () => {
  const epub = await buildEpub({
    pages: [
      { name: 'a.xhtml', body: '<p>One.</p>' },
      { name: 'b.xhtml', body: '', missing: true },
      { name: 'c.xhtml', body: '<p>Three.</p>' },
    ],
    nav: '<ol><li><a href="a.xhtml">1</a></li><li><a href="b.xhtml">2</a></li><li><a href="c.xhtml">3</a></li></ol>',
  })
  const novel = await importBytes(epub, 'a.epub')
  expect(listed(novel)).toEqual(['body | 1', 'body | 3'])
  expect(novel.report.remarks.join()).toContain('OEBPS/b.xhtml')
})

const body = (text: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><html><body><p>${text}</p></body></html>`

test('pages in another encoding than they declare are decoded correctly', async () => {
  const text =
    'Die Mädchen gingen über die Brücke und hörten die Vögel; später fiel Schnee auf die Dächer der Häuser.'
  const novel = await importBytes(
    await buildEpub({
      pages: [
        { name: 'a.xhtml', body: latin1(body(text)) },
        { name: 'b.xhtml', body: Buffer.from(body(text), 'utf16le') },
      ],
    }),
    'a.epub',
  )
  expect(novel.chapters.flatMap(shown)).toEqual([`paragraph: ${text}`, `paragraph: ${text}`])
  expect(novel.report.remarks.join()).toContain('UTF-8')
})

test('200,000 nested tags and a deep table of contents are rejected', async () => {
  const deep = await buildEpub({ pages: [{ name: 'a.xhtml', body: '<div>'.repeat(200_000) }] })
  expect(await refusal(deep)).toMatch(refused('novel.hostile', 'nests'))
  const nav = await buildEpub({
    pages: [{ name: 'a.xhtml', body: '<p>Text.</p>' }],
    nav: '<ol><li>'.repeat(5_000),
  })
  expect(await refusal(nav)).toMatch(refused('novel.hostile', 'levels deep'))
})

test('neither external nor recursive entities are expanded anywhere', async () => {
  const dtd =
    '<!DOCTYPE package [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]>'
  const opf = `<?xml version="1.0"?>${dtd}<package><metadata><dc:title>T &e; &a;</dc:title></metadata>
    <manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>`
  const novel = await importBytes(
    await buildEpub({ pages: [{ name: 'a.xhtml', body: '<p>Text.</p>' }], files: { 'OEBPS/book.opf': opf } }),
    'a.epub',
  )
  expect(novel.title).toBe('T &e; &a;')
})

test.each([
  ['a line of five million spaces', `${' '.repeat(5_000_000)}Hello.`],
  [
    '100,000 headings',
    Array.from({ length: 100_000 }, (_, index) => `Chapter ${index % 9}\n\nText.\n\n`).join(''),
  ],
  ['100,000 notes', 'Text [1] and * more.\n\n[1] Note.\n\n* Note.\n\n'.repeat(50_000)],
])('%s are read in time linear to their length', async (_, text) => {
  expect((await importBytes(text, 'a.txt')).report.characters).toBeGreaterThan(5)
})
