import { DatabaseSync } from 'node:sqlite'
import { Failure } from '../../novel/failure.ts'

/**
 * Locks a data folder for this process by an exclusive transaction that stays open. The operating system releases the
 * lock when the process dies, so no stale lock can exist. Throws `storage.in-use`, `storage.unwritable`.
 */
export function lockFolder(file: string, folder: string): Disposable {
  const sqlite = new DatabaseSync(file)
  try {
    // A journal file could not be written on a full disk.
    sqlite.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (cause) {
    sqlite.close()
    if (isBusy(cause)) throw new Failure('storage.in-use', { folder }, { cause })
    throw new Failure('storage.unwritable', { folder, detail: (cause as Error).message }, { cause })
  }
  return { [Symbol.dispose]: () => sqlite.close() }
}

const sqliteBusy = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}
