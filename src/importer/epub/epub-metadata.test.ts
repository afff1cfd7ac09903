import { expect, test } from 'vitest'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { importBytes } from '../../../test/fixtures/import-bytes.ts'

const pages = [{ name: 'a.xhtml', body: '<p>Once upon a time there was a king who had a daughter.</p>' }]
const png = Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')
const jpeg = Buffer.from('ÿØÿà\u0000\u0010JFIF', 'latin1')

async function withMetadata(metadata: string): ReturnType<typeof importBytes> {
  return importBytes(await buildEpub({ metadata, pages }), 'the_kings-daughter (2).epub')
}

test('EPUB 3: main title, authors in order, series, date and description', async () => {
  const novel = await withMetadata(`
    <dc:title id="s">A Subtitle</dc:title><meta refines="#s" property="title-type">subtitle</meta>
    <dc:title id="m">The  King&#8217;s Daughter</dc:title><meta refines="#m" property="title-type">main</meta>
    <dc:creator id="a">Anna Bell</dc:creator><meta refines="#a" property="role" scheme="marc:relators">aut</meta>
    <dc:creator id="b">Carl Dorn</dc:creator><meta refines="#b" property="role">ill</meta>
    <dc:creator id="c">Emil Frei</dc:creator>
    <dc:language>en_GB</dc:language><dc:date>1899-05-01T00:00:00Z</dc:date>
    <meta property="belongs-to-collection" id="set">A hundred best</meta><meta refines="#set" property="collection-type">set</meta>
    <meta property="belongs-to-collection" id="col">The Kings</meta><meta refines="#col" property="collection-type">series</meta>
    <meta refines="#col" property="group-position">2</meta>
    <dc:description>&lt;p&gt;A &lt;i&gt;tale&lt;/i&gt;.&lt;/p&gt;&lt;p&gt;Of kings &amp;amp; queens.&lt;/p&gt;</dc:description>`)
  expect(novel).toMatchObject({
    title: 'The King’s Daughter',
    author: 'Anna Bell, Emil Frei',
    language: 'en-GB',
    published: '1899-05-01',
    series: { name: 'The Kings', position: '2' },
    description: 'A tale.\nOf kings & queens.',
  })
})

test('EPUB 2: roles as attributes, Calibre’s series, and its “unknown” date is ignored', async () => {
  const novel = await withMetadata(`<dc:title>T</dc:title><dc:creator opf:role="aut">Anna Bell</dc:creator>
    <dc:creator opf:role="trl">Carl Dorn</dc:creator><dc:language>eng</dc:language>
    <dc:date opf:event="modification">2020-01-01</dc:date><dc:date opf:event="publication">0101-01-01</dc:date>
    <meta name="calibre:series" content="The Kings"/><meta name="calibre:series_index" content="3.0"/>`)
  expect(novel).toMatchObject({
    author: 'Anna Bell',
    language: 'en',
    series: { name: 'The Kings', position: '3' },
  })
  expect(novel.published).toBeUndefined()
})

test('missing metadata come from the file’s name and from the text', async () => {
  const novel = await withMetadata('')
  expect(novel).toMatchObject({ title: 'the kings-daughter', author: '', language: 'en' })
})

test('a declared language that the script contradicts is corrected, with a remark', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        {
          name: 'a.xhtml',
          body: `<p>${'Ngày xửa ngày xưa, có một ông vua có một người con gái. '.repeat(5)}</p>`,
        },
      ],
    }),
    'a.epub',
  )
  expect(novel.language).toBe('vi')
  expect(novel.report.remarks.join()).toContain('“en”')
})

test.each([
  [
    'a property of the manifest',
    { manifest: '<item id="i" href="i.png" media-type="image/png" properties="cover-image"/>' },
  ],
  [
    'meta name="cover"',
    {
      metadata: '<meta name="cover" content="i"/>',
      manifest: '<item id="i" href="i.png" media-type="image/png"/>',
    },
  ],
  [
    'the guide’s cover page',
    {
      guide: '<reference type="cover" href="c.xhtml"/>',
      files: { 'OEBPS/c.xhtml': '<html><body><svg><image xlink:href="i.png"/></svg></body></html>' },
    },
  ],
  ['a name', { manifest: '<item id="cover" href="i.png" media-type="image/jpeg"/>' }],
])('the cover is found by %s, and its type is detected by content', async (_, content) => {
  const files = { 'OEBPS/i.png': png, ...('files' in content ? content.files : {}) }
  const { cover } = await importBytes(await buildEpub({ pages, ...content, files }), 'a.epub')
  expect(cover?.mediaType).toBe('image/png')
  expect(Buffer.from(cover?.bytes ?? [])).toEqual(png)
})

test('a JPEG cover named .png is a JPEG; a cover that is not an image is ignored', async () => {
  const manifest = '<item id="i" href="i.png" media-type="image/png" properties="cover-image"/>'
  const withCover = async (bytes: Uint8Array | string) =>
    (await importBytes(await buildEpub({ pages, manifest, files: { 'OEBPS/i.png': bytes } }), 'a.epub')).cover
  expect((await withCover(jpeg))?.mediaType).toBe('image/jpeg')
  expect(await withCover('<html><body><svg/></body></html>')).toBeUndefined()
})
