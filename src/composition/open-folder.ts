import { rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Settings } from '../config.ts'
import { FolderObjectStore } from '../storage/folder/folder-object-store.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import { finishSwap } from '../storage/local/restore-swap.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { emptyTrashDaily } from '../storage/unreferenced-objects.ts'
import { openClipStore, type OpenedClipStore } from './open-clip-store.ts'
import { openObjectStore } from './open-object-store.ts'
import { type OpenedStorage, openStorage } from './open-storage.ts'

interface OpenFolder extends OpenedStorage, OpenedClipStore {
  readonly objects: ObjectStore
}

/**
 * Opens the stores and the database that the settings name; the data folder is locked already. Throws what `openStorage`
 * throws.
 */
export async function openFolder(
  settings: Settings,
  folder: DataPaths,
  log: Logger,
  closing: AsyncDisposableStack,
): Promise<OpenFolder> {
  if (await finishSwap(folder)) log.warn('an interrupted restore of a backup was completed')
  // The address of a killed server: by now unused, or another program's.
  await rm(folder.serverAddress, { force: true })
  const own = new FolderObjectStore(folder.root, folder.temporary)
  const objects = await openObjectStore(settings, folder, own)
  const storage = await openStorage(settings, folder, objects)
  closing.defer(() => storage.db.destroy())
  const clipStore = await openClipStore(settings, storage.db, objects)
  // The data folder has a trash of its own, for downloads and databases, also where the objects are elsewhere.
  const stores = [...new Set([objects, own])]
  closing.use(emptyTrashDaily(stores, (err) => log.error({ err }, 'the trash could not be emptied')))
  return { ...storage, ...clipStore, objects }
}
