import { Failure } from '../novel/failure.ts'
import { isDiskFull } from './local/disk-space.ts'
import { ObjectStoreError } from './object-store.ts'

// SQLite's primary result codes: https://sqlite.org/rescode.html
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
// Extended result codes of input and output that are damage, not trouble.
const failedRead = 266
const shortRead = 522

/** SQLite's extended result code. */
export function extendedCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined
}

/** SQLite's primary result code: the low byte of the extended one. */
function resultCode(error: unknown): number | undefined {
  const code = extendedCode(error)
  return code === undefined ? undefined : code & 0xff
}

/** SQLSTATE of an error of a Postgres server or of its driver. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'severity' in error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

const diskFullState = '53100'
const readOnlyState = '25006'

/**
 * Connection lost or refused, too few resources, server stopping or starting, input and output, a statement cancelled by
 * its time-out, a deadlock, a read-only standby.
 */
const troubleStates = /^(?:08...|53...|57...|58...|XX00[12]|40001|40P01|55P03|25006)$/

/** The file's content is corrupt or cannot be read. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error)
  if (code === corrupt || code === notADatabase) return true
  const extended = extendedCode(error)
  return extended === failedRead || extended === shortRead
}

/** The disk is full: a statement had no effect, or a file was not written. It can be retried later. */
export function isFull(error: unknown): boolean {
  if (error instanceof ObjectStoreError) return error.reason === 'full'
  return isSqliteFull(error) || sqlState(error) === diskFullState || isDiskFull(error)
}

export function isSqliteFull(error: unknown): boolean {
  return resultCode(error) === full
}

/** The database cannot be written for a reason other than a full disk. */
export function isUnwritable(error: unknown): boolean {
  if (sqlState(error) === readOnlyState) return true
  const code = resultCode(error)
  return code === readOnly || code === cantOpen || (code === inputOutput && !isDamage(error))
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

/** The error lies with the disk, the file or the database server, not with the data written; it may be transient. */
export function isStorageError(error: unknown): boolean {
  if (error instanceof Failure) return error.code.startsWith('storage.')
  if (error instanceof ObjectStoreError) return true
  return (
    storageErrorCodes.has(resultCode(error)) || troubleStates.test(sqlState(error) ?? '') || isDiskFull(error)
  )
}
