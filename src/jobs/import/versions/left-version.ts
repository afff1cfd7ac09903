import { coverKey, sourceCardKey, sourceKey } from '../../../storage/object-keys.ts'
import { dropVersion } from '../../../storage/queries/novel-version-queries.ts'
import type { Application } from '../../application.ts'

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
