/** A file that is stored in a zip without compression. */
export interface StoredFile {
  readonly name: string
  readonly bytes: number
  readonly crc32: number
}

/** A range of a zip: headers (`own`), or bytes `[start, end)` of the file with index `file`. */
export type ZipPart =
  | { readonly own: Uint8Array }
  | { readonly file: number; readonly start: number; readonly end: number }

export interface StoredZip {
  /** Bytes of the whole. */
  readonly size: number
  /** In order, without gaps. */
  readonly parts: readonly ZipPart[]
}

/** In a field of 16 or 32 bits: the value is in a ZIP64 record (APPNOTE 4.3.9.2). */
const [zip64Marker16, zip64Marker32] = [0xffff, 0xffffffff]
/** Version needed to extract: 2.0 for stored files, 4.5 for ZIP64. */
const [plain, zip64] = [20, 45]
/** Names are UTF-8 (APPNOTE, appendix D). */
const flags = 0x0800

/**
 * Lays out a zip of uncompressed files without reading them (PKWARE's APPNOTE 6.3.10): its size is known in advance and
 * any range can be read. ZIP64 records are added beyond 4 GB or 65,535 files. `written`: modification time of each file.
 * Throws a `RangeError` for a file of 4 GB or more.
 */
export function layOutZip(files: readonly StoredFile[], written: Date): StoredZip {
  const parts: ZipPart[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const [index, file] of files.entries()) {
    const { name, bytes } = file
    if (bytes >= zip64Marker32)
      throw new RangeError(`${name} has ${bytes} bytes, and only 4 GB can be stored`)
    const header = Buffer.concat([
      u32(0x04034b50),
      u16(plain),
      commonFields(file, written),
      u16(0),
      Buffer.from(name),
    ])
    parts.push({ own: header }, { file: index, start: 0, end: bytes })
    entries.push(directoryEntry(file, written, at))
    at += header.length + bytes
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.concat([directory, endRecords(files.length, directory.length, at)])
  parts.push({ own: end })
  return { size: at + end.length, parts }
}

/** Size in bytes of the zip of such files, without laying it out. */
export function storedZipSize(files: readonly Pick<StoredFile, 'name' | 'bytes'>[]): number {
  const [localHeader, directoryHeader, farOffset, end, end64] = [30, 46, 12, 22, 56 + 20]
  let [at, directory] = [0, 0]
  for (const { name, bytes } of files) {
    const length = Buffer.byteLength(name)
    directory += directoryHeader + length + (at >= zip64Marker32 ? farOffset : 0)
    at += localHeader + length + bytes
  }
  const far = files.length >= zip64Marker16 || at >= zip64Marker32 || directory >= zip64Marker32
  return at + directory + (far ? end64 : 0) + end
}

/** The parts of the zip's byte range `[start, end)`. */
export function* zipRange(zip: StoredZip, start: number, end: number): Generator<ZipPart> {
  let at = 0
  for (const part of zip.parts) {
    const length = 'own' in part ? part.own.length : part.end
    const [from, to] = [Math.max(0, start - at), Math.min(length, end - at)]
    if (from < to)
      yield 'own' in part ? { own: part.own.subarray(from, to) } : { ...part, start: from, end: to }
    at += length
    if (at >= end) return
  }
}

/** The fields that a local header and a central directory header share, up to the length of the name. */
function commonFields({ name, bytes, crc32 }: StoredFile, written: Date): Buffer {
  const stored = 0
  return Buffer.concat([
    u16(flags),
    u16(stored),
    dosTime(written),
    u32(crc32),
    u32(bytes),
    u32(bytes),
    u16(Buffer.byteLength(name)),
  ])
}

function directoryEntry(file: StoredFile, written: Date, offset: number): Buffer {
  const far = offset >= zip64Marker32
  const extra = far ? Buffer.concat([u16(0x0001), u16(8), u64(offset)]) : Buffer.alloc(0)
  const byUnix = 3 << 8
  return Buffer.concat([
    u32(0x02014b50),
    u16(byUnix | zip64),
    u16(far ? zip64 : plain),
    commonFields(file, written),
    u16(extra.length),
    u16(0), // no comment
    u16(0), // on the first disk
    u16(0),
    u32(0o100644 * 0x10000), // regular file, mode 0644
    u32(Math.min(offset, zip64Marker32)),
    Buffer.from(file.name),
    extra,
  ])
}

function endRecords(files: number, directoryBytes: number, directoryAt: number): Buffer {
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(Math.min(files, zip64Marker16)),
    u16(Math.min(files, zip64Marker16)),
    u32(Math.min(directoryBytes, zip64Marker32)),
    u32(Math.min(directoryAt, zip64Marker32)),
    u16(0),
  ])
  if (files < zip64Marker16 && directoryAt < zip64Marker32 && directoryBytes < zip64Marker32) return end
  const end64 = Buffer.concat([
    u32(0x06064b50),
    u64(44), // bytes of this record that follow
    u16(zip64),
    u16(zip64),
    u32(0),
    u32(0),
    u64(files),
    u64(files),
    u64(directoryBytes),
    u64(directoryAt),
  ])
  const locator = Buffer.concat([u32(0x07064b50), u32(0), u64(directoryAt + directoryBytes), u32(1)])
  return Buffer.concat([end64, locator, end])
}

/** MS-DOS date and time: resolution 2 s, years 1980 to 2107. */
function dosTime(time: Date): Buffer {
  const [hours, minutes, seconds] = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()]
  const year = Math.min(Math.max(time.getUTCFullYear(), 1980), 2107) - 1980
  return Buffer.concat([
    u16((hours << 11) | (minutes << 5) | (seconds >> 1)),
    u16((year << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate()),
  ])
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
