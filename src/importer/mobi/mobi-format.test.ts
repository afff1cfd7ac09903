import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bookFormatContract } from '../../../test/contracts/book-format-contract.ts'
import { importBytes, listed, shown } from '../../../test/fixtures/import-bytes.ts'
import { huffmanUnpacker, unpackPalmDoc } from './mobi-compression.ts'

const books = new URL('../../../test/fixtures/books/', import.meta.url)
const azw3 = readFileSync(new URL('small.azw3', books))
const mobi = readFileSync(new URL('small.mobi', books))

const prose =
  'It was a long way to the sea, and nobody who had gone there had come back to tell of what they saw.'
const chapters = [
  `Chapter I The café was open.1 ${prose}`,
  `Chapter II “No!” she said. 他走了。 Nàng đi rồi. ${prose}`,
  'Notes 1 Until ten. Table of Contents Chapter I Chapter II Notes',
]

/** A copy with bytes of its first record changed. */
function changed(book: Buffer, offset: number, ...bytes: readonly number[]): Buffer {
  const copy = Buffer.from(book)
  copy.set(bytes, copy.readUInt32BE(78) + offset)
  return copy
}

const hostile = (book: Buffer) =>
  [
    ['a book under DRM', changed(book, 12, 0, 2), 'novel.encrypted'],
    ['a book in an unknown compression', changed(book, 0, 0, 9), 'novel.damaged'],
    ['a book whose first record is no book’s', changed(book, 16, 0, 0), 'novel.damaged'],
    ['a book cut off', book.subarray(0, 400), 'novel.damaged'],
  ] as const

bookFormatContract('an AZW3 book', 'mobi', { bytes: azw3, chapters, hostile: hostile(azw3) })
bookFormatContract('a MOBI book', 'mobi', { bytes: mobi, chapters, hostile: hostile(mobi) })

test.each([
  ['AZW3', azw3],
  ['MOBI', mobi],
])('an %s book has its title, author, language, chapters, notes, images and cover', async (_, bytes) => {
  const novel = await importBytes(bytes, 'sea')
  expect(novel).toMatchObject({
    title: 'The Sea',
    author: 'Anna Bell',
    language: 'en',
    cover: { mediaType: 'image/jpeg' },
    report: { evidence: 'ncx' },
  })
  expect(listed(novel)).toEqual(['body | Chapter I', 'body | Chapter II', 'back | Notes'])
  const [first, second] = novel.chapters
  // The older kind sets a heading as a large paragraph.
  expect(first?.blocks.map(({ text }) => text)).toEqual(['Chapter I', `The café was open. ${prose}`])
  expect(first?.skips.find(({ reason }) => reason === 'note-reference')?.note).toContain('Until ten.')
  expect(shown(second!)).toContain('paragraph: 他走了。 Nàng đi rồi.')
})

test('text that is packed by copies of earlier text is unpacked', () => {
  // A literal, three bytes as they are, a space with a letter, and a copy of five bytes from four before.
  const packed = Uint8Array.of(0x41, 3, 0xe4, 0xbb, 0x96, 0xe2, 0x80, 0x22)
  expect([...unpackPalmDoc(packed)]).toEqual([
    0x41, 0xe4, 0xbb, 0x96, 0x20, 0x62, 0xbb, 0x96, 0x20, 0x62, 0xbb,
  ])
  // A copy of what stands before the beginning.
  expect(unpackPalmDoc(Uint8Array.of(0xbf, 0xff)).length).toBe(10)
})

/** A code of eight bits a word: byte `b` is the word `words[b]`. */
function huffmanRecords(words: readonly (readonly [text: string, packed: boolean])[]): Buffer[] {
  const huff = Buffer.alloc(24 + 1024 + 256)
  huff.write('HUFF', 0, 'latin1')
  huff.writeUInt32BE(24, 8)
  huff.writeUInt32BE(24 + 1024, 12)
  for (let byte = 0; byte < 256; byte++) huff.writeUInt32BE(((byte * 2) << 8) | 0x80 | 8, 24 + byte * 4)
  const texts = words.map(([text, packed]) => {
    const bytes = Buffer.from(text, 'latin1')
    const head = Buffer.alloc(2)
    head.writeUInt16BE(bytes.length | (packed ? 0 : 0x8000))
    return Buffer.concat([head, bytes])
  })
  const table = Buffer.alloc(words.length * 2)
  let at = table.length
  for (const [index, text] of texts.entries()) {
    table.writeUInt16BE(at, index * 2)
    at += text.length
  }
  const head = Buffer.alloc(16)
  head.write('CDIC', 0, 'latin1')
  head.writeUInt32BE(16, 4)
  head.writeUInt32BE(words.length, 8)
  head.writeUInt32BE(8, 12)
  return [huff, Buffer.concat([head, table, ...texts])]
}

test('text that is packed by a Huffman code and a dictionary is unpacked, and no word is its own', () => {
  const unpack = huffmanUnpacker(
    huffmanRecords([
      ['the ', false],
      ['sea', false],
      ['\x00\x01', true],
    ]),
  )
  expect(Buffer.from(unpack(Uint8Array.of(2, 1, 0))).toString()).toBe('the seaseathe ')
  const circular = huffmanUnpacker(huffmanRecords([['\x00', true]]))
  expect(() => circular(Uint8Array.of(0))).toThrow('cannot be unpacked')
  expect(() => unpack(Uint8Array.of(200))).toThrow('cannot be unpacked')
})
