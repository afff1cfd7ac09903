import { statfs } from 'node:fs/promises'
import type { Folder } from './folder.ts'

/** So much is kept free for requests, positions and the database's own work. */
export const reserveBytes = 64 * 1024 * 1024

/** Bytes that this process may still write below the data folder. */
export async function freeBytes(folder: Folder): Promise<number> {
  const { bavail, bsize } = await statfs(folder.root)
  return bavail * bsize
}

/** Whether a write failed because there is no room: on the disk, or for this user. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

/** For people. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
