import { crc32 } from 'node:zlib'
import { sql } from 'kysely'
import type { WordTime } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'

/** Hex, as in the program, to bytes, as in the database. */
export function hashToBytes(hash: string): Uint8Array {
  return Buffer.from(hash, 'hex')
}

/** Bytes, as in the database, to hex, as in the program. */
export function bytesToHash(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('hex')
}

/**
 * Parses a JSON column. SQLite keeps no checksums, so an overwritten part of a page is only noticed here. Throws
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

/** A clip's columns as stored. SQLite keeps no checksums: in a damaged row any column may have any value. */
export interface ClipColumns {
  readonly frames: number
  readonly frameSizes: Uint8Array
  readonly wordTimes: Uint8Array
  readonly checksum: number
  readonly adts: Uint8Array
}

/** A row's checksum; NULL if it is no uint32, because `node:sqlite` throws at integers beyond the safe ones. */
export const checksumColumn = sql<number | null>`
  CASE WHEN checksum BETWEEN 0 AND 4294967295 THEN checksum END`

/** A row's number of frames; NULL if it is none that a clip can have. Whether there is a row is told by its `id`. */
export const framesColumn = sql<number | null>`CASE WHEN frames BETWEEN 0 AND 4294967295 THEN frames END`

const bytesPerFrameSize = 2
const bytesPerWord = 4 * 8

/** Whether a row's columns have the right types, match its checksum, and have its number of frames. */
export function isIntactClip<Row extends { readonly [Column in keyof ClipColumns]: unknown }>(
  row: Row,
): row is Row & ClipColumns {
  const { frames, frameSizes, wordTimes, checksum, adts } = row
  return (
    isBytes(frameSizes, bytesPerFrameSize) &&
    frameSizes.length / bytesPerFrameSize === frames &&
    isBytes(wordTimes, bytesPerWord) &&
    isBytes(adts, 1) &&
    clipChecksum(frameSizes, wordTimes, adts) === checksum
  )
}

function isBytes(column: unknown, multipleOf: number): column is Uint8Array {
  return column instanceof Uint8Array && column.length % multipleOf === 0
}

/** CRC-32 of `frameSizes`, `wordTimes` and `adts`, in this order. */
export function clipChecksum(frameSizes: Uint8Array, wordTimes: Uint8Array, adts: Uint8Array): number {
  return crc32(adts, crc32(wordTimes, crc32(frameSizes)))
}

/** The sizes of a row's frames; `undefined` if they are no array of uint16 with one for each frame. */
export function readFrameSizes(row: {
  readonly frames: unknown
  readonly frameSizes: unknown
}): Uint16Array | undefined {
  const { frames, frameSizes } = row
  if (!isBytes(frameSizes, bytesPerFrameSize)) return undefined
  const sizes = new Uint16Array(copyOf(frameSizes))
  return sizes.length === frames ? sizes : undefined
}

/** `undefined` if the column is not an array of four float64 per word. */
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

/** Copies a column's bytes: they may start at any address, and typed arrays need an aligned one. */
function copyOf(column: Uint8Array): ArrayBuffer {
  return new Uint8Array(column).buffer
}
