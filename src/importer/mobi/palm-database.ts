import { Failure } from '../../novel/failure.ts'

/** The records of a Palm database, the container of MOBI and AZW3 files. */
export class PalmDatabase {
  readonly #bytes: Buffer
  readonly #starts: readonly number[]

  /** Throws `novel.damaged` if the list of records is cut off. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    const count = bytes.length >= 78 ? bytes.readUInt16BE(76) : 0
    if (count === 0 || 78 + count * 8 > bytes.length)
      throw new Failure('novel.damaged', { detail: 'its table of files is broken' })
    this.#starts = Array.from({ length: count }, (_, index) => bytes.readUInt32BE(78 + index * 8))
  }

  get count(): number {
    return this.#starts.length
  }

  /** Throws `novel.damaged` if there is no such record, or it lies outside of the file. */
  record(index: number): Buffer {
    const start = this.#starts[index]
    const end = this.#starts[index + 1] ?? this.#bytes.length
    if (start === undefined || end < start || end > this.#bytes.length)
      throw new Failure('novel.damaged', { detail: 'its end is missing' })
    return this.#bytes.subarray(start, end)
  }

  /** Where the record begins in the file. */
  startOf(index: number): number {
    return this.#starts[index] ?? this.#bytes.length
  }
}

/** The number at `offset`; 0 behind the end of the record. */
export function uint32(record: Buffer, offset: number): number {
  return offset + 4 <= record.length ? record.readUInt32BE(offset) : 0
}

/** The number at `offset`; 0 behind the end of the record. */
export function uint16(record: Buffer, offset: number): number {
  return offset + 2 <= record.length ? record.readUInt16BE(offset) : 0
}

export function latin1(record: Buffer, start: number, end: number): string {
  return record.toString('latin1', start, end)
}
