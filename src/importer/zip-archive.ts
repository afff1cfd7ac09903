import { open, type FileHandle } from 'node:fs/promises'
import { constants, crc32, createInflateRaw, inflateRawSync } from 'node:zlib'
import { fromFdPromise, type Entry, type ZipFile } from 'yauzl'
import { Failure } from '../novel/failure.ts'

const mebibyte = 1024 * 1024

/** Limits that every real book stays below; 199 test books and 11 MB novels of 2,000 files passed. */
const zipLimits = {
  entries: 20_000,
  entryBytes: 64 * mebibyte,
  totalBytes: 1024 * mebibyte,
  /** Inflated over packed size, for entries that inflate to more than `ratioFrom` bytes. */
  ratio: 200,
  ratioFrom: mebibyte,
  /** The same ratio over all entries read; text packs to a third, the most regular markup to a thirtieth. */
  totalRatio: 100,
  totalRatioFrom: 8 * mebibyte,
} as const

/** An entry as stored in the zip: its packed bytes are `[start, start + packedSize)` of the file. */
export interface PackedEntry {
  readonly start: number
  readonly packedSize: number
  /** Bytes after inflation. */
  readonly size: number
  /** 0: stored, 8: deflated. */
  readonly method: 0 | 8
  readonly crc: number
}

/** An open zip file. Finds entries by path and counts inflated bytes against the limits. */
export class ZipArchive {
  readonly #file: FileHandle
  readonly #zip: ZipFile
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #byLowerCase: ReadonlyMap<string, Entry>
  #inflated = 0
  #packed = 0

  private constructor(file: FileHandle, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#file = file
    this.#zip = zip
    this.#entries = entries
    this.#byLowerCase = new Map([...entries].map(([name, entry]) => [name.toLowerCase(), entry]))
  }

  /**
   * Opens the zip and reads its central directory. Throws `novel.damaged` for a truncated or broken directory,
   * `novel.encrypted`, and `novel.hostile` for too many entries and for names that point outside the archive.
   */
  static async open(path: string): Promise<ZipArchive> {
    const file = await open(path)
    try {
      const zip = await fromFdPromise(file.fd, { lazyEntries: true, autoClose: false })
      if (zip.entryCount > zipLimits.entries)
        throw new Failure('novel.hostile', { detail: `it holds more than ${zipLimits.entries} files` })
      const entries = new Map<string, Entry>()
      for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry)
      return new ZipArchive(file, zip, entries)
    } catch (error) {
      await file.close()
      throw tableFailure(error)
    }
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined
  }

  /**
   * Reads one entry; `undefined` if there is none of that name (case matters only if both spellings exist). Throws
   * `novel.hostile` beyond the limits or `most` bytes, `novel.damaged` and `novel.encrypted`.
   */
  async read(name: string, most: number = zipLimits.entryBytes): Promise<Uint8Array | undefined> {
    const entry = this.#find(name)
    if (entry === undefined) return undefined
    if (entry.isEncrypted()) throw new Failure('novel.encrypted')
    const limit = this.#limitFor(entry, most)
    const bytes = inflateEntry(entry, await this.#packedBytes(entry), limit, most)
    this.#inflated += bytes.length
    if (this.#inflated > zipLimits.totalBytes)
      throw new Failure('novel.hostile', { detail: 'it unpacks to more than 1 GB' })
    this.#packed += entry.compressedSize
    if (this.#inflated > zipLimits.totalRatioFrom && this.#inflated > this.#packed * zipLimits.totalRatio)
      throw new Failure('novel.hostile', {
        detail: `it unpacks to more than ${zipLimits.totalRatio} times its size`,
      })
    if (crc32(bytes) !== entry.crc32)
      throw new Failure('novel.damaged', {
        detail: `${entry.fileName} in it has changed since it was packed`,
      })
    return bytes
  }

  /**
   * Locates an entry's packed bytes in the file, for copying without inflating; `undefined` if there is none of that
   * name or its compression method is not supported. Throws `novel.damaged` and `novel.encrypted`.
   */
  async packed(name: string): Promise<PackedEntry | undefined> {
    const entry = this.#find(name)
    if (entry === undefined) return undefined
    if (entry.isEncrypted()) throw new Failure('novel.encrypted')
    const {
      compressionMethod: method,
      compressedSize: packedSize,
      uncompressedSize: size,
      crc32: crc,
    } = entry
    if (method !== 0 && method !== 8) return undefined
    return { start: await this.#dataStart(entry), packedSize, size, method, crc }
  }

  /**
   * The first bytes of an entry, `most` at most, of which no more is unpacked; none if there is no entry of that name.
   * Throws `novel.damaged`.
   */
  async head(name: string, most: number): Promise<Uint8Array> {
    const entry = this.#find(name)
    if (entry === undefined) return new Uint8Array()
    const packed = await this.#packedBytes(entry, most)
    return entry.compressionMethod === 0 ? packed : inflatedHead(packed, most)
  }

  /** Closes the file handle only: the zip reader borrows its descriptor, and closing both would close it twice. */
  async close(): Promise<void> {
    await this.#file.close()
  }

  #find(name: string): Entry | undefined {
    return this.#entries.get(name) ?? this.#byLowerCase.get(name.toLowerCase())
  }

  /** Bytes the entry may inflate to, whatever size it declares. */
  #limitFor(entry: Entry, most: number): number {
    const byRatio = Math.max(zipLimits.ratioFrom, entry.compressedSize * zipLimits.ratio)
    const limit = Math.min(most, byRatio)
    if (entry.uncompressedSize > limit) throw tooLarge(entry, limit, most)
    return limit
  }

  /** `most` bytes of them at most. */
  async #packedBytes(entry: Entry, most = Infinity): Promise<Uint8Array> {
    const fileDataStart = await this.#dataStart(entry)
    try {
      const packed = new Uint8Array(Math.min(most, entry.compressedSize))
      let filled = 0
      while (filled < packed.length) {
        const { bytesRead } = await this.#file.read(
          packed,
          filled,
          packed.length - filled,
          fileDataStart + filled,
        )
        if (bytesRead === 0) throw new Error('the file ends inside this entry')
        filled += bytesRead
      }
      return packed
    } catch (error) {
      throw unreadable(entry, error)
    }
  }

  async #dataStart(entry: Entry): Promise<number> {
    try {
      return (await this.#zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart
    } catch (error) {
      throw unreadable(entry, error)
    }
  }
}

function inflateEntry(entry: Entry, packed: Uint8Array, limit: number, most: number): Uint8Array {
  if (entry.compressionMethod === 0) return packed
  if (entry.compressionMethod !== 8)
    throw new Failure('novel.unreadable', { detail: `${entry.fileName} in it is packed in an uncommon way` })
  try {
    return inflateRawSync(packed, { maxOutputLength: limit })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(entry, limit, most)
    throw new Failure(
      'novel.damaged',
      { detail: `${entry.fileName} in it cannot be unpacked` },
      { cause: error },
    )
  }
}

/** What the beginning of deflated bytes unpacks to, `most` bytes of it at most. */
async function inflatedHead(packed: Uint8Array, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH })
  inflate.end(packed)
  try {
    for await (const part of inflate) {
      parts.push(part as Uint8Array)
      length += (part as Uint8Array).length
      if (length >= most) break
    }
  } catch (error) {
    throw new Failure('novel.damaged', { detail: 'a file in it cannot be unpacked' }, { cause: error })
  }
  return Buffer.concat(parts).subarray(0, most)
}

function unreadable(entry: Entry, cause: unknown): Failure {
  return new Failure('novel.damaged', { detail: `${entry.fileName} in it cannot be read` }, { cause })
}

function tooLarge(entry: Entry, limit: number, most: number): Failure {
  const detail =
    limit === most
      ? `${entry.fileName} in it unpacks to more than ${limit / mebibyte} MB`
      : `${entry.fileName} in it unpacks to more than ${zipLimits.ratio} times its size`
  return new Failure('novel.hostile', { detail })
}

function tableFailure(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const { message } = error
  if (/^(?:invalid relative path|absolute path|invalid characters in fileName)/.test(message))
    return new Failure(
      'novel.hostile',
      { detail: `a name in it points outside (${message})` },
      { cause: error },
    )
  if (/strong encryption/.test(message)) return new Failure('novel.encrypted', {}, { cause: error })
  const detail = /End of central directory/i.test(message)
    ? 'its end is missing'
    : 'its table of files is broken'
  return new Failure('novel.damaged', { detail }, { cause: error })
}
