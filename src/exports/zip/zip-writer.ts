import { createReadStream } from 'node:fs'
import { crc32 } from 'node:zlib'

/** A file of a zip. What is streamed is stored, and its checksum is told after it; all else is known before. */
export type ZipEntry = { readonly name: string } & (
  | (EntryHeader & { readonly bytes: Uint8Array })
  | (EntryHeader & { readonly file: string; readonly start: number; readonly packedSize: number })
  | { readonly size: number; readonly stream: () => AsyncIterable<Uint8Array> }
)

interface EntryHeader {
  /** 0: stored, 8: deflated. */
  readonly method: 0 | 8
  readonly crc: number
  /** Bytes unpacked. */
  readonly size: number
}

/** A zip that nobody has written. */
export interface ZipFile {
  /** Bytes of the whole. */
  readonly size: number
  /** All its bytes, a piece at a time. Throws what its streams throw, and an `Error` if one is not as long as it was said. */
  read(): AsyncGenerator<Uint8Array>
}

/** What 32 bits can tell; one more means: look into the ZIP64 field. */
const max32 = 0xffffffff
const max16 = 0xffff

/** Midnight of 1 January 1980, the first moment that a zip can tell: the same entries are the same bytes. */
const dosTime = 0
const dosDate = 0x21

/** Lays a zip out (APPNOTE.TXT 6.3.10), in the order of the entries, ZIP64 where sizes or offsets need it. */
export function layOutZip(entries: readonly ZipEntry[]): ZipFile {
  const laid: PlacedEntry[] = []
  let offset = 0
  for (const entry of entries) {
    const one = { entry, offset }
    laid.push(one)
    offset += localHeader(entry).length + packedSize(entry) + dataDescriptor(entry, 0).length
  }
  // Checksums do not change how long the directory is.
  const size = offset + centralDirectory(laid, new Map(), offset).length
  return {
    size,
    async *read() {
      const sums = new Map<ZipEntry, number>()
      for (const { entry } of laid) {
        yield localHeader(entry)
        if ('bytes' in entry) yield entry.bytes
        else if ('file' in entry) yield* readFileRange(entry)
        else {
          const sum = yield* streamWithChecksum(entry)
          sums.set(entry, sum)
          yield dataDescriptor(entry, sum)
        }
      }
      yield centralDirectory(laid, sums, offset)
    },
  }
}

interface PlacedEntry {
  readonly entry: ZipEntry
  /** Where its local header begins. */
  readonly offset: number
}

async function* readFileRange({
  file,
  start,
  packedSize: length,
}: Extract<ZipEntry, { file: string }>): AsyncGenerator<Uint8Array> {
  if (length === 0) return
  let left = length
  for await (const piece of createReadStream(file, { start, end: start + length - 1 })) {
    left -= (piece as Uint8Array).length
    yield piece as Uint8Array
  }
  if (left !== 0) throw new Error(`${file} lacks ${left} bytes of what was in it`)
}

async function* streamWithChecksum({
  name,
  size,
  stream,
}: Extract<ZipEntry, { stream: unknown }>): AsyncGenerator<Uint8Array, number> {
  let [sum, length] = [0, 0]
  for await (const piece of stream()) {
    sum = crc32(piece, sum)
    length += piece.length
    yield piece
  }
  if (length !== size) throw new Error(`${name} has ${length} bytes and was said to have ${size}`)
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

/** Whether 32 bits do not tell its size. */
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

/** 4.3.9: only after what was streamed. */
function dataDescriptor(entry: ZipEntry, sum: number): Uint8Array {
  if (!('stream' in entry)) return noBytes
  const width = isLarge(entry) ? 8 : 4
  return littleEndianFields([4, 0x08074b50], [4, sum], [width, entry.size], [width, entry.size])
}

/** 4.3.12 to 4.3.16: the directory, and the records of its end. */
function centralDirectory(
  laid: readonly PlacedEntry[],
  sums: ReadonlyMap<ZipEntry, number>,
  start: number,
): Uint8Array {
  const headers = laid.map(({ entry, offset }) => centralDirectoryHeader(entry, offset, sums.get(entry) ?? 0))
  const length = headers.reduce((sum, header) => sum + header.length, 0)
  const count = laid.length
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

/** Numbers one after the other, each `[bytes, value]`, little-endian. */
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
