import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { zip } from '../../../test/fixtures/epub.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'
import { jpegCover } from '../../../test/fixtures/cover.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'

const page = `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>The Sea, by Anna Bell</title>
<meta name="author" content="Anna Bell"><style>p { margin: 0 }</style><script>alert('<p>never</p>')</script></head>
<body><h2>Chapter I<br>The Shore</h2><p>The cafe\u0301 was <i>open</i>. ${prose}<p>&ldquo;No!&rdquo; she said.
<h2>Chapter II<br>The Land</h2><p>${prose}</p><hr><p>他走了。</p><img src="map.png" alt="A map"></body></html>`

bookFormatContract('a web page', 'html', {
  bytes: utf8(page),
  chapters: [
    `Chapter I The Shore The café was open. ${prose} “No!” she said.`,
    `Chapter II The Land ${prose} 他走了。`,
  ],
  hostile: [
    ['a page without text', utf8('<!doctype html><title>Empty</title><p></p>'), 'novel.no-text'],
    [
      'elements that nest without end',
      utf8(`<!doctype html><body>${'<div>'.repeat(100_000)}</body>`),
      'novel.hostile',
    ],
  ],
})

const pages = await zip([
  [
    'book/index.html',
    '<html><head><title>The Sea</title></head><body><a href="c10.html">The End</a><a href="c2.html">The Begin</a></body></html>',
  ],
  ['book/c2.html', `<html><body><p>First: ${prose}</p></body></html>`],
  ['book/c10.html', `<html><body><p>Last: ${prose}</p><img src="img/a.jpg" alt="A hill"></body></html>`],
  ['book/img/a.jpg', jpegCover],
])
bookFormatContract('a zip of web pages', 'html', {
  bytes: pages,
  chapters: [`The End The Begin Last: ${prose}`, `First: ${prose}`],
  hostile: [
    [
      'pages without text',
      await zip([
        ['a.html', '<p></p>'],
        ['b.html', ''],
      ]),
      'novel.no-text',
    ],
  ],
})

test('a web page has its title, author, language and chapters', async () => {
  const novel = await importBytes(utf8(page), 'sea.html')
  expect(novel).toMatchObject({ title: 'The Sea, by Anna Bell', author: 'Anna Bell', language: 'en-GB' })
  expect(listed(novel)).toEqual(['body | Chapter I The Shore', 'body | Chapter II The Land'])
  expect(shown(novel.chapters[1]!)).toContain('scene-break: ')
})

test('of a saved page only the article is read', async () => {
  const menu = '<a href="/other">Another story that you may like</a> '.repeat(20)
  const html = `<!doctype html><title>One</title><body><nav>${menu}</nav><article><h1>One</h1><p>${prose}</p></article><footer>${menu}</footer></body>`
  const { chapters, report } = await importBytes(html, 'one.html')
  expect(chapters.flatMap(shown)).toEqual(['heading: One', `paragraph: ${prose}`])
  expect(report.remarks.join('\n')).toContain('Only the page’s article was read')
})

test('pages of a zip are read as the index lists them, else by their numbers', async () => {
  const novel = await importBytes(pages, 'sea.zip')
  expect(novel).toMatchObject({ title: 'The Sea' })
  expect(listed(novel)).toEqual(['body | The End', 'body | The Begin'])
  expect(novel.chapters[0]?.skips.find(({ reason }) => reason === 'image')?.image).toMatchObject({
    width: 48,
    height: 64,
  })
  const unlisted = await zip([
    ['10.html', `<h1>Ten</h1><p>${prose}</p>`],
    ['9.html', `<h1>Nine</h1><p>${prose}</p>`],
    ['9_files/ad.html', '<p>Buy this.</p>'],
  ])
  expect(listed(await importBytes(unlisted, 'a.zip'))).toEqual(['body | Nine', 'body | Ten'])
})

test('a web page in an older encoding is read in it', async () => {
  const html =
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252"></head><body><p>Ein Mädchen ging über die Straße.</p></body></html>'
  const novel = await importBytes(Buffer.from(html, 'latin1'), 'a.html')
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: Ein Mädchen ging über die Straße.'])
  expect(novel.report.encoding).toBe('windows-1252')
})
