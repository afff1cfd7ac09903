import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { buildEpub, type EpubContent } from '../../../test/fixtures/epub.ts'
import { importBytes } from '../../../test/fixtures/import-bytes.ts'
import { Failure } from '../../novel/failure.ts'

// What is larger than any book is refused with a sentence; all else takes time in proportion to its size. A rule that
// compares each with each would need minutes here.

const many = 15_000
const rows = (row: (index: number) => string, count = many): string =>
  Array.from({ length: count }, (_, index) => row(index)).join('')
const page = (body: string): EpubContent => ({ pages: [{ name: 'a.xhtml', body }] })

async function refusal(content: EpubContent): Promise<string> {
  try {
    await importBytes(await buildEpub(content), 'a.epub')
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`
    throw error
  }
  return 'imported'
}

test('a document beyond 32 MB is rejected', async () => {
  const body = `<p>${randomBytes(25 * 1024 * 1024).toString('base64')}</p>`
  expect(await refusal(page(body))).toBe(
    'novel.hostile: a.epub is refused because OEBPS/a.xhtml in it unpacks to more than 32 MB. Real books stay far below this limit.',
  )
})

test('many small documents that inflate to a hundred times their size are rejected', async () => {
  const body = '<p>It was night, and the lamp was lit.</p>'.repeat(20_000)
  const pages = Array.from({ length: 15 }, (_, index) => ({ name: `p${index}.xhtml`, body }))
  expect(await refusal({ pages })).toContain('it unpacks to more than 100 times its size')
})

test('contents with more chapters than any book has are rejected', async () => {
  expect(
    await refusal({
      ...page(rows((index) => `<p id="i${index}">${index}</p>`, 20_001)),
      nav: `<ol>${rows((index) => `<li><a href="a.xhtml#i${index}">${index}</a></li>`, 20_001)}</ol>`,
    }),
  ).toContain('it has more than 20,000 chapters')
})

const large: Readonly<Record<string, EpubContent>> = {
  'links of the contents to one place': {
    ...page('<p>Text.</p>'),
    nav: `<ol>${rows((index) => `<li><a href="a.xhtml">C ${index}</a></li>`)}</ol>`,
  },
  'note marks in one paragraph': page(
    `<p>${rows((index) => `w <a href="#i${index}" id="r${index}"><sup>${index % 999}</sup></a> `)}</p>${rows((index) => `<p id="i${index}"><a href="#r${index}">1</a> note</p>`)}`,
  ),
  'powers, marks and fractions': page(
    `<p>${rows((index) => `10<sup>${index % 99}</sup> e.<sup>*</sup> <sup>1</sup>/<sub>2</sub> `)}</p>`,
  ),
  'pictures and ids between blocks': page(
    `${rows((index) => `<p>\u200b<img src="a" alt="x${index}"/><a id="k${index}"/></p>`)}<p>t</p>`,
  ),
  'letters to compose, page numbers and readings in paragraphs of one element': page(
    `<p>${rows((index) => `e\u0301 <span class="pagenum">${index}</span><a id="q${index}"/><ruby>漢<rt>かん</rt></ruby><br/><br/>`)}</p>`,
  ),
  'lines of verse': page(
    `<div class="poem">${rows((index) => `<p>line e\u0301<span class="lnum">${index}</span></p>`)}</div>`,
  ),
  'headings without a text': page(`${rows((index) => `<h2>Chapter ${index}</h2>`)}<p>t</p>`),
  'elements in one heading': page(`<h1>${rows((index) => `<span>Word ${index}</span>`)}</h1><p>t</p>`),
  'rules of a stylesheet': page(
    `<?xml version="1.0"?><html><head><style>${rows((index) => `p.a${index} span { display: none } div div div span.x${index % 2} { display: none }`, 5_000)}</style></head><body>${'<div>'.repeat(300)}${rows((index) => `<p class="a${index}"><span class="x0 x1">t</span> x</p>`)}</body></html>`,
  ),
  'hidden words': page(`<p>${rows((index) => `w <span style="display:none">h${index}</span>`)}</p>`),
  'entities of its own': page(`<p>${rows((index) => `&e${index}; &eacute; `)}</p>`),
  'frames of Project Gutenberg': page(
    rows(
      (index) =>
        `<p>*** START OF THE PROJECT GUTENBERG EBOOK ${index} ***</p><p>*** END OF THE PROJECT GUTENBERG EBOOK ***</p><p>x</p>`,
    ),
  ),
  'creators and fallbacks': {
    ...page('<p>x</p>'),
    metadata: rows(
      (index) =>
        `<dc:creator id="c${index}">A</dc:creator><meta refines="#c${index}" property="role">aut</meta>`,
    ),
    manifest: rows((index) => `<item id="m${index}" href="m" media-type="a/b" fallback="m${index + 1}"/>`),
  },
}

test.each(Object.entries(large))('import time is linear in the number of %s', async (_, content) => {
  const { chapters } = await importBytes(await buildEpub(content), 'a.epub')
  expect(chapters.length).toBeGreaterThan(0)
})
