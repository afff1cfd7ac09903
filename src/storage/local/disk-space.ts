import { statfs } from 'node:fs/promises'
import type { DataPaths } from './data-paths.ts'

/** Kept free for requests, positions and the database's own work. */
export const reserveBytes = 64 * 1024 * 1024

/** Bytes that this process may still write below the data folder. */
export async function freeBytes(folder: DataPaths): Promise<number> {
  const { bavail, bsize } = await statfs(folder.root)
  return bavail * bsize
}

/** Disk full, user's quota exceeded, file size limit of this process exceeded (`ulimit -f`). */
const diskFullCodes = new Set<unknown>(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** Whether a file could not be written because the disk is full; worth a retry when there is space. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && diskFullCodes.has(error.code)
}

/** For messages: `1.5 MB`. */
export function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
