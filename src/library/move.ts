import { copyFile, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from './atomic-file.ts'

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
