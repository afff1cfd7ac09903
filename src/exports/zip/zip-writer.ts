import { createReadStream } from 'node:fs'
import { crc32 } from 'node:zlib'

/** A file of a zip. A streamed file is stored uncompressed, with its checksum in a data descriptor after it. */
export type ZipEntry = { readonly name: string } & (
  | (EntryHeader & { readonly bytes: Uint8Array })
  | (EntryHeader & { readonly file: string; readonly start: number; readonly packedSize: number })
  | { readonly size: number; readonly stream: () => AsyncIterable<Uint8Array> }
)

interface EntryHeader {
  /** 0: stored, 8: deflated. */
  readonly method: 0 | 8
  readonly crc: number
  /** Uncompressed bytes. */
  readonly size: number
}

/** A computed zip; nothing is written to disk. */
export interface ZipFile {
  /** Bytes. */
  readonly size: number
  /** Yields the whole zip. Throws what its streams throw, and an `Error` if one does not have its declared size. */
  read(): AsyncGenerator<Uint8Array>
}

/** The largest values of 32 and 16 bits; in a field they refer to the ZIP64 record. */
const max32 = 0xffffffff
const max16 = 0xffff

/** 1980-01-01 00:00, the earliest time of a zip; constant, so that the same entries give the same bytes. */
const dosTime = 0
const dosDate = 0x21

/** Lays out a zip (APPNOTE.TXT 6.3.10) in the order of the entries, with ZIP64 fields where sizes or offsets need it. */
export function layOutZip(entries: readonly ZipEntry[]): ZipFile {
  const placed: PlacedEntry[] = []
  let offset = 0
  for (const entry of entries) {
    const one = { entry, offset }
    placed.push(one)
    offset += localHeader(entry).length + packedSize(entry) + dataDescriptor(entry, 0).length
  }
  // The length of the directory does not depend on the checksums.
  const size = offset + centralDirectory(placed, new Map(), offset).length
  return {
    size,
    async *read() {
      const sums = new Map<ZipEntry, number>()
      for (const { entry } of placed) {
        yield localHeader(entry)
        if ('bytes' in entry) yield entry.bytes
        else if ('file' in entry) yield* readFileRange(entry)
        else {
          const sum = yield* streamWithChecksum(entry)
          sums.set(entry, sum)
          yield dataDescriptor(entry, sum)
        }
      }
      yield centralDirectory(placed, sums, offset)
    },
  }
}

interface PlacedEntry {
  readonly entry: ZipEntry
  /** Offset of its local header. */
  readonly offset: number
}

async function* readFileRange({
  file,
  start,
  packedSize: length,
}: Extract<ZipEntry, { file: string }>): AsyncGenerator<Uint8Array> {
  if (length === 0) return
  let left = length
  for await (const chunk of createReadStream(file, { start, end: start + length - 1 })) {
    left -= (chunk as Uint8Array).length
    yield chunk as Uint8Array
  }
  if (left !== 0) throw new Error(`${file} lacks ${left} bytes`)
}

async function* streamWithChecksum({
  name,
  size,
  stream,
}: Extract<ZipEntry, { stream: unknown }>): AsyncGenerator<Uint8Array, number> {
  let [sum, length] = [0, 0]
  for await (const chunk of stream()) {
    sum = crc32(chunk, sum)
    length += chunk.length
    yield chunk
  }
  if (length !== size) throw new Error(`${name} has ${length} bytes instead of ${size}`)
  return sum
}

function packedSize(entry: ZipEntry): number {
  if ('bytes' in entry) return entry.bytes.length
  return 'file' in entry ? entry.packedSize : entry.size
}

/** 4.4.4: bit 3: sizes and checksum follow the data; bit 11: the name is UTF-8. */
function flags(entry: ZipEntry): number {
  return ('stream' in entry ? 1 << 3 : 0) | (/^[\x20-\x7e]*$/.test(entry.name) ? 0 : 1 << 11)
}

/** Whether its size needs ZIP64. */
function isLarge(entry: ZipEntry): boolean {
  return entry.size >= max32 || packedSize(entry) >= max32
}

/** 4.3.7. */
function localHeader(entry: ZipEntry): Uint8Array {
  const name = Buffer.from(entry.name)
  const large = isLarge(entry)
  const sizes = 'stream' in entry ? [0, 0] : [entry.size, packedSize(entry)]
  const [size = 0, packed = 0] = large ? [max32, max32] : sizes
  const extra = large ? zip64(sizes) : noBytes
  return Buffer.concat([
    littleEndianFields(
      [4, 0x04034b50],
      [2, large ? 45 : 20],
      [2, flags(entry)],
      [2, 'method' in entry ? entry.method : 0],
      [2, dosTime],
      [2, dosDate],
      [4, 'crc' in entry ? entry.crc : 0],
      [4, packed],
      [4, size],
      [2, name.length],
      [2, extra.length],
    ),
    name,
    extra,
  ])
}

/** 4.3.9: only after a streamed file. */
function dataDescriptor(entry: ZipEntry, sum: number): Uint8Array {
  if (!('stream' in entry)) return noBytes
  const width = isLarge(entry) ? 8 : 4
  return littleEndianFields([4, 0x08074b50], [4, sum], [width, entry.size], [width, entry.size])
}

/** 4.3.12 to 4.3.16: the central directory and its end records. */
function centralDirectory(
  placed: readonly PlacedEntry[],
  sums: ReadonlyMap<ZipEntry, number>,
  start: number,
): Uint8Array {
  const headers = placed.map(({ entry, offset }) =>
    centralDirectoryHeader(entry, offset, sums.get(entry) ?? 0),
  )
  const length = headers.reduce((sum, header) => sum + header.length, 0)
  const count = placed.length
  const large = start + length >= max32 || count >= max16
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

function centralDirectoryHeader(entry: ZipEntry, offset: number, sum: number): Uint8Array {
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
      [2, 45],
      [2, extra.length > 0 ? 45 : 20],
      [2, flags(entry)],
      [2, 'method' in entry ? entry.method : 0],
      [2, dosTime],
      [2, dosDate],
      [4, 'crc' in entry ? entry.crc : sum],
      [4, largeSize ? max32 : packedSize(entry)],
      [4, largeSize ? max32 : entry.size],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
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
