import { expect, test } from 'vitest'
import { pdfDocument } from './pdf-document.ts'
import { furnitureOf } from './pdf-furniture.ts'
import { inReadingOrder, type PdfLine } from './pdf-page.ts'

// Tens of thousands of pages and lines. A rule that compares each with each would need minutes here, one that takes all of them
// at once has no room for them.

const many = 20_000

const line = (text: string, page: number, y: number, left = 50): PdfLine => ({
  text,
  page,
  y,
  left,
  right: left + 400,
  size: 12,
})

test('page numbers of a PDF are found on however many pages', () => {
  const pages = Array.from({ length: many }, (_, page) => [
    line(`Text ${'abc'[page % 3]} of its own ${page}x${'y'.repeat(page % 50)}`, page, 700),
    line(String(page), page, 30 + (page % 5)),
  ])
  const furniture = furnitureOf(pages)
  expect(pages.filter((lines) => furniture.has(lines[1]!))).toHaveLength(many)
  // On three pages at the same height, and on a page at another.
  const few = [1, 2, 3, 4].map((page) => [
    line('a', page, 500),
    line('HEAD', page, page === 4 ? 300 : 700 + page),
  ])
  const heads = furnitureOf(few)
  expect(few.map(([, head]) => heads.has(head!))).toEqual([true, true, true, false])
})

test('a page of a PDF may have any number of lines, and a paragraph too', () => {
  const lines = Array.from({ length: 150_000 }, (_, index) =>
    line(
      index % 2 === 0 ? 'and the words go on and on, hyphen-' : 'ated as they were by the printer',
      0,
      -12 * index,
    ),
  )
  const places = lines.slice(0, many).map(({ y }, index) => ({ id: `p${index}`, page: 0, y }))
  const document = pdfDocument([lines], [])
  expect(document.match(/hyphen<span hidden="hidden">-<\/span>ated/g)).toHaveLength(lines.length / 2)
  expect(document.match(/<p>/g)).toHaveLength(1)
  expect(pdfDocument([lines], places).match(/<a id=/g)).toHaveLength(many)
  expect(inReadingOrder(lines.toReversed())).toHaveLength(lines.length)
})
