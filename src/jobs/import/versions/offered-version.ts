import { coverKey, sourceCardKey, sourceKey } from '../../../storage/object-keys.ts'
import type { NovelRow } from '../../../storage/queries/novel-queries.ts'
import { dropVersion, makeSeparate } from '../../../storage/queries/novel-version-queries.ts'
import type { Application } from '../../application.ts'
import { renewSourceCard } from '../source-card.ts'

/** Drops a version that is offered, with its file. Returns whether it was offered still. */
export async function leaveVersion(
  { db, deletions, objects }: Pick<Application, 'db' | 'deletions' | 'objects'>,
  versionId: string,
): Promise<boolean> {
  if (!(await dropVersion(db, versionId))) return false
  // Files last: a crash in between leaves files that the database lists as leftovers.
  await objects.delete([sourceKey(versionId), sourceCardKey(versionId), coverKey(versionId)])
  deletions.work()
  return true
}

/** Makes an offered version a novel of its own. Returns whether it was offered. */
export async function separateVersion(
  { db, objects }: Pick<Application, 'db' | 'objects'>,
  { id }: Pick<NovelRow, 'id'>,
): Promise<boolean> {
  if (!(await makeSeparate(db, id))) return false
  await renewSourceCard({ db, objects }, id)
  return true
}
