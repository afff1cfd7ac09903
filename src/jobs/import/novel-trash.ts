import { Failure } from '../../novel/failure.ts'
import { coverKey, sourceCardKey, sourceKey } from '../../storage/object-keys.ts'
import { chaptersOf } from '../../storage/queries/chapter-queries.ts'
import { unfinishedGenerations, castingsOfNovel } from '../../storage/queries/generation-queries.ts'
import {
  hideNovelForGood,
  moveNovelToTrash,
  putNovelBack,
  trashedBefore,
  type TrashedNovel,
} from '../../storage/queries/trash-queries.ts'
import type { Application } from '../application.ts'

export type TrashParts = Pick<
  Application,
  'db' | 'deletions' | 'dispatcher' | 'eventBus' | 'lexicons' | 'objects' | 'transcoder' | 'webhooks'
>

/** So long a deleted novel can be restored. */
export const trashDays = 30
const dayMs = 24 * 3_600_000

/**
 * Moves a novel to the trash: nothing finds it any more, its generations stop as they are, and what is under way for it is
 * dropped. Throws `novel.unknown`.
 */
export async function trashNovel(application: TrashParts, novelId: string): Promise<void> {
  const { db, dispatcher, transcoder, eventBus } = application
  if (!(await transcoder.hideNovel(novelId, () => moveNovelToTrash(db, novelId))))
    throw new Failure('novel.unknown', { novelId })
  eventBus.publish({ kind: 'novel', id: novelId })
  await dispatcher.removeNovel(novelId)
}

/** Takes a novel out of the trash, with all that it had; its generations go on. Throws `novel.not-in-trash`. */
export async function restoreNovel(application: TrashParts, novelId: string): Promise<void> {
  if (!(await putNovelBack(application.db, novelId))) throw new Failure('novel.not-in-trash', { novelId })
  await takeUpNovel(application, novelId)
}

/** The novel was put back: what was to be done for it goes on. */
export async function takeUpNovel(application: TrashParts, novelId: string): Promise<void> {
  const { db, dispatcher, lexicons, transcoder, eventBus, webhooks } = application
  eventBus.publish({ kind: 'novel', id: novelId })
  await lexicons.resume(novelId)
  for (const { id, desiredState, novelId: ofNovel } of await unfinishedGenerations(db)) {
    if (ofNovel !== novelId) continue
    if (desiredState === 'run') await dispatcher.plan([id])
    await dispatcher.refreshOne(id)
    eventBus.publish({ kind: 'generation', id })
  }
  transcoder.takeUp()
  // What it has to tell waited with it.
  webhooks.written()
}

/**
 * Deletes a novel, in the trash or not, with its generations, its files and the clips that no other novel shares. When
 * this returns nothing finds it any more; its rows and clips are deleted in the background, in batches. Segments in flight
 * are dropped. Throws `novel.unknown`.
 */
export async function deleteNovelForGood(application: TrashParts, novelId: string): Promise<void> {
  if (!(await deleteFor(application, novelId))) throw new Failure('novel.unknown', { novelId })
}

/** Deletes the novels that are in the trash for 30 days. */
export async function emptyOldTrash(application: TrashParts, now: number): Promise<void> {
  const before = new Date(now - trashDays * dayMs).toISOString()
  for (const id of await trashedBefore(application.db, before)) await deleteFor(application, id, before)
}

/** When a novel in the trash is deleted for good, ISO 8601. */
export function deletedForGoodAt({ deletedAt }: Pick<TrashedNovel, 'deletedAt'>): string {
  return new Date(Date.parse(deletedAt) + trashDays * dayMs).toISOString()
}

/** Bytes of the audio of a novel, also of clips that other novels share. */
export async function spokenBytes(
  { db, counts }: Pick<Application, 'db' | 'counts'>,
  novelId: string,
): Promise<number> {
  const ids = (await chaptersOf(db, novelId)).map(({ id }) => id)
  let bytes = 0
  for (const casting of await castingsOfNovel(db, novelId))
    for (const chapter of await counts.of(casting, ids)) bytes += chapter.bytes
  return bytes
}

/** Returns whether the novel was there. */
async function deleteFor(application: TrashParts, novelId: string, before?: string): Promise<boolean> {
  const { db, objects, dispatcher, transcoder, deletions, eventBus } = application
  // Files last: a crash in between leaves files that the database lists as leftovers.
  if (!(await transcoder.removeNovel(novelId, () => hideNovelForGood(db, novelId, before)))) return false
  eventBus.publish({ kind: 'novel', id: novelId })
  await dispatcher.removeNovel(novelId)
  await objects.delete([sourceKey(novelId), sourceCardKey(novelId), coverKey(novelId)])
  deletions.work()
  return true
}
