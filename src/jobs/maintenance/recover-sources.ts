import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { withLock } from '../../storage/lock.ts'
import {
  isCardOf,
  openSource,
  readSourceCard,
  sourceCardBytes,
  storedSourceIds,
} from '../../storage/novel-files.ts'
import { sourceOf } from '../../storage/novel-source.ts'
import { sourceCardKey, sourceKey } from '../../storage/object-keys.ts'
import { deleteNovel } from '../../storage/queries/deletion-queries.ts'
import { isPerson } from '../../storage/queries/kept-novel-queries.ts'
import {
  hasNovelWithFile,
  novelById,
  novelBySource,
  sourcesOfNovels,
} from '../../storage/queries/novel-queries.ts'
import { versionBySource } from '../../storage/queries/novel-version-queries.ts'
import { trashedBySource } from '../../storage/queries/trash-queries.ts'
import { moveToTrash } from '../../storage/unreferenced-objects.ts'
import type { Application } from '../application.ts'
import { renewSourceCard } from '../import/source-card.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { reimportNovel, sourceLock } from '../import/novel-commands.ts'

export type RecoverSourcesParts = Pick<
  Application,
  'db' | 'folder' | 'lock' | 'log' | 'objects' | 'problems' | 'unknownNovels'
>

export interface RecoveredNovel {
  readonly id: string
  readonly title: string
}

/** A novel that could not be re-imported. */
interface UnreadableNovel {
  readonly id: string
  readonly reason: string
}

/**
 * Re-imports a novel whose source is stored but which the database lacks, under the id that it had. Its clips are found
 * again, because they are keyed by their text. `undefined` if the same bytes are a novel already; the second file is
 * moved to the trash. Throws the importer's failures and the signal's reason.
 */
export async function recoverNovel(
  context: Pick<Application, 'db' | 'folder' | 'objects' | 'lock'>,
  id: string,
  signal?: AbortSignal,
): Promise<RecoveredNovel | undefined> {
  const { db, objects } = context
  await using source = await openSource(objects, id)
  const { path, bytes, sha256 } = source
  const card = await readSourceCard(objects, id)
  const { fileName, told, versionOf } = card ?? { fileName: id }
  if (bytes === 0) throw new Failure('novel.empty-file', { file: fileName })
  // A concurrent upload of the same file waits for the lock, and finds this novel.
  const recover = async (held: AbortSignal): Promise<RecoveredNovel | undefined> => {
    // Another server was importing it.
    if (await hasNovelWithFile(db, id)) return undefined
    const keeper = await keeperOf(db, versionOf, card?.keeper)
    const taken = sourceOf(sha256, keeper)
    const queries = [novelBySource, trashedBySource, versionBySource]
    const known = await Promise.all(queries.map((bySource) => bySource(db, taken)))
    if (known.some((novel) => novel !== undefined)) {
      await moveToTrash(objects, [sourceKey(id)], Date.now())
      return undefined
    }
    // Rows of an earlier attempt that was interrupted.
    await deleteNovel(db, id)
    const source = { id, path, sha256, fileName, told, versionOf, keeper }
    const { title } = await reimportNovel(context, source, held)
    return { id, title }
  }
  return await withLock(context.lock, sourceLock(sha256), recover, signal)
}

/** Who is to see it alone: as its novel is seen if it is a version; nobody if who kept it is not known any more. */
async function keeperOf(
  db: Database,
  versionOf: string | undefined,
  keeper: string | undefined,
): Promise<string | undefined> {
  const novel = versionOf === undefined ? undefined : await novelById(db, versionOf)
  if (novel) return novel.keeper ?? undefined
  return keeper !== undefined && (await isPerson(db, keeper)) ? keeper : undefined
}

/**
 * In the background: re-imports the novels that an older database lacks. No clip is swept until each was tried, because
 * it may be one of theirs.
 */
export async function recoverNovels(application: RecoverSourcesParts, signal: AbortSignal): Promise<void> {
  const { unknownNovels, folder, log, problems } = application
  const unreadable: UnreadableNovel[] = []
  for (const id of unknownNovels) {
    if (signal.aborted) return
    try {
      const recovered = await recoverNovel(application, id, signal)
      unknownNovels.delete(id)
      if (recovered) log.warn(recovered, 'a novel that nightjar.db lacked was re-imported from its source')
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error, id }, 'a novel that nightjar.db lacks cannot be re-imported')
      // Not retried: as long as one is unknown, no unreferenced clip is swept.
      unknownNovels.delete(id)
      unreadable.push({ id, reason: error instanceof Failure ? error.message : 'the log has the details' })
    }
  }
  const [first] = unreadable
  if (!first) return
  const more = unreadable.length > 1 ? ` (and ${unreadable.length - 1} more)` : ''
  problems.report('storage.unread-books', { folder: folder.root, detail: `${first.reason}${more}` })
}

const novelsPerStep = 20

/**
 * In the background after the start: writes the card of every source that lacks a readable one, as sources of older
 * versions do. Without it the file's name is lost with the database. One that tells what is not so any more, as a kill leaves it
 * before it is written anew, is corrected: of it depends whether a novel stays kept to oneself. If a write fails, the next start
 * retries.
 */
export async function correctCards(
  { db, objects, log }: Pick<Application, 'db' | 'objects' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  let written = 0
  try {
    const stored = new Set(await storedSourceIds(objects))
    let after = ''
    while (!signal.aborted) {
      const some = await sourcesOfNovels(db, after, novelsPerStep)
      for (const { id, sourceName, ...row } of some) {
        if (!stored.has(id)) continue
        const card = await readSourceCard(objects, id)
        // A novel that was re-imported without a card has its id for a file name; that is not kept.
        if (card ? isCardOf(card, row) : sourceName === id && row.keeper === null) continue
        if (!card) await objects.put(sourceCardKey(id), sourceCardBytes({ fileName: sourceName, ...row }))
        await renewSourceCard({ db, objects }, id)
        written++
      }
      const last = some.at(-1)
      if (!last) break
      after = last.id
      await yieldToEventLoop()
    }
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'the cards of sources could not be written')
  }
  if (written > 0) log.info({ written }, 'cards of sources were written, or corrected')
}
