import { open } from 'node:fs/promises'
import { v5 as uuidv5 } from 'uuid'
import { type Entry, fromFdPromise } from 'yauzl'
import { readSigns } from '../../../importer/file-signs.ts'
import { formatOf } from '../../../importer/format-registry.ts'
import { isZip } from '../../../importer/foreign-formats.ts'
import { Failure } from '../../../novel/failure.ts'
import type { DataPaths } from '../../../storage/local/data-paths.ts'
import { receiveFile, type TemporaryFile } from '../../../storage/local/temporary-files.ts'
import { bookEnding } from '../../inbox/inbox-books.ts'

/** A zip has at most so many books. */
const mostBooks = 1000

/** A book of a zip, among the temporary files. */
export interface UnpackedBook {
  /** The same whenever the zip is unpacked. */
  readonly id: string
  readonly name: string
  readonly file: TemporaryFile
}

/** Pages and pictures belong to a book; a zip in a zip is not looked into. */
const noBookOfItsOwn = /\.(?:x?html?|htmlz|zip)$/i

/** The paths of the books in a zip that is no book itself; `undefined`: it is one, or no zip. */
export async function booksOfZip(path: string): Promise<string[] | undefined> {
  const signs = await readSigns(path)
  if (!isZip(signs.head) || !signs.names) return undefined
  const { names } = signs
  const isBook = (name: string): boolean =>
    !name.startsWith('__MACOSX/') &&
    !noBookOfItsOwn.test(name) &&
    bookEnding(name.slice(name.lastIndexOf('/') + 1), new Set()) !== undefined
  const books = names.filter(isBook)
  const [first] = books
  if (first === undefined) return undefined
  const format = formatOf(signs)?.name
  // Of FictionBooks one alone is the book of its zip.
  if (format === 'fb2')
    return books.length > 1 && !names.includes('META-INF/container.xml') ? books : undefined
  // What no other reader knows is an EPUB, if it says so.
  if (format !== 'epub') return undefined
  return names.includes('META-INF/container.xml') || names.some((name) => /\.opf$/i.test(name))
    ? undefined
    : books
}

/**
 * The books of a zip, one after the other; each is to be disposed of. `limits`: bytes of one, and of all together. `zipId`:
 * of which their ids are made. Throws `novel.damaged`, `novel.encrypted`, `novel.hostile` and the signal's reason.
 */
export async function* unpackBooks(
  {
    path,
    id: zipId,
    names,
  }: { readonly path: string; readonly id: string; readonly names: readonly string[] },
  folder: DataPaths,
  limits: { readonly one: number; readonly all: number },
  signal: AbortSignal,
): AsyncGenerator<UnpackedBook> {
  if (names.length > mostBooks)
    throw new Failure('novel.hostile', { detail: `it holds more than ${mostBooks} files` })
  const wanted = new Set(names)
  await using file = await open(path)
  const zip = await fromFdPromise(file.fd, { lazyEntries: true, autoClose: false })
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) if (wanted.has(entry.fileName)) entries.push(entry)
  let left = limits.all
  for (const entry of entries) {
    signal.throwIfAborted()
    if (entry.isEncrypted()) throw new Failure('novel.encrypted')
    const most = Math.min(limits.one, left)
    const book = await receiveFile(folder, unpacked(zip, entry, most), signal)
    left -= book.bytes
    yield { id: uuidv5(entry.fileName, zipId), name: entry.fileName, file: book }
  }
}

async function* unpacked(
  zip: Awaited<ReturnType<typeof fromFdPromise>>,
  entry: Entry,
  most: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  const { fileName } = entry
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      bytes += (chunk as Uint8Array).length
      if (bytes > most)
        throw new Failure('novel.hostile', {
          detail: `${fileName} in it unpacks to more than ${Math.floor(most / 1024 / 1024)} MB`,
        })
      yield chunk as Uint8Array
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure('novel.damaged', { detail: `${fileName} in it cannot be unpacked` }, { cause })
  }
}
