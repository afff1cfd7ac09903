import { crc32 } from 'node:zlib'

/** A file of a zip. */
export interface ZipEntry {
  readonly name: string
  /** Uncompressed bytes. */
  readonly size: number
  /** 0: stored, 8: deflated; stored if left out. */
  readonly method?: 0 | 8
  /** Bytes in the zip, if it is deflated. */
  readonly packedSize?: number
  /** CRC-32 of the uncompressed bytes. If left out, the entry is stored, and its checksum follows it in a data descriptor. */
  readonly crc?: number
  /** The packed bytes `[start, end)`: never an empty range, but for an empty entry without a checksum. */
  read(start: number, end: number): Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

type EntryHead = Omit<ZipEntry, 'read'>

/** A computed zip; nothing is written to disk. */
export interface ZipFile {
  /** Bytes. */
  readonly size: number
  /**
   * Yields the bytes `[start, end)`, by default all. Entries without a checksum are read as a whole, also those before the
   * range. Throws what the entries throw, and an `Error` if one does not have its declared size.
   */
  read(start?: number, end?: number): AsyncGenerator<Uint8Array>
}

/** The largest values of 32 and 16 bits; in a field they refer to the ZIP64 record (APPNOTE 4.3.9.2). */
const max32 = 0xffffffff
const max16 = 0xffff

/** The earliest time of a zip, for those whose bytes depend on nothing but the entries. */
const earliest = new Date('1980-01-01T00:00:00Z')

/**
 * Lays out a zip (PKWARE's APPNOTE 6.3.10) in the order of the entries, with ZIP64 fields where sizes, offsets or their
 * number need it. `written`: modification time of each entry.
 */
export function layOutZip(entries: readonly ZipEntry[], written = earliest): ZipFile {
  const size = zipSize(entries)
  return {
    size,
    async *read(start = 0, end = size) {
      const sums = new Map<ZipEntry, number>()
      let at = 0
      /** The bytes, which follow at `at`, as far as they are in the range. */
      const inRange = (bytes: Uint8Array): Uint8Array[] => {
        const [from, to] = [Math.max(0, start - at), Math.min(bytes.length, end - at)]
        at += bytes.length
        return from < to ? [bytes.subarray(from, to)] : []
      }
      for (const entry of entries) {
        yield* inRange(localHeader(entry, written))
        if (entry.crc === undefined) {
          let sum = 0
          for await (const chunk of wholeRange(entry, 0, entry.size)) {
            sum = crc32(chunk, sum)
            yield* inRange(chunk)
          }
          sums.set(entry, sum)
          yield* inRange(dataDescriptor(entry, sum))
        } else {
          const length = packedSize(entry)
          const [from, to] = [Math.max(0, start - at), Math.min(length, end - at)]
          if (from < to) yield* wholeRange(entry, from, to)
          at += length
        }
        if (at >= end) return
      }
      yield* inRange(centralDirectory(entries, sums, written))
    },
  }
}

/** Size in bytes of the zip of such entries, without laying it out. */
export function zipSize(entries: readonly EntryHead[]): number {
  let [offset, directory] = [0, 0]
  for (const entry of entries) {
    const name = Buffer.byteLength(entry.name)
    directory += 46 + name + zip64Length((isLarge(entry) ? 2 : 0) + (offset >= max32 ? 1 : 0))
    offset += offsetAfter(entry)
  }
  return offset + directory + (needsEnd64(entries.length, offset, directory) ? 56 + 20 : 0) + 22
}

/** Bytes of an entry up to the next one's header. */
function offsetAfter(entry: EntryHead): number {
  const large = isLarge(entry)
  const descriptor = entry.crc === undefined ? (large ? 24 : 16) : 0
  const header = 30 + Buffer.byteLength(entry.name) + zip64Length(large ? 2 : 0)
  return header + packedSize(entry) + descriptor
}

async function* wholeRange(entry: ZipEntry, start: number, end: number): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of entry.read(start, end)) {
    length += chunk.length
    yield chunk
  }
  if (length !== end - start)
    throw new Error(`${entry.name} has ${length} bytes instead of ${end - start} from ${start}`)
}

function packedSize({ size, packedSize: packed = size }: EntryHead): number {
  return packed
}

/** 4.4.4: bit 3: sizes and checksum follow the data; bit 11: the name is UTF-8. */
function flags({ name, crc }: EntryHead): number {
  return (crc === undefined ? 1 << 3 : 0) | (/^[\x20-\x7e]*$/.test(name) ? 0 : 1 << 11)
}

/** Whether its sizes need ZIP64. */
function isLarge(entry: EntryHead): boolean {
  return entry.size >= max32 || packedSize(entry) >= max32
}

function needsEnd64(count: number, directoryAt: number, directoryBytes: number): boolean {
  return directoryAt + directoryBytes >= max32 || count >= max16
}

/** 4.3.7. */
function localHeader(entry: EntryHead, written: Date): Uint8Array {
  const name = Buffer.from(entry.name)
  const large = isLarge(entry)
  const sizes = entry.crc === undefined ? [0, 0] : [entry.size, packedSize(entry)]
  const [size = 0, packed = 0] = large ? [max32, max32] : sizes
  const extra = large ? zip64(sizes) : noBytes
  return Buffer.concat([
    littleEndianFields(
      [4, 0x04034b50],
      [2, large ? 45 : 20],
      [2, flags(entry)],
      [2, entry.method ?? 0],
      [4, dosTime(written)],
      [4, entry.crc ?? 0],
      [4, packed],
      [4, size],
      [2, name.length],
      [2, extra.length],
    ),
    name,
    extra,
  ])
}

/** 4.3.9. */
function dataDescriptor(entry: EntryHead, sum: number): Uint8Array {
  const width = isLarge(entry) ? 8 : 4
  return littleEndianFields([4, 0x08074b50], [4, sum], [width, entry.size], [width, entry.size])
}

/** 4.3.12 to 4.3.16: the central directory and its end records. */
function centralDirectory(
  entries: readonly ZipEntry[],
  sums: ReadonlyMap<ZipEntry, number>,
  written: Date,
): Uint8Array {
  let start = 0
  const headers = entries.map((entry) => {
    const offset = start
    start += offsetAfter(entry)
    return centralDirectoryHeader(entry, offset, entry.crc ?? sums.get(entry) ?? 0, written)
  })
  const length = headers.reduce((sum, header) => sum + header.length, 0)
  const count = entries.length
  const large = needsEnd64(count, start, length)
  const end64 = large
    ? [
        littleEndianFields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0]),
        littleEndianFields([8, count], [8, count], [8, length], [8, start]),
        littleEndianFields([4, 0x07064b50], [4, 0], [8, start + length], [4, 1]),
      ]
    : []
  const end = littleEndianFields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, large ? max16 : count],
    [2, large ? max16 : count],
    [4, large ? max32 : length],
    [4, large ? max32 : start],
    [2, 0],
  )
  return Buffer.concat([...headers, ...end64, end])
}

/** A regular file of mode 0644, made on Unix by version 4.5. */
const [madeBy, externalAttributes] = [(3 << 8) | 45, 0o100644 * 0x10000]

function centralDirectoryHeader(entry: EntryHead, offset: number, crc: number, written: Date): Uint8Array {
  const name = Buffer.from(entry.name)
  const largeSize = isLarge(entry)
  const largeOffset = offset >= max32
  const extra =
    largeSize || largeOffset
      ? zip64([...(largeSize ? [entry.size, packedSize(entry)] : []), ...(largeOffset ? [offset] : [])])
      : noBytes
  return Buffer.concat([
    littleEndianFields(
      [4, 0x02014b50],
      [2, madeBy],
      [2, extra.length > 0 ? 45 : 20],
      [2, flags(entry)],
      [2, entry.method ?? 0],
      [4, dosTime(written)],
      [4, crc],
      [4, largeSize ? max32 : packedSize(entry)],
      [4, largeSize ? max32 : entry.size],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, externalAttributes],
      [4, largeOffset ? max32 : offset],
    ),
    name,
    extra,
  ])
}

/** 4.5.3. */
function zip64(values: readonly number[]): Uint8Array {
  return littleEndianFields([2, 1], [2, values.length * 8], ...values.map((value) => [8, value] as const))
}

function zip64Length(count: number): number {
  return count === 0 ? 0 : 4 + count * 8
}

/** MS-DOS date and time (4.4.6): resolution 2 s, years 1980 to 2107. */
function dosTime(time: Date): number {
  const year = Math.min(Math.max(time.getUTCFullYear(), 1980), 2107) - 1980
  const date = (year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()
  const clock = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1)
  return date * 0x10000 + clock
}

const noBytes = new Uint8Array(0)

/** Little-endian numbers, each given as `[bytes, value]`. */
function littleEndianFields(...numbers: readonly (readonly [2 | 4 | 8, number])[]): Uint8Array {
  const bytes = Buffer.alloc(numbers.reduce((sum, [width]) => sum + width, 0))
  let at = 0
  for (const [width, value] of numbers) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, width)
    at += width
  }
  return bytes
}
