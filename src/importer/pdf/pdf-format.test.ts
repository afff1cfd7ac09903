import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'
import { buildPdf, type PdfText } from '../../../test/fixtures/pdf.ts'

/** Lines of text from a height on, 15 points apart, the first of each paragraph indented. */
function lines(paragraphs: readonly (readonly string[])[], { x = 72, y = 720 } = {}): PdfText[] {
  let at = y + 15
  return paragraphs.flatMap((paragraph) =>
    paragraph.map((text, index) => ({ text, x: index === 0 ? x + 14 : x, y: (at -= 15) })),
  )
}

const first = [
  'It was a long way to the sea, and nobody who had gone there had come back',
  'to tell of what they saw; the roads were bad, the horses were old, and the inn-',
  'keepers of the coast were said to be worse than either of them had ever been.',
]
const second = ['\u201cNo!\u201d she said.'.replaceAll('\u201c', '"').replaceAll('\u201d', '"')]
const third = [
  'The lamp was lit. Nobody saw who had lit it, and nobody asked, because it was',
  'late and the wind had turned, and there was more to do than there were hands for',
]
const fourth = ['in the whole house that night, as the caf\xe9 was open until ten.']

const head = (page: number): PdfText[] => [
  { text: page % 2 === 0 ? 'ANNA BELL' : 'THE SEA AND ALL THAT IS IN IT', x: 250, y: 790, size: 9 },
  { text: String(page), x: 295, y: 40, size: 9 },
]
const heading = (text: string): PdfText => ({ text, x: 240, y: 750, size: 20 })

const book = {
  info: { Title: 'The Sea', Author: 'Anna Bell' },
  pages: [
    [...head(1), heading('Chapter I'), ...lines([first, second, third])],
    [...head(2), ...lines([[]]), ...fourth.map((text) => ({ text, x: 72, y: 750 }))],
    [...head(3), heading('Chapter II'), ...lines([third, first])],
    [...head(4), ...lines([first])],
    [...head(5), ...lines([third])],
    [...head(6), ...lines([first])],
  ],
}
const bytes = buildPdf(book)
const joined = (...paragraphs: readonly (readonly string[])[]): string =>
  paragraphs.map((paragraph) => paragraph.join(' ')).join(' ')
const heads = (...pages: readonly number[]): string =>
  pages.flatMap((page) => head(page).map(({ text }) => text)).join(' ')

bookFormatContract('a PDF', 'pdf', {
  bytes,
  chapters: [
    `Chapter I ${joined(first, second, third, fourth)} ${heads(1, 2)}`,
    `Chapter II ${joined(third, first, first, third, first)} ${heads(3, 4, 5, 6)}`,
  ],
  hostile: [
    ['a PDF of pages without text', buildPdf({ pages: [[], []] }), 'novel.no-text'],
    [
      'a PDF that needs a password',
      buildPdf({
        ...book,
        trailer: `/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>`,
      }),
      'novel.encrypted',
    ],
    ['a PDF without an object', Buffer.from('%PDF-1.7\nHello\n%%EOF'), 'novel.damaged'],
  ],
})

test('a PDF has its title, chapters and paragraphs, without heads, page numbers and hyphens of the printer', async () => {
  const novel = await importBytes(bytes, 'sea.pdf')
  expect(novel).toMatchObject({ title: 'The Sea', author: 'Anna Bell' })
  expect(listed(novel)).toEqual(['body | Chapter I', 'body | Chapter II'])
  const [chapter] = novel.chapters
  expect(shown(chapter!)).toEqual([
    'heading: Chapter I',
    `paragraph: ${joined(first).replace('inn- keepers', 'innkeepers')}`,
    'paragraph: "No!" she said.',
    // It goes on over the page's end.
    `paragraph: ${joined(third, fourth)}`,
  ])
  const skips = novel.chapters.flatMap(({ skips: all }) => all)
  expect(skips.filter(({ reason }) => reason === 'page-number').map(({ text }) => text)).toContain('4')
  expect(skips.filter(({ reason }) => reason === 'hidden').map(({ text }) => text)).toContain('-')
})

test.each([
  ['with words', ['Chapter 1', 'Chapter 2', 'Chapter 3', 'Chapter 4']],
  ['of figures alone', ['1', '2', '3', '4']],
])('headings of chapters %s at the same height are no running heads', async (_, titles) => {
  const pages = titles.flatMap((title, at) => [
    [...head(3 * at + 1), heading(title), ...lines([first, second])],
    ...[2, 3].map((more) => [...head(3 * at + more), ...lines([third, first])]),
  ])
  const novel = await importBytes(buildPdf({ ...book, pages }), 'numbered.pdf')
  expect(novel.chapters).toHaveLength(4)
  expect(novel.chapters.map((chapter) => shown(chapter)[0])).toEqual(
    titles.map((title) => `heading: ${title}`),
  )
})

test('large page numbers and a large head on each page are no text', async () => {
  const pages = Array.from({ length: 6 }, (_, at) => [
    { text: 'The Sea', x: 250, y: 800, size: 18 },
    { text: String(at + 1), x: 295, y: 30, size: 18 },
    ...(at === 0 ? [heading('Chapter I')] : []),
    ...lines([first, third]),
  ])
  const novel = await importBytes(buildPdf({ ...book, pages }), 'large.pdf')
  expect(listed(novel)).toEqual(['body | Chapter I'])
})

test('the bookmarks of a PDF are its contents', async () => {
  const marked = buildPdf({
    pages: [lines([first]), lines([third]), lines([first])],
    outline: [
      ['The Shore', 0],
      ['The Land', 2],
    ],
  })
  const novel = await importBytes(marked, 'sea.pdf')
  expect(novel.report.evidence).toBe('nav')
  expect(listed(novel)).toEqual(['body | The Shore', 'body | The Land'])
})

test('columns that are drawn line by line are read one after the other', async () => {
  const column = (name: string) =>
    Array.from({ length: 12 }, (_, at) => `${name}${at} goes on and on with words`)
  const [left, right] = [column('left'), column('right')]
  const page = left.flatMap((text, at): PdfText[] => [
    { text, x: 60, y: 700 - at * 15 },
    { text: right[at]!, x: 330, y: 700 - at * 15 },
  ])
  // Drawn from below, so that the order of drawing is no order of reading.
  const novel = await importBytes(buildPdf({ pages: [page.toReversed()] }), 'a.pdf')
  const text = novel.chapters.flatMap(({ blocks }) => blocks.map((block) => block.text)).join(' ')
  expect(text.match(/(?:left|right)\d+/g)).toEqual([
    ...left.map((_, at) => `left${at}`),
    ...right.map((_, at) => `right${at}`),
  ])
})

test('pages that are images are told', async () => {
  const novel = await importBytes(buildPdf({ pages: [lines([first]), [], lines([third])] }), 'a.pdf')
  expect(novel.report.remarks).toContain('Pages without text were left out (1): 2')
})
