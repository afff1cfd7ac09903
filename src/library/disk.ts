import { statfs } from 'node:fs/promises'
import type { Folder } from './folder.ts'

/** Bytes that this process may still write below the data folder. */
export async function freeBytes(folder: Folder): Promise<number> {
  const { bavail, bsize } = await statfs(folder.root)
  return bavail * bsize
}
