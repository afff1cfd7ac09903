import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { Failure } from '../../novel/failure.ts'
import { isDamage, lacksSharedMemory } from './sqlite-errors.ts'

/** A check reads the whole file, some 1.5 ms a megabyte; a larger one is checked beside everything else. */
const maxBytesCheckedAtStart = 256 * 1024 * 1024

/**
 * Looks through the whole of `nightjar.db` before anything is written to it: every page of every table and index, and
 * what refers to what. A large one is left to `checkBesides`. Only reads, or damage would be written over. Throws
 * `storage.damaged`.
 */
export function checkIntegrityAtStart(file: string, folder: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0 || size > maxBytesCheckedAtStart) return
  const damage = fileIntegrityError(file)
  if (damage !== undefined) throw new Failure('storage.damaged', { folder, detail: damage })
}

/** The same in a thread of its own, for a file that was too large. Resolves with what is wrong with it. */
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

/** What is wrong with a database, in SQLite's words; `undefined` if nothing is, or if there is no room to look. */
export function fileIntegrityError(file: string): string | undefined {
  let sqlite: DatabaseSync | undefined
  try {
    sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    sqlite.exec('PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY')
    return integrityError(sqlite)
  } catch (error) {
    if (isDamage(error)) return (error as Error).message
    // The disk is full; what opens the file next looks through it.
    if (lacksSharedMemory(error)) return undefined
    throw error
  } finally {
    sqlite?.close()
  }
}

/** The first complaint about the main database of a connection, if there is one. Throws when it cannot be read at all. */
export function integrityError(sqlite: DatabaseSync): string | undefined {
  const structure = String(sqlite.prepare('PRAGMA main.quick_check(1)').get()?.['quick_check'])
  // The words stand in lines, of which the first names the database.
  if (structure !== 'ok') return structure.replace(/^\*\*\* in database \w+ \*\*\*\n/, '').split('\n')[0]
  const orphan = sqlite.prepare('PRAGMA main.foreign_key_check').get()
  return orphan && `a row of ${String(orphan['table'])} belongs to none of ${String(orphan['parent'])}`
}
