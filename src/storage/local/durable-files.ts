import { randomUUID } from 'node:crypto'
import { mkdirSync, statSync } from 'node:fs'
import { copyFile, type FileHandle, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * Writes a file completely or not at all: a temporary file in `temporaryFolder`, fsync, rename, fsync of the folder.
 * The next start sweeps what a crash leaves in the temporary folder. `mode`: before the umask.
 */
export async function writeFileAtomically(
  temporaryFolder: string,
  target: string,
  bytes: Uint8Array,
  mode = 0o666,
): Promise<void> {
  const temporary = join(temporaryFolder, randomUUID())
  try {
    await using file = await open(temporary, 'wx', mode)
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await renameDurably(temporary, target)
}

/** Renames a file that is already synced, and makes the new name durable. */
export async function renameDurably(temporary: string, target: string): Promise<void> {
  await rename(temporary, target)
  await syncFolder(dirname(target))
}

/** Makes the names in a folder durable (fsync of the folder). */
export async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle
  try {
    handle = await open(folder, 'r')
  } catch (error) {
    // Windows cannot open folders; NTFS journals its renames.
    if (process.platform === 'win32') return
    throw error
  }
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A rename between two file systems fails, and so does one from or to a mount point. */
const renameRefusedCodes = new Set<unknown>(['EXDEV', 'EBUSY'])

type Rename = (from: string, to: string) => Promise<void>

/**
 * Moves a file or a folder: by one rename, or else file by file, each of which is durable under its new name before the
 * old one is removed. An interrupted move continues when called again. A mount point is left behind as an empty folder.
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
    // Copying a pipe would never end, and a link leads elsewhere.
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
 * Creates a folder and its missing parents, like `mkdir -p`. Node's own recursive `mkdir` loops for ever where the
 * system answers ENOENT although the parent exists, as `/proc` does. Throws the system's error.
 */
export function makeFolders(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !exists(at); at = dirname(at)) missing.push(at)
  // The path exists: throws EEXIST if it is no folder.
  if (missing.length === 0) mkdirSync(path, { recursive: true })
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder)
    } catch (error) {
      // Another process may have created it meanwhile.
      if (!exists(folder)) throw error
    }
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
