import { expect, test } from 'vitest'
import { importBytes } from '../fixtures/import-bytes.ts'
import { mobi } from '../fixtures/mobi.ts'

// Books of tens of thousands of things. A rule that compares each with each would need minutes here, one that takes all of them
// at once has no room for them.

const many = 20_000
const repeated = (piece: (index: number) => string, count = many): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('')

test('a MOBI book of many pages, each with a link to another, is read', async () => {
  const page = (index: number): string =>
    `<p><a filepos=${String((index * 97) % 900_000).padStart(10, '0')}>On</a> it went.</p><mbp:pagebreak/>`
  const { chapters } = await importBytes(mobi(`<html><body>${repeated(page)}</body></html>`), 'a.mobi')
  expect(chapters.length).toBeGreaterThan(0)
})

test('places in a MOBI book behind its last tag are looked for once', async () => {
  const links = repeated((index) => `<a filepos=${2_000_000 + index * 50}>x</a> `, 15_000)
  const text = `<html><body><p>${links}</p></body></html>${'word '.repeat(500_000)}`
  const { chapters } = await importBytes(mobi(text), 'a.mobi')
  expect(chapters.length).toBeGreaterThan(0)
})

test('of sections of an FB2 book without a title there may be as many as memory holds', async () => {
  const section = (index: number): string => `<section><title><p>C ${index}</p></title><p>T</p></section>`
  const book = `<FictionBook><body><section>${repeated(section, 150_000)}</section></body></FictionBook>`
  await expect(importBytes(book, 'a.fb2')).rejects.toMatchObject({ code: 'novel.hostile' })
})
