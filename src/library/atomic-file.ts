import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Writes a file whole or not at all: a temporary file in `incoming`, fsync, rename, fsync of the folder. What a
 * crash leaves in `incoming` is swept at the next start.
 */
export async function writeFileAtomically(temporaryFolder: string, target: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(temporaryFolder, randomUUID())
  try {
    await using file = await open(temporary, 'wx')
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await renameDurably(temporary, target)
}

/** Renames a file that is already on the disk, and makes the new name durable. */
export async function renameDurably(temporary: string, target: string): Promise<void> {
  await rename(temporary, target)
  await syncFolder(dirname(target))
}

/** Makes names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle
  try {
    handle = await open(folder, 'r')
  } catch (error) {
    // Windows opens no folders; its renames are journalled by NTFS.
    if (process.platform === 'win32') return
    throw error
  }
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
