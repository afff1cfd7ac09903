import { expect, test } from 'vitest'
import { buildEpub } from '../../../test/fixtures/epub.ts'
import { importBytes, shown } from '../../../test/fixtures/import-bytes.ts'

const document = (head: string, body: string): string =>
  `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>t</title>${head}</head><body>${body}</body></html>`

/** The text read from a body under a stylesheet, and the text skipped as hidden. */
async function under(css: string, body: string): Promise<{ read: string[]; hidden: (string | undefined)[] }> {
  const novel = await importBytes(
    await buildEpub({ pages: [{ name: 'a.xhtml', body: document(`<style>${css}</style>`, body) }] }),
    'a.epub',
  )
  return {
    read: novel.chapters.flatMap(shown),
    hidden: novel.chapters.flatMap(({ skips }) =>
      skips.flatMap(({ reason, text }) => (reason === 'hidden' ? [text] : [])),
    ),
  }
}

test.each([
  ['display', '.x { display: none }'],
  ['visibility', '.x { visibility: hidden }'],
  ['opacity', '.x { opacity: 0.0 }'],
  ['font-size', '.x { font-size: 0px }'],
  ['a font-size of nothing', '.x { font-size: 0.01em }'],
  ['a font-size of a pixel', '.x { font-size: 1px }'],
  ['an opacity of nearly nothing', '.x { opacity: 0.01 }'],
  ['font', '.x { font: 0/0 serif }'],
  ['the colour of the page', '.x { color: #fff }'],
  ['the colour of its own ground', '.x { color: rgb(10, 20, 30); background: #0a141e }'],
  [
    'the colour of the ground around it',
    'body { background-color: black } p { color: white } .x { color: #000 }',
  ],
  ['no colour at all', '.x { color: transparent }'],
  ['a place left of the page', '.x { position: absolute; left: -9999px }'],
  ['an indent out of the page', '.x { text-indent: -999em }'],
  ['a clip of nothing', '.x { position: absolute; clip: rect(0 0 0 0) }'],
  ['a clip path', '.x { clip-path: inset(50%) }'],
  ['a box without size', '.x { height: 0; overflow: hidden }'],
  ['a fill without colour', '.x { color: red; -webkit-text-fill-color: transparent }'],
  ['a move out of the page', '.x { transform: translateX(-9999px) }'],
  ['a scale of nothing', '.x { transform: scale(0) }'],
  ['an id', '#y { display: none }'],
  ['an element and a class', 'span.x, p.x { display: none !important }'],
  ['a descendant', 'body div > .x { display: none }'],
  ['a neighbour', 'div p + p { display: none }'],
  ['an attribute', 'p[title^="pl"] { display: none }'],
  ['a medium that everybody is', '@media screen { .x { display: none } }'],
])('text is hidden by %s', async (_, css) => {
  const body = '<div><p>Before.</p><p class="x" id="y" title="planted">Planted line.</p></div><p>After.</p>'
  expect(await under(css, body)).toEqual({
    read: ['paragraph: Before.', 'paragraph: After.'],
    hidden: ['Planted line.'],
  })
})

test.each([
  [
    'a rule that another one overrules',
    'p { display: none } p.x { display: block } div + p { display: block }',
  ],
  ['a state', '.x:hover { display: none } .x::before { display: none }'],
  ['one device', '@media amzn-mobi { .x { display: none } } @media print { .x { display: none } }'],
  ['white on a picture', '.x { color: white; background: url(a.png) }'],
  ['white on black', 'body { background: #000; color: #fff }'],
  ['a broken stylesheet', '.x { color: } } {{ display: none }'],
  ['small print', '.x { font-size: 0.7em; opacity: 0.5 }'],
  ['a small indent', '.x { text-indent: -2em; margin-left: -1em }'],
])('text is not hidden by %s', async (_, css) => {
  const { read, hidden } = await under(css, '<div class="x"><p class="x">One.</p></div><p class="x">Two.</p>')
  expect(read).toEqual(['paragraph: One.', 'paragraph: Two.'])
  expect(hidden).toEqual([])
})

test('a descendant of an invisible element may be visible again', async () => {
  const { read, hidden } = await under(
    '.x { font-size: 0 } .x span { font-size: 12px }',
    '<p class="x">gone <span>here</span></p>',
  )
  expect(read).toEqual(['paragraph: here'])
  expect(hidden).toEqual(['gone'])
})

test('the same words for sight and for screen readers are read once', async () => {
  const ear = '.ear { position: absolute; clip: rect(1px, 1px, 1px, 1px) }'
  const { read, hidden } = await under(
    ear,
    '<p><span class="ear">The storm</span><span aria-hidden="true"><b>T</b>he storm</span> broke.</p>',
  )
  expect(read).toEqual(['paragraph: The storm broke.'])
  expect(hidden).toEqual(['The storm'])
})

test('the colour of a font element counts as a declaration', async () => {
  const { read, hidden } = await under(
    'p { margin: 0 }',
    '<p>One <font color="#FFFFFF">planted</font> two.</p>',
  )
  expect(read).toEqual(['paragraph: One two.'])
  expect(hidden).toEqual(['planted'])
})

test('stylesheets are found by the links of pages, also through circular imports', async () => {
  const novel = await importBytes(
    await buildEpub({
      pages: [
        {
          name: 'text/a.xhtml',
          body: document('<link rel="stylesheet" href="../css/a.css"/>', '<p class="x">No.</p><p>Yes.</p>'),
        },
      ],
      files: {
        'OEBPS/css/a.css': '@import "b.css"; p { margin: 0 }',
        'OEBPS/css/b.css': '@import url(a.css); .x { display: none }',
      },
    }),
    'a.epub',
  )
  expect(novel.chapters.flatMap(shown)).toEqual(['paragraph: Yes.'])
})

test('a book that a stylesheet hides for the most part is read without it, with a remark', async () => {
  const long = 'A sentence that goes on for a while. '.repeat(60)
  const novel = await importBytes(
    await buildEpub({
      pages: [
        { name: 'a.xhtml', body: document('<style>p { visibility: hidden }</style>', `<p>${long}</p>`) },
      ],
    }),
    'a.epub',
  )
  expect(novel.chapters.flatMap(shown)).toEqual([`paragraph: ${long.trim()}`])
  expect(novel.report.remarks.join()).toContain('hide most of their text by a stylesheet')
})

test('a heading positioned outside of the page is read, because a picture stands for it', async () => {
  const { read } = await under(
    'h1 { position: absolute; left: -999em }',
    '<h1>Chapter I</h1><img src="one.png" alt=""/><p>Text.</p>',
  )
  expect(read).toEqual(['heading: Chapter I', 'paragraph: Text.'])
})
