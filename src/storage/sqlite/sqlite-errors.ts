import { Failure } from '../../novel/failure.ts'
import { isDiskFull } from '../folder/disk-space.ts'

// https://sqlite.org/rescode.html
const noPermission = 3
const busy = 5
const locked = 6
const noMemory = 7
const readOnly = 8
const inputOutput = 10
const corrupt = 11
const full = 13
const cantOpen = 14
const protocol = 15
const notADatabase = 26
const failedRead = 266
const shortRead = 522
const noSharedMemory = new Set([4618, 4874, 5386])

/** SQLite's extended result code. */
function extendedCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined
}

/** SQLite's primary result code: the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  const code = extendedCode(error)
  return code === undefined ? undefined : code & 0xff
}

/** The file's content is corrupt or cannot be read. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error)
  if (code === corrupt || code === notADatabase) return true
  const extended = extendedCode(error)
  return extended === failedRead || extended === shortRead
}

/** The disk is full: a statement had no effect, or a file was not written. It can be retried later. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === full || isDiskFull(error)
}

/** A file cannot be written for a reason other than a full disk. */
export function isUnwritable(error: unknown): boolean {
  const code = resultCode(error)
  return code === readOnly || code === cantOpen || (code === inputOutput && !isDamage(error))
}

/** The disk has no space for the shared-memory file (`-shm`), the index of the write-ahead log. */
export function lacksSharedMemory(error: unknown): boolean {
  return noSharedMemory.has(extendedCode(error) ?? 0) || resultCode(error) === full
}

const storageErrorCodes = new Set<number | undefined>([
  noPermission,
  busy,
  locked,
  noMemory,
  readOnly,
  inputOutput,
  corrupt,
  full,
  cantOpen,
  protocol,
  notADatabase,
])

/** The error lies with the disk or the file, not with the data written; it may be transient. */
export function isStorageError(error: unknown): boolean {
  if (error instanceof Failure) return error.code.startsWith('storage.')
  return storageErrorCodes.has(resultCode(error)) || isDiskFull(error)
}
