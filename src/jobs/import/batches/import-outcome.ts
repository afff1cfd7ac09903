import { Failure } from '../../../novel/failure.ts'
import { receiveFile, type TemporaryFile } from '../../../storage/local/temporary-files.ts'
import { importKey } from '../../../storage/object-keys.ts'
import {
  type BegunImportFile,
  importFileById,
  type ImportOutcome,
  insertUnpacked,
  isAddedByImport,
} from '../../../storage/queries/import-queries.ts'
import { isStorageError } from '../../../storage/storage-errors.ts'
import type { Application } from '../../application.ts'
import type { PreviewContext } from '../edit-preview.ts'
import { importNovel } from '../novel-commands.ts'
import type { TrashParts } from '../novel-trash.ts'
import { settleImport } from '../settle-import.ts'
import { leaveVersion } from '../versions/offered-version.ts'

export type BatchParts = TrashParts &
  PreviewContext &
  Pick<Application, 'db' | 'eventBus' | 'folder' | 'lexicons' | 'lock' | 'log' | 'objects'>

/** The books of a zip unpack to so many times what one may have. */
const zipTimes = 8

/**
 * Imports a file whose bytes are stored, or unpacks it. `uploadLimit`: bytes of one book. Throws the signal's reason, and what
 * is the trouble of the disk or the database, for which no file is refused.
 */
export async function outcomeOf(
  parts: BatchParts,
  file: BegunImportFile,
  uploadLimit: number,
  signal: AbortSignal,
): Promise<ImportOutcome> {
  const opened = await parts.objects.get(importKey(file.id))
  // It is gone with a disk, say: whoever has it sends it again.
  if (!opened) return { state: 'sending' }
  await using copy = await receiveFile(parts.folder, opened.body, signal)
  try {
    const { booksOfZip } = await import('./zip-of-books.ts')
    const books = await booksOfZip(copy.path)
    if (books) return await unpack(parts, file, { path: copy.path, books, uploadLimit }, signal)
    return await importOne(parts, file, copy, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (isStorageError(error)) throw error
    if (error instanceof Failure)
      return {
        state: 'refused',
        failure: { code: error.code, details: { file: file.name, ...error.details } },
      }
    parts.log.error({ err: error, name: file.name }, 'a file of an import could not be read')
    return { state: 'refused', failure: { code: 'server.broken', details: {} } }
  }
}

async function importOne(
  parts: BatchParts,
  file: BegunImportFile,
  copy: TemporaryFile,
  signal: AbortSignal,
): Promise<ImportOutcome> {
  const name = file.name.slice(file.name.lastIndexOf('/') + 1)
  const imported = await importNovel(parts, copy, name, signal, {
    addedBy: file.listener === null || file.listener === '' ? undefined : file.listener,
    keep: file.kept === 1,
  })
  await settleImport(parts, imported)
  const { novel, version, added } = imported
  const novelId = novel.id
  if (version) {
    const { versionDifference } = await import('../versions/version-difference.ts')
    const { chapters } = await versionDifference(parts, novel, version, signal)
    if (chapters.length > 0) return { state: 'version', novelId, versionId: version.id }
    await leaveVersion(parts, version.id)
    return { state: 'unchanged', novelId }
  }
  // After a crash its own novel is there already.
  const isOwn =
    file.begunBefore !== null &&
    novel.createdAt >= file.begunBefore &&
    !(await isAddedByImport(parts.db, novelId))
  return { state: added || isOwn ? 'added' : 'known', novelId }
}

/** Each book of a zip becomes a file of the same import. */
async function unpack(
  { db, folder, objects }: BatchParts,
  { id, name }: BegunImportFile,
  zip: { readonly path: string; readonly books: readonly string[]; readonly uploadLimit: number },
  signal: AbortSignal,
): Promise<ImportOutcome> {
  const { unpackBooks } = await import('./zip-of-books.ts')
  const limits = { one: zip.uploadLimit, all: zip.uploadLimit * zipTimes }
  for await (const book of unpackBooks({ path: zip.path, id, names: zip.books }, folder, limits, signal)) {
    await using file = book.file
    // A server died in the middle of the zip: the bytes came before the row, and may be read and gone by now.
    if (await importFileById(db, book.id)) continue
    await objects.putFile(importKey(book.id), file.path, signal)
    const row = { id: book.id, name: `${name}/${book.name}`, bytes: file.bytes }
    if (await insertUnpacked(db, id, row)) continue
    // The import was forgotten meanwhile.
    await objects.delete([importKey(book.id)])
    break
  }
  return { state: 'unpacked' }
}
