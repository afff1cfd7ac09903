import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { zip } from '../../../test/fixtures/epub.ts'
import { importBytes, shown } from '../../../test/fixtures/import-bytes.ts'
import { jpegCover } from '../../../test/fixtures/cover.ts'

import { importBook } from '../importer.ts'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const description = `<description><title-info><genre>sf</genre>
<author><first-name>Anna</first-name><last-name>Bell</last-name></author><author><nickname>Rook</nickname></author>
<book-title>The Sea</book-title><annotation><p>A book about</p><p>water.</p></annotation>
<date value="1901-02-03">1901</date><coverpage><image l:href="#cover.jpg"/></coverpage><lang>en</lang>
<sequence name="Waters" number="2"/></title-info></description>`

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'

const body = `<body><title><p>Anna Bell</p><p>The Sea</p></title><epigraph><p>Water.</p><text-author>Nobody</text-author></epigraph>
<section id="s1"><title><p>Part One</p></title>
<section><title><p>Chapter 1</p><p>The Shore</p></title><p>${prose}<a l:href="#n1" type="note">1</a> The <emphasis>cafe\u0301</emphasis> was open.</p>
<empty-line/><empty-line/><p>“No!” she said.</p><poem><stanza><v>Row, row,</v><v>row the boat.</v></stanza></poem></section>
<section><title><p>Chapter 2</p></title><subtitle>* * *</subtitle><p>他走了。</p><p>${prose}</p><image l:href="#map.png"/></section></section>
</body>
<body name="notes"><title><p>Notes</p></title><section id="n1"><title><p>1</p></title><p>Until ten.</p></section></body>`

const fictionBook = (content: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">${content}${more}</FictionBook>`

const cover = `<binary id="cover.jpg" content-type="image/jpeg">${jpegCover.toString('base64')}</binary>`
const book = fictionBook(description + body, cover)

const chapters = [
  'Anna Bell The Sea Water. Nobody',
  `Part One Chapter 1 The Shore ${prose}1 The café was open. “No!” she said. Row, row, row the boat.`,
  `Chapter 2 * * * 他走了。 ${prose}`,
  'Notes 1 Until ten.',
]

const hostile = [
  ['a book that ends before its text', utf8(fictionBook(description)), 'novel.damaged'],
  ['a book without text', utf8(fictionBook('<body><section/></body>')), 'novel.no-text'],
  [
    'sections that nest without end',
    utf8(fictionBook(`<body>${'<section>'.repeat(100_000)}</body>`)),
    'novel.hostile',
  ],
] as const

bookFormatContract('an FB2 book', 'fb2', { bytes: utf8(book), chapters, hostile })

const packed = await zip([['book.fb2', book]])
const changed = Uint8Array.from(packed)
changed.fill(0, 60, 120)
bookFormatContract('a packed FB2 book', 'fb2', {
  bytes: packed,
  chapters,
  hostile: [['a book whose packed bytes were changed', changed, 'novel.damaged']],
})

test('an FB2 book has its title, authors, series, cover and chapters', async () => {
  const novel = await importBytes(utf8(book), 'a.fb2')
  expect(novel).toMatchObject({
    title: 'The Sea',
    author: 'Anna Bell, Rook',
    language: 'en',
    description: 'A book about\nwater.',
    published: '1901-02-03',
    series: { name: 'Waters', position: '2' },
    cover: { mediaType: 'image/jpeg' },
  })
  expect(novel.cover?.bytes).toEqual(new Uint8Array(jpegCover))
  expect(novel.chapters.map(({ title, part, matter }) => [matter, part, title])).toEqual([
    ['front', undefined, 'Anna Bell The Sea'],
    ['body', 'Part One', 'Chapter 1: The Shore'],
    ['body', 'Part One', 'Chapter 2'],
    ['back', undefined, 'Notes'],
  ])
  const first = novel.chapters[1]
  expect(shown(first!)).toEqual([
    'heading: Part One',
    'heading: Chapter 1 The Shore',
    `paragraph: ${prose} The caf\u00e9 was open.`,
    'scene-break: ',
    'paragraph: “No!” she said.',
    'verse: Row, row,\nrow the boat.',
  ])
  expect(first?.skips.find(({ reason }) => reason === 'note-reference')).toMatchObject({
    note: '1 Until ten.',
  })
  expect(novel.report.remarks.join('\n')).toContain(
    'Images of this kind of file are not shown beside its text; 1 were left out.',
  )
})

test('an FB2 book in an older encoding is read in it', async () => {
  const text = fictionBook(
    '<description><title-info><book-title>Море</book-title><lang>ru</lang></title-info></description><body><section><title><p>Глава 1</p></title><p>Он пришёл к морю.</p></section></body>',
  ).replace('UTF-8', 'windows-1251')
  const bytes = Uint8Array.from(text, (char) => {
    const code = char.charCodeAt(0)
    if (code < 128) return code
    return char === 'ё' ? 0xb8 : code - 0x410 + 0xc0
  })
  const novel = await importBytes(bytes, 'a.fb2')
  expect(novel).toMatchObject({ title: 'Море', report: { encoding: 'windows-1251' } })
  expect(novel.chapters[0]?.blocks.map((block) => block.text)).toEqual(['Глава 1', 'Он пришёл к морю.'])
})

test('a book of more than 160 MB is refused before it is read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightjar-fb2-'))
  try {
    const path = join(folder, 'a.fb2')
    await writeFile(path, book)
    await truncate(path, 3 * 1024 ** 3)
    await expect(importBook(path, 'a.fb2')).rejects.toMatchObject({ code: 'novel.hostile' })
  } finally {
    await rm(folder, { recursive: true })
  }
})
