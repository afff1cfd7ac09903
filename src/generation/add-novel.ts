import { rm } from 'node:fs/promises'
import { v7 as uuidv7 } from 'uuid'
import { deleteNovel, insertNovel, novelById, novelBySource, type NovelRow } from '../database/novels.ts'
import { writeWhole, moveIntoPlace } from '../library/atomic-file.ts'
import { coverPath, sourcePath } from '../library/folder.ts'
import type { IncomingFile } from '../library/incoming.ts'
import { type NovelHead, readBook } from '../library/read-book.ts'
import { Failure } from '../novel/failure.ts'
import type { Studio } from './studio.ts'
import { Turns } from './turns.ts'

export interface AddedNovel {
  readonly novel: NovelRow
  /** `false`: the same file was there already, and this is its novel. */
  readonly added: boolean
}

/** One book is read at a time: two large ones at once could take the memory of a small box. */
const readers = new Turns()

/**
 * Puts a received file on the shelf: read, its source and cover kept, its rows written; visible only when all of it
 * is durable. The same bytes again give the same novel. Throws the importer's failures.
 */
export async function addNovel(studio: Studio, file: IncomingFile, fileName: string): Promise<AddedNovel> {
  return readers.take(() => addNext(studio, file, fileName))
}

async function addNext(studio: Studio, file: IncomingFile, fileName: string): Promise<AddedNovel> {
  const { db, folder } = studio
  const known = await novelBySource(db, file.sha256)
  if (known) return { novel: known, added: false }
  if (file.bytes === 0) throw new Failure('novel.empty-file', { file: fileName })
  const id = uuidv7()
  const source = sourcePath(folder, id)
  const reading = readBook(file.path, fileName)
  try {
    const { cover, ...head } = await headOf(reading)
    if (cover) await writeWhole(folder.incoming, coverPath(folder, id), cover.bytes)
    await insertNovel(db, {
      id,
      sourceSha256: file.sha256,
      sourceName: fileName,
      head: { ...head, ...(cover && { coverType: cover.mediaType }) },
      chapters: chaptersOf(reading, () => moveIntoPlace(file.path, source)),
    })
  } catch (error) {
    await deleteNovel(db, id)
    await rm(source, { force: true })
    await rm(coverPath(folder, id), { force: true })
    throw error
  }
  const row = await novelById(db, id)
  if (!row) throw new Error(`the novel ${id} was written and is not there`)
  return { novel: row, added: true }
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
