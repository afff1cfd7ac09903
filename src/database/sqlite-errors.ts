import { isDiskFull } from '../library/disk.ts'

// https://sqlite.org/rescode.html
const corrupt = 11
const full = 13
const notADatabase = 26
const failedRead = 266
const shortRead = 522

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
