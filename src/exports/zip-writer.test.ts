import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fromBufferPromise, fromRandomAccessReaderPromise, openPromise, RandomAccessReader } from 'yauzl'
import { temporaryFolder } from '../../test/program/temporary-folder.ts'
import { ZipArchive } from '../importer/zip-archive.ts'
import { layOutZip, type ZipEntry, type ZipFile, zipSize } from './zip-writer.ts'

const text = Buffer.from('The lamp was lit. '.repeat(50))
const mimetype = Buffer.from('application/epub+zip')
const deflated = deflateRawSync(text)

function stored(name: string, bytes: Buffer): ZipEntry {
  return {
    name,
    size: bytes.length,
    crc: crc32(bytes),
    read: (start, end) => [bytes.subarray(start, end)],
  }
}

function streamed(name: string, size: number, chunks: () => Iterable<Uint8Array>): ZipEntry {
  return { name, size, read: () => chunks() }
}

const entries: readonly ZipEntry[] = [
  stored('mimetype', mimetype),
  {
    ...stored('text/ä.txt', deflated),
    method: 8,
    crc: crc32(text),
    size: text.length,
    packedSize: deflated.length,
  },
  stored('empty', Buffer.alloc(0)),
  streamed('streamed.bin', text.length, () => [text.subarray(0, 100), text.subarray(100)]),
  streamed('nothing', 0, () => []),
  stored('0003 第三章 – Mưa.mp3', text),
]
const written = new Date('2026-03-04T05:06:08Z')

const bytesOf = async (zip: ZipFile, start?: number, end?: number): Promise<Buffer> =>
  buffer(Readable.from(zip.read(start, end)))

test('the zip has the computed size, and another reader reads its files byte for byte', async () => {
  await using folder = await temporaryFolder()
  const zip = layOutZip(entries, written)
  const path = join(folder.path, 'a.zip')
  await pipeline(Readable.from(zip.read()), createWriteStream(path))
  const bytes = await readFile(path)
  expect(bytes.length).toBe(zip.size)
  expect(bytes.toString('latin1', 30, 58)).toBe('mimetypeapplication/epub+zip')
  const archive = await ZipArchive.open(path)
  expect(archive.names).toEqual(entries.map(({ name }) => name))
  for (const [name, content] of [
    ['mimetype', mimetype],
    ['text/ä.txt', text],
    ['empty', Buffer.alloc(0)],
    ['streamed.bin', text],
    ['nothing', Buffer.alloc(0)],
    ['0003 第三章 – Mưa.mp3', text],
  ] as const)
    expect(Buffer.from((await archive.read(name)) ?? []).equals(content)).toBe(true)
  await archive.close()
  const opened = await openPromise(path, { lazyEntries: true })
  for await (const entry of opened.eachEntry())
    expect(entry.getLastModDate({ timezone: 'UTC' })).toEqual(written)
})

test('any range has the same bytes as in the complete zip', async () => {
  const zip = layOutZip(entries)
  const whole = await bytesOf(zip)
  for (let start = 0; start < zip.size; start += 97) {
    const end = Math.min(zip.size, start + 1 + ((start * 7) % 900))
    expect((await bytesOf(zip, start, end)).equals(whole.subarray(start, end))).toBe(true)
  }
})

test('a range reads nothing of the entries outside of it', async () => {
  const read: string[] = []
  const entry = (name: string): ZipEntry => ({
    ...stored(name, text),
    read: (start, end) => {
      read.push(`${name} ${start}-${end}`)
      return [text.subarray(start, end)]
    },
  })
  await bytesOf(layOutZip(['a', 'b', 'c'].map(entry)), 31 + text.length + 31 + 10, 31 + text.length + 31 + 20)
  expect(read).toEqual(['b 10-20'])
})

const zipTool = (() => {
  try {
    execFileSync('python3', ['-c', 'import zipfile'])
    return true
  } catch {
    return false
  }
})()

test.skipIf(!zipTool)('Python’s zip tool finds no error', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a.zip')
  await writeFile(path, await bytesOf(layOutZip(entries, written)))
  expect(execFileSync('python3', ['-m', 'zipfile', '-t', path], { encoding: 'utf8' })).toMatch(
    /^Done testing/,
  )
})

test('reading fails if an entry does not have its declared size', async () => {
  const short = streamed('short', 10, () => [text.subarray(0, 9)])
  await expect(bytesOf(layOutZip([short]))).rejects.toThrow('short has 9 bytes')
  const cut = { ...stored('cut', text.subarray(0, 3)), size: 12 }
  await expect(bytesOf(layOutZip([cut]))).rejects.toThrow('cut has 3 bytes')
})

/** A random access reader that stores only the chunks that are not zeros. */
class SparseReader extends RandomAccessReader {
  readonly #chunks: { readonly at: number; readonly bytes: Uint8Array }[] = []
  size = 0

  add(bytes: Uint8Array): void {
    if (bytes !== zeros) this.#chunks.push({ at: this.size, bytes })
    this.size += bytes.length
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const out = Buffer.alloc(end - start)
    for (const { at, bytes } of this.#chunks)
      for (let from = Math.max(at, start); from < Math.min(end, at + bytes.length); from++)
        out[from - start] = bytes[from - at]!
    return Readable.from([out])
  }
}

const zeros = Buffer.alloc(64 * 1024 * 1024)

test('a file over 4 GB and an offset over 4 GB are written as ZIP64', async () => {
  const chunks = 65
  const zip = layOutZip([
    streamed('large', chunks * zeros.length, function* () {
      for (let chunk = 0; chunk < chunks; chunk++) yield zeros
    }),
    stored('after', text),
  ])
  const file = new SparseReader()
  for await (const bytes of zip.read()) file.add(bytes)
  expect(file.size).toBe(zip.size)
  const read = await fromRandomAccessReaderPromise(file, zip.size, { lazyEntries: true })
  const found = []
  for await (const entry of read.eachEntry()) {
    found.push([entry.fileName, entry.uncompressedSize, entry.relativeOffsetOfLocalHeader])
    if (entry.fileName !== 'after') continue
    expect((await buffer(await read.openReadStreamPromise(entry))).equals(text)).toBe(true)
  }
  expect(found).toEqual([
    ['large', chunks * zeros.length, 0],
    ['after', text.length, zip.size - tailOf(text.length)],
  ])
})

/** Bytes from the last local header to the end: header, text, two central directory headers and three end records. */
function tailOf(length: number): number {
  return 30 + 5 + length + (46 + 5 + 20) + (46 + 5 + 12) + 56 + 20 + 22
}

test('more than 65,535 files are all found', async () => {
  const many = Array.from({ length: 66_000 }, (_, at) => stored(`${at}.mp3`, text.subarray(0, 1)))
  const bytes = await bytesOf(layOutZip(many))
  expect(bytes.length).toBe(zipSize(many))
  const zip = await fromBufferPromise(bytes, { lazyEntries: true })
  expect(zip.entryCount).toBe(66_000)
})
