import { statfs } from 'node:fs/promises'
import type { DataPaths } from './data-paths.ts'

/** So much is kept free for requests, positions and the database's own work. */
export const reserveBytes = 64 * 1024 * 1024

/** Bytes that this process may still write below the data folder. */
export async function freeBytes(folder: DataPaths): Promise<number> {
  const { bavail, bsize } = await statfs(folder.root)
  return bavail * bsize
}

/** No room on the disk, none left of this user's share of it, no more for one file of this process (`ulimit -f`). */
const diskFullCodes = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Whether a file could not be written for want of room: it can be tried again when there is some. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && diskFullCodes.has(error.code)
}

/** For people. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
