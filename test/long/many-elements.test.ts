import { expect, test } from 'vitest'
import { importBytes } from '../fixtures/import-bytes.ts'

// Books of tens of thousands of things. A rule that compares each with each would need minutes here, one that takes all of them
// at once has no room for them.

const many = 20_000
const repeated = (piece: (index: number) => string, count = many): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('')

/** A MOBI book of the older kind whose text is not packed. */
function mobi(text: string): Buffer<ArrayBuffer> {
  const records = (text.match(/.{1,4096}/gs) ?? []).map((piece) => Buffer.from(piece, 'latin1'))
  const head = Buffer.alloc(264)
  head.writeUInt16BE(1, 0)
  head.writeUInt16BE(records.length, 8)
  head.write('MOBI', 16, 'latin1')
  head.writeUInt32BE(232, 20)
  head.writeUInt32BE(65_001, 28)
  head.writeUInt32BE(6, 36)
  head.writeUInt32BE(0xffffffff, 244)
  const all = [head, ...records]
  const list = Buffer.alloc(78 + all.length * 8)
  list.write('BOOKMOBI', 60, 'latin1')
  list.writeUInt16BE(all.length, 76)
  let at = list.length
  for (const [index, record] of all.entries()) {
    list.writeUInt32BE(at, 78 + index * 8)
    at += record.length
  }
  return Buffer.concat([list, ...all])
}

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
