import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { DataPaths } from '../../storage/local/data-paths.ts'
import { receiveFile, type TemporaryFile } from '../../storage/local/temporary-files.ts'
import type { FoundFile } from './inbox-books.ts'

/**
 * Copies a file of the watched folder among the temporary ones, reading alone. `undefined` if it is not the file that was
 * found any more, changed while it was copied, or lies outside of the folder by a link. `root`: without links itself.
 */
export async function copyFound(
  root: string,
  found: FoundFile,
  folder: DataPaths,
  signal: AbortSignal,
): Promise<TemporaryFile | undefined> {
  const path = join(root, found.path)
  // Neither waits for whoever writes into a pipe nor follows a link.
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (isGone(error)) return undefined
      throw error
    },
  )
  if (!file || !(await isStill(file, found)) || !(await isBelow(root, path))) return undefined
  const copy = await receiveFile(folder, file.createReadStream({ autoClose: false }), signal)
  if (copy.bytes === found.size && (await isStill(file, found))) return copy
  await copy[Symbol.asyncDispose]()
  return undefined
}

async function isStill(file: FileHandle, { size, mtimeMs }: FoundFile): Promise<boolean> {
  const now = await file.stat()
  return now.isFile() && now.size === size && Math.floor(now.mtimeMs) === mtimeMs
}

async function isBelow(root: string, path: string): Promise<boolean> {
  const folder = await realpath(dirname(path))
  return folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep)
}

function isGone(error: unknown): boolean {
  return ['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '')
}
