import { join, resolve } from 'node:path'
import { objectsAddress, type Settings } from '../config.ts'
import { Failure } from '../novel/failure.ts'
import type { DataPaths } from '../storage/local/data-paths.ts'
import { makeFolders } from '../storage/local/durable-files.ts'
import { FolderObjectStore } from '../storage/folder/folder-object-store.ts'
import { type ObjectStore, ObjectStoreError } from '../storage/object-store.ts'

/** Bytes that copies of objects may take on this machine. */
const copiesLimit = 5e9

/**
 * The store of the settings: a bucket, a shared folder, or the data folder itself, which is `own`. `copies` is for objects
 * of a bucket as files of this machine, and is emptied. Throws `storage.no-objects` and `storage.unwritable`.
 */
export async function openObjectStore(
  settings: Settings,
  folder: DataPaths,
  own: ObjectStore = new FolderObjectStore(folder.root, folder.temporary),
  copies = join(folder.root, 'copies'),
): Promise<ObjectStore> {
  const address = objectsAddress(settings.NIGHTJAR_OBJECTS)
  if (address === '') return own
  if (typeof address === 'string') return openSharedFolder(resolve(address))
  const { S3ObjectStore } = await import('../storage/s3/s3-object-store.ts')
  const objects = new S3ObjectStore({
    address,
    accessKeyId: settings.AWS_ACCESS_KEY_ID,
    secretAccessKey: settings.AWS_SECRET_ACCESS_KEY,
    copies: { folder: copies, limit: copiesLimit },
  })
  try {
    await objects.open()
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    throw new Failure('storage.no-objects', { detail: error.message }, { cause: error })
  }
  return objects
}

function openSharedFolder(root: string): ObjectStore {
  const temporary = join(root, 'incoming')
  try {
    makeFolders(temporary)
  } catch (cause) {
    throw new Failure('storage.unwritable', { folder: root, detail: (cause as Error).message }, { cause })
  }
  return new FolderObjectStore(root, temporary)
}
