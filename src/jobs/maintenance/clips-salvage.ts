import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../../novel/failure.ts'
import { trashSalvagedDatabase } from '../../storage/local/unreferenced-files.ts'
import { insertSalvagedClips } from '../../storage/queries/salvaged-clip-queries.ts'
import { isFull, isStorageError } from '../../storage/storage-errors.ts'
import type { WatchedFiles } from '../../storage/watched-files.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { auditFinished } from './recover.ts'

/** What a salvage works with. */
interface SalvageParts extends Pick<
  Application,
  'db' | 'counts' | 'dispatcher' | 'eventBus' | 'folder' | 'log' | 'problems'
> {
  readonly files: Pick<WatchedFiles, 'openSalvage' | 'keepUnsalvaged'>
}

interface MonitoredParts extends SalvageParts {
  readonly files: WatchedFiles
}

/** How long a salvage waits for the disk, which may be full. Limited, because nothing is spoken meanwhile. */
interface RetryPolicy {
  /** Between two attempts. */
  readonly delayMs: number
  /** After so many failed attempts the salvage is given up. */
  readonly maxAttempts: number
}

const defaultRetryPolicy: RetryPolicy = { delayMs: 5000, maxAttempts: 60 }
/** After so many commits the progress counts are invalidated, so that users see them grow. */
const commitsPerInvalidation = 100

/**
 * Copies the readable clips of a damaged `clips.db` (moved to the path `aside`) into the new one, then requeues the
 * rest. Meanwhile nothing is leased, or clips about to be copied would be spoken twice. If interrupted, it starts over at
 * the next start. If it fails, the damaged file is kept, and work goes on.
 */
export async function salvageClips(
  parts: SalvageParts,
  aside: string,
  signal: AbortSignal,
  retryPolicy = defaultRetryPolicy,
): Promise<void> {
  const { counts, dispatcher, log, problems } = parts
  try {
    await copySalvaged(parts, aside, signal, retryPolicy)
  } catch (error) {
    if (!signal.aborted) giveUp(parts, aside, error)
  }
  if (signal.aborted) return
  problems.resolve('storage.salvaging')
  try {
    await counts.invalidate(() => Promise.resolve())
    await dispatcher.refresh()
    await auditFinished(parts, signal)
  } catch (error) {
    log.error(
      { err: error },
      'clips lost with a damaged clips.db were not all requeued; the next start does it',
    )
  }
}

/** Returns when all is copied or the signal aborts. Throws SQLite's errors; those of a full disk after all attempts. */
async function copySalvaged(
  { db, counts, files, folder, log }: SalvageParts,
  aside: string,
  signal: AbortSignal,
  retryPolicy: RetryPolicy,
): Promise<void> {
  await counts.invalidate(() => Promise.resolve())
  const salvaged = files.openSalvage(aside)
  let clips = 0
  try {
    let commits = 0
    for await (const rows of salvaged.rows(yieldToEventLoop)) {
      await putWithRetry(() => counts.runExclusive(() => insertSalvagedClips(db, rows)), signal, retryPolicy)
      if (signal.aborted) return
      clips += rows.length
      if (++commits % commitsPerInvalidation === 0) await counts.invalidate(() => Promise.resolve())
      await yieldToEventLoop()
    }
  } finally {
    salvaged.close()
  }
  log.warn(
    { clips, lost: salvaged.lost },
    'the readable clips of the damaged clips.db were copied into the new one',
  )
  await trashSalvagedDatabase(folder, aside, Date.now()).catch((error: unknown) =>
    log.error({ err: error, aside }, 'the rest of the damaged clips.db could not be moved to the trash'),
  )
}

/** Errors of the disk, or of another program's lock, may pass; damage of `nightjar.db` does not. */
function isTransient(error: unknown): boolean {
  return isStorageError(error) && !(error instanceof Failure)
}

/**
 * After a transient error the file stays where the next start retries; after another it is moved away, as it would
 * recur.
 */
function giveUp({ files, folder, log, problems }: SalvageParts, aside: string, error: unknown): void {
  let kept = aside
  try {
    if (!isTransient(error)) kept = files.keepUnsalvaged(aside)
  } catch (cause) {
    log.error({ err: cause, aside }, 'a damaged clips.db could not be renamed')
  }
  const detail = isFull(error) ? 'there is no room for it' : 'the log has the details'
  const message = problems.report('storage.unsalvaged', { folder: folder.root, detail, file: kept })
  log.error({ err: error }, message)
}

async function putWithRetry(
  put: () => Promise<void>,
  signal: AbortSignal,
  { delayMs, maxAttempts }: RetryPolicy,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      return await put()
    } catch (error) {
      if (!isTransient(error) || attempt >= maxAttempts) throw error
      await wait(delayMs, undefined, { signal }).catch(() => undefined)
    }
  }
}

/**
 * Reports damage of the database files when it is found, and salvages a damaged `clips.db`; nothing is spoken meanwhile.
 * Close it with `stop`.
 */
export class StorageMonitor {
  readonly #parts: MonitoredParts
  readonly #abort = new AbortController()
  /** Files quarantined before `work` was called. */
  #quarantined: string[] = []
  #working: Promise<void> | undefined

  constructor(parts: MonitoredParts) {
    this.#parts = parts
    const { files, folder, log, problems } = parts
    files.subscribe({
      onClipsQuarantined: (aside) => this.#onQuarantined(aside),
      onDamage: (detail) => log.error(problems.report('storage.damaged', { folder: folder.root, detail })),
    })
    if (files.salvage !== undefined) this.#onQuarantined(files.salvage)
  }

  /** Starts the integrity check; resolves when the files quarantined so far are salvaged. */
  async work(): Promise<void> {
    const { files, log } = this.#parts
    files
      .checkIntegrity(this.#abort.signal)
      .catch((error: unknown) => log.error({ err: error }, 'the integrity check of nightjar.db failed'))
    this.#working = Promise.resolve()
    for (const aside of this.#quarantined) this.#salvage(aside)
    return this.#working
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#working
  }

  #onQuarantined(aside: string): void {
    const { folder, log, problems } = this.#parts
    log.warn({ aside }, problems.report('storage.salvaging', { folder: folder.root }))
    if (this.#working) this.#salvage(aside)
    else this.#quarantined.push(aside)
  }

  #salvage(aside: string): void {
    const { log } = this.#parts
    this.#working = this.#working
      ?.then(() => salvageClips(this.#parts, aside, this.#abort.signal))
      .catch((error: unknown) => {
        log.error({ err: error, aside }, 'the salvage of clips.db was interrupted')
      })
  }
}
