import type { Settings } from '../config.ts'
import type { Database } from '../storage/database-tables.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import { storedSourceIds } from '../storage/novel-files.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { takeOverCopy } from '../storage/queries/copy-queries.ts'
import { knowsNovels, openDatabase } from '../storage/sqlite/sqlite-database.ts'
import { storeIdentity } from '../storage/store-identity.ts'
import type { WatchedFiles } from '../storage/watched-files.ts'

export interface OpenedStorage {
  readonly db: Database
  /** SQLite's files; absent with a database server. */
  readonly files?: WatchedFiles
}

/**
 * Opens the database that the settings name, brought up to date. Throws `storage.lost`, `storage.damaged`,
 * `storage.unwritable`, `storage.newer`, `migrate.unfinished`, and `database.*` of a Postgres.
 */
export async function openStorage(
  settings: Settings,
  folder: DataPaths,
  objects: ObjectStore,
): Promise<OpenedStorage> {
  const storage = await openDatabaseOf(settings, folder, objects)
  try {
    await takeOverCopy(storage.db)
  } catch (error) {
    await storage.db.destroy()
    throw error
  }
  return storage
}

async function openDatabaseOf(
  settings: Settings,
  folder: DataPaths,
  objects: ObjectStore,
): Promise<OpenedStorage> {
  const { NIGHTJAR_DATABASE: url } = settings
  // Listing the sources takes a while in a bucket, and only a database without novels can be the wrong one.
  const books = async (): Promise<number> => (await storedSourceIds(objects)).length
  const identify = (): Promise<string> => storeIdentity(objects)
  if (url !== '') {
    // Loaded where it is used, as all that only some servers need: a server has the memory of what it loads.
    const { openPostgres } = await import('../storage/postgres/postgres-database.ts')
    return openPostgres({ url, folder: folder.root, books, identify })
  }
  const { root, nightjarDb: nightjar, clipsDb: clips } = folder
  return openDatabase({ folder: root, nightjar, clips, books: knowsNovels(nightjar) ? 0 : await books() })
}
