import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Entry, fromBuffer, fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl'
import { layOutZip, type StoredFile, type StoredZip, storedZipSize, zipRange } from './stored-zip.ts'

const written = new Date('2026-03-04T05:06:08Z')
const contents = ['first file', '', 'Đêm mưa – 雨夜'.repeat(500)].map((text) => Buffer.from(text))
const names = ['0001 One.mp3', '0002 leer.mp3', '0003 第三章 – Mưa.mp3']
const files: readonly StoredFile[] = contents.map((bytes, at) => ({
  name: names[at] ?? '',
  bytes: bytes.length,
  crc32: crc32(bytes),
}))

function bytesOf(zip: StoredZip, start = 0, end = zip.size): Buffer {
  const parts = [...zipRange(zip, start, end)].map((part) =>
    'own' in part ? part.own : (contents[part.file] ?? Buffer.alloc(0)).subarray(part.start, part.end),
  )
  return Buffer.concat(parts)
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) entries.push(entry)
  return entries
}

test('another zip reader reads the same files, names and times', async () => {
  const bytes = bytesOf(layOutZip(files, written))
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, autoClose: false, strictFileNames: true }, (error, opened) => {
      if (opened) resolve(opened)
      else reject(error)
    })
  })
  const entries = await entriesOf(zip)
  expect(entries.map(({ fileName }) => fileName)).toEqual(names)
  expect(entries.map((entry) => entry.crc32)).toEqual(files.map((file) => file.crc32))
  expect(entries[0]?.getLastModDate({ timezone: 'UTC' })).toEqual(written)
  for (const [at, entry] of entries.entries()) {
    const stream = await zip.openReadStreamPromise(entry)
    expect((await buffer(stream)).equals(contents[at]!)).toBe(true)
  }
})

const unzip = spawnSync('unzip', ['-v']).status === 0
test.skipIf(!unzip)('unzip finds no error (needs unzip)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-zip-'))
  writeFileSync(join(folder, 'all.zip'), bytesOf(layOutZip(files, written)))
  const { status, stdout } = spawnSync('unzip', ['-t', join(folder, 'all.zip')], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  expect(stdout).toMatch(/No errors detected/)
  expect(status).toBe(0)
})

test('any range has the same bytes as in the complete zip', () => {
  const zip = layOutZip(files, written)
  const whole = bytesOf(zip)
  expect(whole).toHaveLength(zip.size)
  for (let start = 0; start < zip.size; start += 211) {
    const end = Math.min(zip.size, start + 1 + ((start * 7) % 900))
    expect(bytesOf(zip, start, end).equals(whole.subarray(start, end))).toBe(true)
  }
})

/** Reads a zip whose files consist of zeros. */
class ZerosReader extends RandomAccessReader {
  readonly #zip: StoredZip

  constructor(zip: StoredZip) {
    super()
    this.#zip = zip
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const parts = [...zipRange(this.#zip, start, end)]
    return Readable.from(
      parts.map((part) => ('own' in part ? Buffer.from(part.own) : Buffer.alloc(part.end - part.start))),
      { objectMode: false },
    )
  }
}

function openZeros(zip: StoredZip): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false }
    fromRandomAccessReader(new ZerosReader(zip), zip.size, options, (error, opened) => {
      if (opened) resolve(opened)
      else reject(error)
    })
  })
}

test('all files of a zip beyond 4 GB are found, including the last', async () => {
  const gigabyte = 2 ** 30
  const large = Array.from({ length: 9 }, (_, at) => ({ name: `${at}.mp3`, bytes: gigabyte, crc32: 0 }))
  const zip = await openZeros(layOutZip([...large, { name: 'last.mp3', bytes: 12, crc32: 0 }], written))
  const entries = await entriesOf(zip)
  expect(entries.map((entry) => entry.uncompressedSize)).toEqual([...large.map(({ bytes }) => bytes), 12])
  const stream = await zip.openReadStreamPromise(entries.at(-1)!)
  expect((await buffer(stream)).equals(Buffer.alloc(12))).toBe(true)
})

test('more than 65,535 files are all found', async () => {
  const many = Array.from({ length: 66_000 }, (_, at) => ({ name: `${at}.mp3`, bytes: 1, crc32: 0 }))
  const zip = await openZeros(layOutZip(many, written))
  expect(zip.entryCount).toBe(66_000)
})

test('a file of more than 4 GB is refused', () => {
  const huge = { name: 'huge.mp3', bytes: 2 ** 32, crc32: 0 }
  expect(() => layOutZip([huge], written)).toThrow('huge.mp3 has 4294967296 bytes')
})

test('the size of a zip is computed without laying it out', () => {
  const named = (bytes: number, at: number) => ({ name: `${at} Lê.mp3`, bytes, crc32: 0 })
  for (const files of [
    [],
    [10, 20].map(named),
    Array.from({ length: 3 }, () => 0xfffffff0).map(named),
    Array.from({ length: 70_000 }, () => 1).map(named),
  ]) {
    expect(storedZipSize(files)).toBe(layOutZip(files, new Date()).size)
  }
})
