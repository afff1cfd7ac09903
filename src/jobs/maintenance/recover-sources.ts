import { Failure } from '../../novel/failure.ts'
import { sourceCardPath } from '../../storage/folder/data-paths.ts'
import { writeFileAtomically } from '../../storage/folder/durable-files.ts'
import {
  hashSource,
  readSourceCard,
  sourceCardBytes,
  storedSourceIds,
} from '../../storage/folder/novel-files.ts'
import { moveToTrash } from '../../storage/folder/unreferenced-files.ts'
import { deleteNovel } from '../../storage/queries/deletion-queries.ts'
import { novelBySource, sourceNames } from '../../storage/queries/novel-queries.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { reimportNovel, withSourceLock } from '../import/novel-commands.ts'

export interface RecoveredNovel {
  readonly id: string
  readonly title: string
}

/** One book could not be taken up. */
interface UnreadableNovel {
  readonly id: string
  readonly reason: string
}

/**
 * Takes up again a book whose file lies in `sources` and which the database does not know: its chapters, under the id
 * that it had. What was spoken of it is found again, for clips are known by their text. `undefined` if the same bytes
 * are a novel already; the second file goes into the trash. Throws the importer's failures.
 */
export async function recoverNovel(
  context: Pick<Application, 'db' | 'folder'>,
  id: string,
  signal?: AbortSignal,
): Promise<RecoveredNovel | undefined> {
  const { db, folder } = context
  const { path, bytes, sha256 } = await hashSource(folder, id)
  const fileName = (await readSourceCard(folder, id))?.fileName ?? id
  if (bytes === 0) throw new Failure('novel.empty-file', { file: fileName })
  // Whoever uploads the same file meanwhile waits, and finds this novel.
  const recover = async (): Promise<RecoveredNovel | undefined> => {
    if (await novelBySource(db, sha256)) {
      await moveToTrash(folder, 'sources', [id], Date.now())
      return undefined
    }
    // What an earlier try has written before it was cut short.
    await deleteNovel(db, id)
    const { title } = await reimportNovel(context, { id, path, sha256, fileName }, signal)
    return { id, title }
  }
  return withSourceLock(sha256, recover, signal)
}

/**
 * Behind everything else: takes up what an older database does not know. Until every book was tried no clip is swept,
 * for it may be one of theirs.
 */
export async function recoverNovels(application: Application, signal: AbortSignal): Promise<void> {
  const { unknownNovels, folder, log, problems } = application
  const left: UnreadableNovel[] = []
  for (const id of unknownNovels) {
    if (signal.aborted) return
    try {
      const taken = await recoverNovel(application, id, signal)
      unknownNovels.delete(id)
      if (taken) log.warn(taken, 'a book that nightjar.db did not know was taken up again from its file')
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error, id }, 'a book that nightjar.db does not know cannot be taken up again')
      // Held back for it, what deleted novels leave would never be given back.
      unknownNovels.delete(id)
      left.push({ id, reason: error instanceof Failure ? error.message : 'the log has the details' })
    }
  }
  const [first] = left
  if (!first) return
  const more = left.length > 1 ? ` (and ${left.length - 1} more)` : ''
  problems.report('storage.unread-books', { folder: folder.root, detail: `${first.reason}${more}` })
}

const novelsPerStep = 20

/**
 * Behind the start: writes the card of every source that has none or a damaged one, as all have that were brought before
 * there were cards. Without it the file's name is lost with the database. What cannot be written is left to the next
 * start.
 */
export async function writeMissingCards(
  { db, folder, log }: Pick<Application, 'db' | 'folder' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let written = 0
  try {
    const there = new Set(await storedSourceIds(folder))
    let after = ''
    while (!signal.aborted) {
      const some = await sourceNames(db, after, novelsPerStep)
      for (const { id, sourceName } of some) {
        // A book that was taken up again without a card is called by its id; that is no name to keep.
        if (!there.has(id) || sourceName === id || (await readSourceCard(folder, id))) continue
        await writeFileAtomically(
          folder.temporary,
          sourceCardPath(folder, id),
          sourceCardBytes({ fileName: sourceName }),
        )
        written++
      }
      const last = some.at(-1)
      if (!last) break
      after = last.id
      await yieldToEventLoop()
    }
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'the names of older books could not be written beside them')
  }
  if (written > 0) log.info({ written }, 'the names of older books were written beside them')
}
