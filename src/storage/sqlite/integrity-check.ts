import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { Failure } from '../../novel/failure.ts'
import { isDamage } from '../storage-errors.ts'
import { lacksSharedMemory } from './sqlite-errors.ts'

/** A check reads the whole file, some 1.5 ms per megabyte; larger files are checked in a worker thread. */
const maxBytesCheckedAtStart = 256 * 1024 * 1024

/**
 * Checks `nightjar.db` before anything is written to it: every page of every table and index, and all foreign keys. A
 * large file is left to `checkIntegrityInWorker`. Read-only, so that damage is not overwritten. Throws
 * `storage.damaged`.
 */
export function checkIntegrityAtStart(file: string, folder: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 || size > maxBytesCheckedAtStart) return
  const damage = fileIntegrityError(file)
  if (damage !== undefined) throw new Failure('storage.damaged', { folder, detail: damage })
}

/**
 * Checks a file that was too large for `checkIntegrityAtStart` in a worker thread. Resolves with its first integrity
 * error; `undefined` if it is intact, small, or the signal was aborted.
 */
export function checkIntegrityInWorker(file: string, signal: AbortSignal): Promise<string | undefined> {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size <= maxBytesCheckedAtStart) return Promise.resolve(undefined)
  const checked = Promise.withResolvers<string | undefined>()
  const worker = new Worker(new URL('./integrity-check-worker.ts', import.meta.url), { workerData: file })
  const stop = (): void => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  worker.once('message', (damage: string | undefined) => checked.resolve(damage))
  worker.once('error', (error) => checked.reject(error))
  worker.once('exit', () => checked.resolve(undefined))
  worker.unref()
  return checked.promise.finally(() => signal.removeEventListener('abort', stop))
}

/** The first integrity error of a database file; `undefined` if it is intact or a full disk prevents the check. */
export function fileIntegrityError(file: string): string | undefined {
  let sqlite: DatabaseSync | undefined
  try {
    sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    sqlite.exec('PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY')
    return integrityError(sqlite)
  } catch (error) {
    if (isDamage(error)) return (error as Error).message
    // The disk is full: `openDatabase` checks the file on the connection that it opens next.
    if (lacksSharedMemory(error)) return undefined
    throw error
  } finally {
    sqlite?.close()
  }
}

/** The first integrity error of a connection's main database, if any. Throws if it cannot be read at all. */
export function integrityError(sqlite: DatabaseSync): string | undefined {
  const structure = String(sqlite.prepare('PRAGMA main.quick_check(1)').get()?.['quick_check'])
  // The message may begin with a line that names the database.
  if (structure !== 'ok') return structure.replace(/^\*\*\* in database \w+ \*\*\*\n/, '').split('\n')[0]
  const orphan = sqlite.prepare('PRAGMA main.foreign_key_check').get()
  return orphan && `a row of ${String(orphan['table'])} belongs to none of ${String(orphan['parent'])}`
}
