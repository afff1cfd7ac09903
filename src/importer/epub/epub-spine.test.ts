import { expect, test } from 'vitest'
import { buildEpub, type EpubContent } from '../../../test/fixtures/epub.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'
import type { ImportedNovel } from '../../novel/novel.ts'

async function read(content: EpubContent): Promise<ImportedNovel> {
  return importBytes(await buildEpub(content), 'a.epub')
}

const page = (body: string, encoding = 'utf-8'): string =>
  `<?xml version="1.0" encoding="${encoding}"?><html><head><title>t</title></head><body>${body}</body></html>`

/** A package document with this manifest and spine. */
function opf(manifest: string, spine: string): string {
  return `<?xml version="1.0"?><package version="3.0"><metadata><title>A Book</title><language>en</language></metadata><manifest>${manifest}</manifest><spine>${spine}</spine></package>`
}

test('data in the reading order is replaced by its fallback, or remarked on', async () => {
  const novel = await read({
    pages: [],
    files: {
      'OEBPS/book.opf': opf(
        '<item id="d" href="d.json" media-type="application/json" fallback="e"/><item id="e" href="e.bin" media-type="application/octet-stream" fallback="a"/><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="f" href="f.json" media-type="application/json"/>',
        '<itemref idref="d"/><itemref idref="f"/>',
      ),
      'OEBPS/d.json': '{"secret": "do not read"}',
      'OEBPS/e.bin': 'nor this',
      'OEBPS/f.json': '{"nor": "that"}',
      'OEBPS/a.xhtml': page('<p>The text.</p>'),
    },
  })
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: The text.'])
  expect(novel.report.remarks).toContain(
    '1 of the book’s files are no text that can be read, and were left out: OEBPS/f.json (application/json).',
  )
})

test('a file listed twice in the reading order is read once, with a remark', async () => {
  const novel = await read({
    pages: [],
    files: {
      'OEBPS/book.opf': opf(
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>',
        '<itemref idref="a"/><itemref idref="a"/>',
      ),
      'OEBPS/a.xhtml': page('<p>Once.</p>'),
    },
  })
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: Once.'])
  expect(novel.report.remarks.join()).toContain('names a file twice, which is read once: OEBPS/a.xhtml.')
})

test('a book without linear documents is read as it is; non-linear documents before the first linear one stay there', async () => {
  const files = {
    'OEBPS/a.xhtml': page('<p>One.</p>'),
    'OEBPS/b.xhtml': page('<p>Two.</p>'),
  }
  const items = ['a', 'b'].map(
    (id) => `<item id="${id}" href="${id}.xhtml" media-type="application/xhtml+xml"/>`,
  )
  const none = opf(items.join(''), '<itemref idref="a" linear="no"/><itemref idref="b" linear="no"/>')
  const first = opf(items.join(''), '<itemref idref="a" linear="no"/><itemref idref="b"/>')
  for (const one of [none, first]) {
    const novel = await read({ pages: [], files: { ...files, 'OEBPS/book.opf': one } })
    expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: One.', 'paragraph: Two.'])
  }
})

test('the words of SVG pages and pictures are kept as skips', async () => {
  const novel = await read({
    pages: [],
    files: {
      'OEBPS/book.opf': opf(
        '<item id="s" href="s.svg" media-type="image/svg+xml"/><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>',
        '<itemref idref="s"/><itemref idref="a"/>',
      ),
      'OEBPS/s.svg': '<svg xmlns="http://www.w3.org/2000/svg"><text>A map of the coast</text></svg>',
      'OEBPS/a.xhtml': page('<p>Text.</p><svg><text>A small map</text></svg>'),
    },
  })
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: Text.'])
  expect(novel.chapters[0]?.skips.map(({ reason, text }) => `${reason}: ${text}`)).toEqual([
    'image: A map of the coast',
    'image: A small map',
  ])
})

test('object, audio and video are read as their fallback text, scripts and templates are not read', async () => {
  const novel = await read({
    pages: [
      {
        name: 'a.xhtml',
        body: '<p>One <object data="x.swf"><em>an organ</em></object>.</p><audio src="a.mp3"><p>She sings.</p></audio><video><p>He dances.</p></video><noscript><p>Static.</p></noscript><script>var no</script><template><p>Not yet.</p></template>',
      },
    ],
  })
  expect(novel.chapters.flatMap(shown)).toEqual([
    'paragraph: One an organ.',
    'paragraph: She sings.',
    'paragraph: He dances.',
    'paragraph: Static.',
  ])
  expect(novel.report.skipped).toEqual({ hidden: 1 })
})

test.each([
  ['little', true],
  ['big', false],
])('UTF-32 of %s endian is decoded', async (_, little) => {
  for (const mark of ['\uFEFF', '']) {
    const text = mark + page('<p>Höhe über Null 𝄞.</p>', 'utf-32')
    const points = Array.from(text, (char) => char.codePointAt(0) ?? 0)
    const bytes = Buffer.alloc(points.length * 4)
    points.forEach((point, at) =>
      little ? bytes.writeUInt32LE(point, at * 4) : bytes.writeUInt32BE(point, at * 4),
    )
    const novel = await read({ pages: [{ name: 'a.xhtml', body: bytes }] })
    expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: Höhe über Null 𝄞.'])
    expect(novel.report.remarks.join()).not.toContain('UTF-8')
  }
})

test('a cover that is too large or damaged is dropped with a remark, and the book is imported', async () => {
  const novel = await read({
    pages: [{ name: 'a.xhtml', body: '<p>Text.</p>' }],
    manifest: '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>',
    files: { 'OEBPS/c.png': Buffer.alloc(30 * 1024 * 1024) },
  })
  expect(novel.cover).toBeUndefined()
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: Text.'])
  expect(novel.report.remarks.join()).toMatch(
    /A cover was left out, because OEBPS\/c\.png in it unpacks to more than/,
  )
})

test('control characters and markup are removed from titles', async () => {
  const novel = await read({
    metadata:
      '<dc:title>The\u0007 Sea&lt;br/&gt;of &lt;b&gt;Glass&lt;/b&gt;</dc:title><dc:creator>A.\u0000 &lt;i&gt;Writer&lt;/i&gt;</dc:creator>',
    pages: [
      { name: 'a.xhtml', body: '<p>Text.</p>' },
      { name: 'b.xhtml', body: '<p>More.</p>' },
    ],
    nav: '<ol><li><a href="a.xhtml">One\u0008 &lt;em&gt;and&lt;/em&gt; only</a></li><li><a href="b.xhtml">a &lt; b</a></li></ol>',
  })
  expect(novel.title).toBe('The Sea of Glass')
  expect(novel.author).toBe('A. Writer')
  expect(listed(novel)).toEqual(['body | One and only', 'body | a < b'])
})

const file = (name: string, body: string): { name: string; body: string } => ({ name, body })

test('contents that list files instead of chapters are replaced by the headings', async () => {
  const names = Array.from(
    { length: 30 },
    (_, index) => `index_split_${String(index).padStart(3, '0')}.xhtml`,
  )
  const pages = names.map((name, index) =>
    file(
      name,
      `${index % 10 === 0 ? `<h2>Chapter ${index / 10 + 1}</h2>` : ''}<p>Text ${index} of the long night that nobody forgot.</p>`,
    ),
  )
  const nav = (title: (index: number) => string): string =>
    `<ol>${names.map((name, index) => `<li><a href="${name}">${title(index)}</a></li>`).join('')}</ol>`
  for (const title of [
    (index: number) => `Section ${index}`,
    () => 'A Small Book',
    (index: number) => names[index]!,
    (index: number) => (index % 10 === 0 ? `Chapter ${index / 10 + 1}` : `Text ${index} of the long…`),
  ]) {
    const novel = await read({ pages, nav: nav(title) })
    expect(listed(novel)).toEqual(['body | Chapter 1', 'body | Chapter 2', 'body | Chapter 3'])
    expect(novel.report.remarks.join()).toContain('lists the book’s files')
  }
  const named = await read({ pages, nav: nav((index) => `The ${index}th tale`) })
  expect(named.chapters).toHaveLength(30)
})

test('files that hold several chapters each are cut at their headings if the contents only list the files', async () => {
  const chapter = (number: number): string =>
    `<h2>Chapter ${number}</h2><p>Text ${number} of the long night.</p>`
  const pages = [0, 1, 2, 3].map((index) =>
    file(`s${index}.xhtml`, [1, 2, 3].map((each) => chapter(index * 3 + each)).join('')),
  )
  const nav = (title: string): string =>
    `<ol>${pages.map(({ name }, index) => `<li><a href="${name}">${title} ${index}</a></li>`).join('')}</ol>`
  const novel = await read({ pages, nav: nav('Section') })
  expect(listed(novel)).toEqual(Array.from({ length: 12 }, (_, index) => `body | Chapter ${index + 1}`))
  expect((await read({ pages, nav: nav('The tale of day') })).chapters).toHaveLength(4)
})

test('without contents and headings the book is cut at paragraphs that read like headings', async () => {
  const pages = Array.from({ length: 20 }, (_, index) =>
    file(
      `p${index}.xhtml`,
      `${index % 5 === 0 ? `<p>CHAPTER ${index / 5 + 1}</p>` : ''}<p>Text ${index}.</p>`,
    ),
  )
  const novel = await read({ pages })
  expect(listed(novel)).toEqual([1, 2, 3, 4].map((number) => `body | CHAPTER ${number}`))
  expect(shown(novel.chapters[0]!)[0]).toBe('heading: CHAPTER 1')
})

test('a mark directly before a line break that separates paragraphs is kept', async () => {
  const novel = await read({
    pages: [
      file(
        'a.xhtml',
        '<p>One<span epub:type="pagebreak">7</span><br/><br/>two<sup>*</sup><br/><br/>three</p>',
      ),
    ],
  })
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: One', 'paragraph: two', 'paragraph: three'])
  expect(novel.report.skipped).toEqual({ 'page-number': 1, 'note-reference': 1 })
})
