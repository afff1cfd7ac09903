import { Failure } from '../../novel/failure.ts'
import { latin1, type PalmDatabase, uint16, uint32 } from './palm-database.ts'

/** An entry of an index: its name, and numbers by tag. */
interface IndexEntry {
  readonly name: string
  readonly tags: ReadonlyMap<number, readonly number[]>
}

export interface MobiIndex {
  readonly entries: readonly IndexEntry[]
  /** Texts that the entries name by their place. */
  readonly texts: ReadonlyMap<number, string>
}

const maxEntries = 1_000_000
/** Numbers of one tag of an entry. */
const maxValues = 1_000
/** Numbers of all entries: a real one has some ten. */
const maxNumbers = 20_000_000

interface Tag {
  readonly tag: number
  readonly values: number
  readonly mask: number
  readonly ends: boolean
}

/** Reads the index (INDX, TAGX, CNCX) that begins with record `first`. Throws `novel.damaged` and `novel.hostile`. */
export function readMobiIndex(database: PalmDatabase, first: number): MobiIndex {
  const main = indexRecord(database, first)
  const records = uint32(main, 24)
  const textRecords = uint32(main, 52)
  if (records + textRecords > database.count) throw broken()
  const decoder = new TextDecoder(uint32(main, 28) === 65_001 ? 'utf-8' : 'windows-1252')
  const { tags, controlBytes } = tagTable(main)
  const entries: IndexEntry[] = []
  let numbers = 0
  for (let number = 1; number <= records; number++) {
    const record = indexRecord(database, first + number)
    const offsets = uint32(record, 20)
    const count = Math.min(uint32(record, 24), record.length)
    if (entries.length + count > maxEntries)
      throw new Failure('novel.hostile', { detail: `it holds more than ${maxEntries} files` })
    for (let entry = 0; entry < count; entry++) {
      const at = uint16(record, offsets + 4 + 2 * entry)
      const nameLength = record[at] ?? 0
      const start = at + 1 + nameLength
      const found = readTags(record, start, tags, controlBytes)
      entries.push({ name: latin1(record, at + 1, start), tags: found })
      numbers += tags.length
      for (const values of found.values()) numbers += values.length
      if (numbers > maxNumbers)
        throw new Failure('novel.hostile', { detail: `it holds more than ${maxEntries} files` })
    }
  }
  const texts = new Map<number, string>()
  for (let number = 0; number < textRecords; number++) {
    const record = database.record(first + records + 1 + number)
    for (let at = 0; at < record.length;) {
      const { value, length } = numberAt(record, at)
      if (length === 0) break
      texts.set(number * 0x10000 + at, decoder.decode(record.subarray(at + length, at + length + value)))
      at += length + value
    }
  }
  return { entries, texts }
}

function broken(): Failure {
  return new Failure('novel.damaged', { detail: 'its table of files is broken' })
}

function indexRecord(database: PalmDatabase, index: number): Buffer {
  const record = database.record(index)
  if (latin1(record, 0, 4) !== 'INDX') throw broken()
  return record
}

function tagTable(main: Buffer): { readonly tags: readonly Tag[]; readonly controlBytes: number } {
  const start = uint32(main, 4)
  if (latin1(main, start, start + 4) !== 'TAGX') throw broken()
  const count = Math.max(0, Math.min((uint32(main, start + 4) - 12) >>> 2, main.length >>> 2))
  const tags = Array.from({ length: count }, (_, index): Tag => {
    const at = start + 12 + index * 4
    return {
      tag: main[at] ?? 0,
      values: main[at + 1] ?? 0,
      mask: main[at + 2] ?? 0,
      ends: ((main[at + 3] ?? 0) & 1) === 1,
    }
  })
  return { tags, controlBytes: uint32(main, start + 8) }
}

/** A number of seven bits a byte, whose last byte has its highest bit set; its length is 0 behind the end. */
function numberAt(record: Buffer, at: number): { readonly value: number; readonly length: number } {
  let value = 0
  let length = 0
  for (const byte of record.subarray(at, at + 4)) {
    value = (value << 7) | (byte & 0x7f)
    length++
    if ((byte & 0x80) !== 0) break
  }
  return { value, length }
}

function readTags(
  record: Buffer,
  start: number,
  tags: readonly Tag[],
  controlBytes: number,
): ReadonlyMap<number, readonly number[]> {
  let control = start
  let at = start + controlBytes
  const next = (): number => {
    const { value, length } = numberAt(record, at)
    at += length
    return value
  }
  /** Of each tag that the entry has, how many values follow, or in how many bytes. */
  const present: { tag: number; count: number | undefined; bytes: number }[] = []
  for (const { tag, values, mask, ends } of tags) {
    if (ends) {
      control++
      continue
    }
    const value = (record[control] ?? 0) & mask
    const severalBits = (mask & (mask - 1)) !== 0
    if (value === mask && severalBits) present.push({ tag, count: undefined, bytes: next() })
    else if (mask !== 0) present.push({ tag, count: (value / (mask & -mask)) * values, bytes: 0 })
  }
  const found = new Map<number, readonly number[]>()
  for (const { tag, count, bytes } of present) {
    const numbers: number[] = []
    const end = at + bytes
    while (
      numbers.length < maxValues &&
      at < record.length &&
      (count === undefined ? at < end : numbers.length < count)
    )
      numbers.push(next())
    if (numbers.length > 0) found.set(tag, numbers)
  }
  return found
}
