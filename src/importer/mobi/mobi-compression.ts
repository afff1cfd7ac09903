import { Failure } from '../../novel/failure.ts'
import { latin1, uint16, uint32 } from './palm-database.ts'

/** Unpacks the text of one record. */
export type Unpack = (record: Uint8Array) => Uint8Array

/** Bytes of a text record, unpacked: 4,096 by the format. */
const maxRecordBytes = 64 * 1024
/** Dictionary entries that are packed with other entries. */
const maxNesting = 32

function broken(): Failure {
  return new Failure('novel.damaged', { detail: 'a file in it cannot be unpacked' })
}

/** PalmDOC's compression: literals, a space with a letter, and copies of what stands up to 2,047 bytes before. */
export function unpackPalmDoc(record: Uint8Array): Uint8Array {
  const out = new Uint8Array(maxRecordBytes)
  let length = 0
  const put = (byte: number): void => {
    if (length >= maxRecordBytes) throw broken()
    out[length++] = byte
  }
  for (let at = 0; at < record.length; at++) {
    const byte = record[at]!
    if (byte === 0 || (byte > 8 && byte <= 0x7f)) put(byte)
    else if (byte <= 8) {
      for (let copy = 0; copy < byte; copy++) put(record[++at] ?? 0x20)
    } else if (byte <= 0xbf) {
      const pair = (byte << 8) | (record[++at] ?? 0)
      const distance = (pair & 0x3fff) >>> 3
      for (let copy = (pair & 7) + 3; copy > 0; copy--) put(out[length - distance] ?? 0x20)
    } else {
      put(0x20)
      put(byte ^ 0x80)
    }
  }
  return out.subarray(0, length)
}

/**
 * The unpacker of HUFF/CDIC, a Huffman code whose words are looked up in dictionaries; `records`: the HUFF record and the
 * CDIC records behind it. Throws `novel.damaged`, as the unpacker does.
 */
export function huffmanUnpacker(records: readonly Buffer[]): Unpack {
  const [huff, ...dictionaries] = records
  if (huff === undefined || latin1(huff, 0, 4) !== 'HUFF') throw broken()
  const shortCodes = Array.from({ length: 256 }, (_, byte) => uint32(huff, uint32(huff, 8) + byte * 4))
  const longCodes = Array.from({ length: 33 }, (_, bits) => {
    const at = uint32(huff, 12) + (bits - 1) * 8
    return bits === 0 ? { least: 0, most: 0 } : { least: uint32(huff, at), most: uint32(huff, at + 4) }
  })
  const words = dictionaries.flatMap((record, index) => dictionaryWords(record, index, dictionaries))
  const unpack = (packed: Uint8Array, depth: number): Uint8Array => {
    if (depth > maxNesting) throw broken()
    const parts: Uint8Array[] = []
    let length = 0
    const bitLength = packed.length * 8
    for (let bit = 0; bit < bitLength;) {
      const bits = bitsAt(packed, bit)
      const code = shortCodes[bits >>> 24]!
      let codeLength = code & 0x1f
      let most = code >>> 8
      if ((code & 0x80) === 0) {
        while (codeLength <= 32 && bits >>> (32 - codeLength) < longCodes[codeLength]!.least) codeLength++
        if (codeLength > 32) throw broken()
        most = longCodes[codeLength]!.most
      }
      if (codeLength === 0) throw broken()
      bit += codeLength
      if (bit > bitLength) break
      const word = words[most - (bits >>> (32 - codeLength))]
      if (word === undefined) throw broken()
      if (word.packed) {
        word.bytes = unpack(word.bytes, depth + 1)
        word.packed = false
      }
      parts.push(word.bytes)
      length += word.bytes.length
      if (length > maxRecordBytes) throw broken()
    }
    return Buffer.concat(parts)
  }
  return (record) => unpack(record, 0)
}

function dictionaryWords(
  record: Buffer,
  index: number,
  all: readonly Buffer[],
): { bytes: Uint8Array; packed: boolean }[] {
  if (latin1(record, 0, 4) !== 'CDIC') throw broken()
  const start = uint32(record, 4)
  const full = 2 ** Math.min(16, uint32(all[0]!, 12))
  const count = Math.min(full, Math.max(0, uint32(record, 8) - index * full))
  return Array.from({ length: Math.min(count, record.length >>> 1) }, (_, at) => {
    const offset = start + uint16(record, start + at * 2)
    const head = uint16(record, offset)
    return {
      bytes: record.subarray(offset + 2, offset + 2 + (head & 0x7fff)),
      packed: (head & 0x8000) === 0,
    }
  })
}

/** The 32 bits that begin at bit `from`. */
function bitsAt(bytes: Uint8Array, from: number): number {
  const at = from >>> 3
  const shift = from & 7
  const byte = (index: number): number => bytes[at + index] ?? 0
  const word = ((byte(0) << 24) | (byte(1) << 16) | (byte(2) << 8) | byte(3)) >>> 0
  return shift === 0 ? word : ((word << shift) | (byte(4) >>> (8 - shift))) >>> 0
}
