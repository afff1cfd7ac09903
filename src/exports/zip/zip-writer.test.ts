import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { fromRandomAccessReaderPromise, RandomAccessReader } from 'yauzl'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { ZipArchive } from '../../importer/epub/zip-archive.ts'
import { layOutZip, type ZipEntry } from './zip-writer.ts'

const text = Buffer.from('The lamp was lit. '.repeat(50))

function entries(file: string): ZipEntry[] {
  return [
    {
      name: 'mimetype',
      method: 0,
      crc: crc32('application/epub+zip'),
      size: 20,
      bytes: Buffer.from('application/epub+zip'),
    },
    { name: 'text/ä.txt', method: 8, crc: crc32(text), size: text.length, bytes: deflateRawSync(text) },
    {
      name: 'copied.bin',
      method: 0,
      crc: crc32(text.subarray(7, 19)),
      size: 12,
      file,
      start: 7,
      packedSize: 12,
    },
    {
      name: 'streamed.bin',
      size: text.length,
      async *stream() {
        yield text.subarray(0, 100)
        yield text.subarray(100)
      },
    },
  ]
}

test('the zip has the computed size, and another reader reads its files byte for byte', async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'source')
  await writeFile(file, text)
  const zip = layOutZip(entries(file))
  const path = join(folder.path, 'a.zip')
  await pipeline(Readable.from(zip.read()), createWriteStream(path))
  const bytes = await readFile(path)
  expect(bytes.length).toBe(zip.size)
  expect(bytes.toString('latin1', 30, 58)).toBe('mimetypeapplication/epub+zip')
  const archive = await ZipArchive.open(path)
  expect(archive.names).toEqual(['mimetype', 'text/ä.txt', 'copied.bin', 'streamed.bin'])
  for (const [name, content] of [
    ['text/ä.txt', text],
    ['copied.bin', text.subarray(7, 19)],
    ['streamed.bin', text],
  ] as const)
    expect(Buffer.from((await archive.read(name)) ?? []).equals(content)).toBe(true)
  await archive.close()
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
  const file = join(folder.path, 'source')
  await writeFile(file, text)
  const path = join(folder.path, 'a.zip')
  await writeFile(path, await buffer(Readable.from(layOutZip(entries(file)).read())))
  expect(execFileSync('python3', ['-m', 'zipfile', '-t', path], { encoding: 'utf8' })).toMatch(
    /^Done testing/,
  )
})

test('reading fails if a stream does not have its declared length, or a source file is truncated', async () => {
  await using folder = await temporaryFolder()
  const short: ZipEntry = {
    name: 'short',
    size: 10,
    async *stream() {
      yield text.subarray(0, 9)
    },
  }
  await expect(buffer(Readable.from(layOutZip([short]).read()))).rejects.toThrow('short has 9 bytes')
  const file = join(folder.path, 'source')
  await writeFile(file, text.subarray(0, 10))
  const cut: ZipEntry = { name: 'cut', method: 0, crc: 0, size: 12, file, start: 7, packedSize: 12 }
  await expect(buffer(Readable.from(layOutZip([cut]).read()))).rejects.toThrow('lacks 9 bytes')
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
    {
      name: 'large',
      size: chunks * zeros.length,
      async *stream() {
        for (let chunk = 0; chunk < chunks; chunk++) yield zeros
      },
    },
    { name: 'after', method: 0, crc: crc32(text), size: text.length, bytes: text },
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
