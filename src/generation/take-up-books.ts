import { deleteNovel } from '../database/delete-novel.ts'
import { novelBySource } from '../database/novels.ts'
import { moveToTrash } from '../library/trash.ts'
import { examineSource, readCard } from '../library/unknown-sources.ts'
import { Failure } from '../novel/failure.ts'
import { aloneWithFile, takeUpNovel } from './add-novel.ts'
import type { Studio } from './studio.ts'

export interface TakenUp {
  readonly id: string
  readonly title: string
}

/** One book could not be taken up. */
interface LeftLying {
  readonly id: string
  readonly reason: string
}

/**
 * Takes up again a book whose file lies in `sources` and which the database does not know: its chapters, under the id
 * that it had. What was spoken of it is found again, for clips are known by their text. `undefined` if the same bytes
 * are a novel already; the second file goes into the trash. Throws the importer's failures.
 */
export async function takeUpBook(
  shelf: Pick<Studio, 'db' | 'folder'>,
  id: string,
  signal?: AbortSignal,
): Promise<TakenUp | undefined> {
  const { db, folder } = shelf
  const { path, bytes, sha256 } = await examineSource(folder, id)
  const fileName = (await readCard(folder, id))?.fileName ?? id
  if (bytes === 0) throw new Failure('novel.empty-file', { file: fileName })
  // Whoever uploads the same file meanwhile waits, and finds this novel.
  const takeUp = async (): Promise<TakenUp | undefined> => {
    if (await novelBySource(db, sha256)) {
      await moveToTrash(folder, 'sources', [id], Date.now())
      return undefined
    }
    // What an earlier try has written before it was cut short.
    await deleteNovel(db, id)
    const { title } = await takeUpNovel(shelf, { id, path, sha256, fileName }, signal)
    return { id, title }
  }
  return aloneWithFile(sha256, takeUp, signal)
}

/**
 * Behind everything else: takes up what an older database does not know. Until every book was tried no clip is swept,
 * for it may be one of theirs.
 */
export async function takeUpBooks(studio: Studio, signal: AbortSignal): Promise<void> {
  const { unknownBooks, folder, log, problems } = studio
  const left: LeftLying[] = []
  for (const id of unknownBooks) {
    if (signal.aborted) return
    try {
      const taken = await takeUpBook(studio, id, signal)
      unknownBooks.delete(id)
      if (taken) log.warn(taken, 'a book that nightjar.db did not know was taken up again from its file')
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error, id }, 'a book that nightjar.db does not know cannot be taken up again')
      // Held back for it, what deleted novels leave would never be given back.
      unknownBooks.delete(id)
      left.push({ id, reason: error instanceof Failure ? error.message : 'the log has the details' })
    }
  }
  const [first] = left
  if (!first) return
  const more = left.length > 1 ? ` (and ${left.length - 1} more)` : ''
  problems.note('storage.unread-books', { folder: folder.root, detail: `${first.reason}${more}` })
}
