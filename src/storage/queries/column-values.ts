import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import type { WordTime } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'

/** Hashes are hex in the program and 16 bytes in the database. */
export function hashToBytes(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex')
}

export function bytesToHash(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')
}

/**
 * What was stored as JSON. SQLite keeps no checksums: a part of a page that was overwritten is only noticed here. Throws
 * `storage.damaged`.
 */
export function parseStoredJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const details = { folder: 'the data folder', detail: 'a text in it is not what was written' }
    throw new Failure('storage.damaged', details, { cause })
  }
}

/** What a clip is made of, as it lies in its row. SQLite keeps no checksums: damaged, any column may hold anything. */
export interface ClipColumns {
  readonly frameSizes: Uint8Array
  readonly wordTimes: Uint8Array
  readonly checksum: number
  readonly adts: Uint8Array
}

/** The checksum of a row, NULL where it is none: `node:sqlite` throws at integers that no number can hold. */
export const checksumColumn = sql<number | null>`iif(checksum BETWEEN 0 AND 4294967295, checksum, NULL)`

const bytesPerFrameSize = 2
const bytesPerWord = 4 * 8

/** Whether the columns of a row are those that were put. */
export function isIntactClip<Row extends { readonly [Column in keyof ClipColumns]: unknown }>(
  row: Row,
): row is Row & ClipColumns {
  const { frameSizes, wordTimes, checksum, adts } = row
  return (
    isBytes(frameSizes, bytesPerFrameSize) &&
    isBytes(wordTimes, bytesPerWord) &&
    isBytes(adts, 1) &&
    clipChecksum(frameSizes, wordTimes, adts) === checksum
  )
}

function isBytes(column: unknown, multipleOf: number): column is Uint8Array {
  return column instanceof Uint8Array && column.length % multipleOf === 0
}

/** CRC-32 of all that a clip is made of. */
export function clipChecksum(frameSizes: Uint8Array, wordTimes: Uint8Array, adts: Uint8Array): number {
  return crc32(adts, crc32(wordTimes, crc32(frameSizes)))
}

/** `undefined` where the column holds no frame sizes. */
export function readFrameSizes(column: unknown): Uint16Array | undefined {
  return isBytes(column, bytesPerFrameSize) ? new Uint16Array(copyOf(column)) : undefined
}

/** `undefined` where the column holds no times. */
export function readWordTimes(column: unknown): WordTime[] | undefined {
  if (!isBytes(column, bytesPerWord)) return undefined
  const numbers = new Float64Array(copyOf(column))
  const words: WordTime[] = []
  for (let at = 0; at + 3 < numbers.length; at += 4) {
    const [start = 0, end = 0, from = 0, to = 0] = numbers.subarray(at, at + 4)
    words.push({ start, end, from, to })
  }
  return words
}

/** A column's bytes may begin at any address; typed arrays want theirs aligned. */
function copyOf(column: Uint8Array): ArrayBuffer {
  return new Uint8Array(column).buffer
}
