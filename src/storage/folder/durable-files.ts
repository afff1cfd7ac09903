import { randomUUID } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { copyFile, type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * Writes a file whole or not at all: a temporary file in `incoming`, fsync, rename, fsync of the folder. What a
 * crash leaves in `incoming` is swept at the next start.
 */
export async function writeFileAtomically(
  temporaryFolder: string,
  target: string,
  bytes: Uint8Array,
): Promise<void> {
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

/** Between two file systems, or from or to a place at which one is mounted, nothing can be renamed. */
const renameRefusedCodes = new Set<unknown>(['EXDEV', 'EBUSY'])

type Rename = (from: string, to: string) => Promise<void>

/**
 * Moves a file or a folder: by one rename, or else file by file, each of which is on the disk under its new name before
 * it goes under its old one. Cut short, it is to be called again: what has gone over stays. A folder at which a file
 * system is mounted is left behind empty.
 */
export async function moveDurably(from: string, to: string, renamed: Rename = rename): Promise<void> {
  try {
    return await renamed(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && renameRefusedCodes.has(error.code))) throw error
  }
  const found = await lstat(from)
  if (found.isFile()) return copyThenRemove(from, to)
  if (!found.isDirectory()) {
    // A pipe would be read for ever, and a link leads elsewhere.
    const details = { code: 'EINVAL', syscall: 'copyfile' }
    throw Object.assign(new Error(`${from} is neither a file nor a folder`), details)
  }
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) await moveDurably(join(from, name), join(to, name), renamed)
  await rmdir(from).catch(() => undefined)
}

async function copyThenRemove(from: string, to: string): Promise<void> {
  const part = join(dirname(to), '.part')
  await rm(part, { force: true })
  await copyFile(from, part)
  {
    await using file = await open(part, 'r+')
    await file.sync()
  }
  await rename(part, to)
  await syncFolder(dirname(to))
  await rm(from)
}

/**
 * Makes a folder and those above it that are missing, as `mkdir -p`. Node's own recursive `mkdir` never ends where the
 * system says of a folder that is there that nothing can be made in it because it is not there, as `/proc` does. Throws
 * what the system says.
 */
export function makeFolders(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !exists(at); at = dirname(at)) missing.push(at)
  // It is there: what is no folder is named.
  if (missing.length === 0) mkdirSync(path, { recursive: true })
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder)
    } catch (error) {
      // Somebody else may have made it meanwhile.
      if (!exists(folder)) throw error
    }
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
