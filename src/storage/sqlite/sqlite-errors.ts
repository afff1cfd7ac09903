import { isDiskFull } from '../folder/disk-space.ts'
import { Failure } from '../../novel/failure.ts'

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

/** The extended result code of SQLite. */
function extendedCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined
}

/** The primary one, which is its low byte. */
function resultCode(error: unknown): number | undefined {
  const code = extendedCode(error)
  return code === undefined ? undefined : code & 0xff
}

/** What is in a file is not what was written there, or cannot be read any more. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error)
  if (code === corrupt || code === notADatabase) return true
  const extended = extendedCode(error)
  return extended === failedRead || extended === shortRead
}

/** No room for a statement, which did nothing then, or for a file: it can be tried again later. */
export function isFull(error: unknown): boolean {
  return resultCode(error) === full || isDiskFull(error)
}

/** A file cannot be written for another reason than want of room. */
export function isUnwritable(error: unknown): boolean {
  const code = resultCode(error)
  return code === readOnly || code === cantOpen || (code === inputOutput && !isDamage(error))
}

/** There is no room for the index of the write-ahead log, which lies beside a database while it is open. */
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

/** The disk or the file refuses, whatever is written: not a fault of what is, and it may be over at any time. */
export function isStorageError(error: unknown): boolean {
  if (error instanceof Failure) return error.code.startsWith('storage.')
  return storageErrorCodes.has(resultCode(error)) || isDiskFull(error)
}
