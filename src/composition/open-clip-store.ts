import type { Settings } from '../config.ts'
import { Failure } from '../novel/failure.ts'
import type { ClipStore, ClipUpkeep } from '../storage/clip-store.ts'
import { RowClipStore } from '../storage/clips/row-clip-store.ts'
import type { Database } from '../storage/database-tables.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { hasClipObjects } from '../storage/queries/clip-object-queries.ts'
import { sqlDialect } from '../storage/sql-dialect.ts'

export interface OpenedClipStore {
  readonly clips: ClipStore
  /** Absent where clips are in their rows. */
  readonly upkeep?: ClipUpkeep
}

/**
 * Where the audio of clips is kept: with a Postgres and a store of objects there, else in their rows. Throws
 * `storage.no-objects`.
 */
export async function openClipStore(
  settings: Pick<Settings, 'NIGHTJAR_OBJECTS'>,
  db: Database,
  objects: ObjectStore,
): Promise<OpenedClipStore> {
  if (!sqlDialect(db).shared) return { clips: new RowClipStore(db) }
  if (settings.NIGHTJAR_OBJECTS === '') {
    // As rows without audio they would all count as damaged, and be spoken again.
    if (await hasClipObjects(db))
      throw new Failure('storage.no-objects', {
        detail: 'the database has clips in a bucket or shared folder',
      })
    return { clips: new RowClipStore(db) }
  }
  const [{ ObjectClipStore }, { packChapter }, { removeLeftoverObjects, trashOrphanObjects }] =
    await Promise.all([
      import('../storage/clips/object-clip-store.ts'),
      import('../storage/clips/clip-packs.ts'),
      import('../storage/clips/clip-object-sweep.ts'),
    ])
  const sources = { db, objects }
  return {
    clips: new ObjectClipStore(db, objects),
    upkeep: {
      pack: (chapterId, casting, signal) => packChapter(sources, chapterId, casting, signal),
      removeLeftovers: (signal) => removeLeftoverObjects(sources, signal),
      trashOrphans: (now, signal) => trashOrphanObjects(sources, now, signal),
    },
  }
}
