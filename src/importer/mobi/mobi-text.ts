import { Failure } from '../../novel/failure.ts'
import { huffmanUnpacker, type Unpack, unpackPalmDoc } from './mobi-compression.ts'
import type { MobiHeaders } from './mobi-headers.ts'
import type { PalmDatabase } from './palm-database.ts'

/** The longest novels have 80 MB. */
const maxText = 128 * 1024 * 1024

/** The whole text of a book with its markup. Throws `novel.damaged`, `novel.unreadable` and `novel.hostile`. */
export function readMobiText(database: PalmDatabase, headers: MobiHeaders): Buffer {
  const unpack = unpackerOf(database, headers)
  const parts: Uint8Array[] = []
  let length = 0
  for (let index = 1; index <= headers.textRecords; index++) {
    const part = unpack(withoutTrailing(database.record(headers.base + index), headers.trailingFlags))
    length += part.length
    if (length > maxText)
      throw new Failure('novel.hostile', { detail: `it holds more than ${maxText / 1024 / 1024} MB of text` })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function unpackerOf(database: PalmDatabase, { base, compression, huffman }: MobiHeaders): Unpack {
  if (compression === 1) return (record) => record
  if (compression === 2) return unpackPalmDoc
  if (compression !== 17_480 || huffman.count > database.count)
    throw new Failure('novel.damaged', { detail: 'a file in it cannot be unpacked' })
  return huffmanUnpacker(
    Array.from({ length: huffman.count }, (_, index) => database.record(base + huffman.record + index)),
  )
}

/** Behind the text of a record stand entries, each with its length at its end, and the rest of a cut character. */
function withoutTrailing(record: Buffer, flags: number): Buffer {
  let text = record
  for (let bits = flags >>> 1; bits > 0; bits >>>= 1)
    if ((bits & 1) === 1) text = text.subarray(0, Math.max(0, text.length - lengthAtEnd(text)))
  if ((flags & 1) === 1) text = text.subarray(0, Math.max(0, text.length - ((text.at(-1) ?? 0) & 3) - 1))
  return text
}

/** A number of seven bits a byte, whose first byte has its highest bit set. */
function lengthAtEnd(record: Buffer): number {
  let value = 0
  for (const byte of record.subarray(-4)) {
    if ((byte & 0x80) !== 0) value = 0
    value = (value << 7) | (byte & 0x7f)
  }
  return value
}
