import { rm } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { deleteNovel } from '../database/delete-novel.ts'
import { insertNovel, novelById, novelBySource, type NovelRow } from '../database/novels.ts'
import { writeWhole, moveIntoPlace } from '../library/atomic-file.ts'
import { cardPath, coverPath, sourcePath } from '../library/folder.ts'
import type { IncomingFile } from '../library/incoming.ts'
import { type NovelHead, readBook } from '../library/read-book.ts'
import { cardBytes } from '../library/unknown-sources.ts'
import { Failure } from '../novel/failure.ts'
import { Semaphore } from './semaphore.ts'
import type { Studio } from './studio.ts'

type Shelf = Pick<Studio, 'db' | 'folder'>

export interface AddedNovel {
  readonly novel: NovelRow
  /** `false`: the same file was there already, and this is its novel. */
  readonly added: boolean
}

/** Books that are read at the same time: one that takes long holds nobody up, and a small box has room for so many. */
const readers = new Semaphore(3)

/** By checksum. */
const underWay = new Map<string, Semaphore>()

/**
 * Runs `work` when nobody else reads this file, whichever way it came: two imports of the same bytes at once would each
 * take the other's half-written novel for one that a crash has left.
 */
export async function aloneWithFile<T>(
  sha256: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const alike = underWay.get(sha256) ?? new Semaphore(1)
  underWay.set(sha256, alike)
  try {
    return await alike.take(work, signal)
  } finally {
    if (alike.idle) underWay.delete(sha256)
  }
}

/**
 * Puts a received file on the shelf: read, its source and cover kept, its rows written; visible only when all of it
 * is durable. The same bytes again give the same novel. Aborted, nothing of it is left. Throws the importer's failures
 * and the signal's reason.
 */
export async function addNovel(
  studio: Shelf,
  file: IncomingFile,
  fileName: string,
  signal?: AbortSignal,
): Promise<AddedNovel> {
  const known = await novelBySource(studio.db, file.sha256)
  if (known) return { novel: known, added: false }
  if (file.bytes === 0) throw new Failure('novel.empty-file', { file: fileName })
  const add = () => readers.take(() => addUnknown(studio, file, fileName, signal), signal)
  return aloneWithFile(file.sha256, add, signal)
}

async function addUnknown(
  studio: Shelf,
  file: IncomingFile,
  fileName: string,
  signal: AbortSignal | undefined,
): Promise<AddedNovel> {
  const { db, folder } = studio
  const known = await novelBySource(db, file.sha256)
  if (known) return { novel: known, added: false }
  const id = uuidv7()
  const source = sourcePath(folder, id)
  const place = async (): Promise<void> => {
    await writeWhole(folder.incoming, cardPath(folder, id), cardBytes({ fileName }))
    await moveIntoPlace(file.path, source)
  }
  try {
    const novel = await writeDown(studio, {
      id,
      path: file.path,
      sha256: file.sha256,
      fileName,
      place,
      signal,
    })
    return { novel, added: true }
  } catch (error) {
    await rm(source, { force: true })
    await rm(cardPath(folder, id), { force: true })
    throw error
  }
}

/**
 * Takes a novel up again whose source lies in its place and which the database does not know, under its own id; called
 * within `aloneWithFile`. The source stays, whatever happens. Throws the importer's failures.
 */
export async function takeUpNovel(
  studio: Shelf,
  source: { readonly id: string; readonly path: string; readonly sha256: string; readonly fileName: string },
  signal: AbortSignal | undefined,
): Promise<NovelRow> {
  const place = (): Promise<void> => Promise.resolve()
  return readers.take(() => writeDown(studio, { ...source, place, signal }), signal)
}

interface Arrival {
  readonly id: string
  readonly path: string
  readonly sha256: string
  readonly fileName: string
  /** Puts the source where it stays, when it is read and before its novel is shown. */
  readonly place: () => Promise<void>
  readonly signal: AbortSignal | undefined
}

/** Reads a book and writes it down with its cover, or leaves neither. */
async function writeDown({ db, folder }: Shelf, arrival: Arrival): Promise<NovelRow> {
  const { id, path, sha256, fileName, place, signal } = arrival
  const reading = readBook(path, fileName, { words: folder.words, ...(signal && { signal }) })
  try {
    const { cover, ...head } = await headOf(reading)
    if (cover) await writeWhole(folder.incoming, coverPath(folder, id), cover.bytes)
    await insertNovel(db, {
      id,
      sourceSha256: sha256,
      sourceName: fileName,
      head: { ...head, ...(cover && { coverType: cover.mediaType }) },
      chapters: chaptersOf(reading, place),
    })
  } catch (error) {
    await deleteNovel(db, id)
    await rm(coverPath(folder, id), { force: true })
    throw error
  } finally {
    await reading.return(undefined)
  }
  const row = await novelById(db, id)
  if (!row) throw new Error(`the novel ${id} was written and is not there`)
  return row
}

type Reading = ReturnType<typeof readBook>

async function headOf(reading: Reading): Promise<NovelHead> {
  const { value } = await reading.next()
  if (!value || !('head' in value)) throw new Error('a book was read without its head')
  return value.head
}

/** The chapters as they come; the file is put into its place after the last, before the novel is shown. */
async function* chaptersOf(reading: Reading, whenRead: () => Promise<void>) {
  for await (const said of reading) {
    if ('chapters' in said) yield said.chapters
  }
  await whenRead()
}
