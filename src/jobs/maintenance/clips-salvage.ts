import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../../novel/failure.ts'
import { trashSalvagedDatabase } from '../../storage/folder/unreferenced-files.ts'
import { keepUnsalvagedFile } from '../../storage/sqlite/clips-database-file.ts'
import type { DamageGuard } from '../../storage/sqlite/damage-guard.ts'
import { insertSalvagedClips, SalvagedClips } from '../../storage/sqlite/damaged-clips-reader.ts'
import { checkIntegrityInWorker } from '../../storage/sqlite/integrity-check.ts'
import { isFull, isStorageError } from '../../storage/sqlite/sqlite-errors.ts'
import type { Application } from '../application.ts'
import { yieldToEventLoop } from '../concurrency.ts'
import { auditFinished } from './recover.ts'

/** How long a salvage waits for the disk, which may be full: nothing is spoken meanwhile, so not for ever. */
interface RetryPolicy {
  /** Between two tries. */
  readonly delayMs: number
  /** So many without success are enough. */
  readonly maxAttempts: number
}

const defaultRetryPolicy: RetryPolicy = { delayMs: 5000, maxAttempts: 60 }
/** After so many commits progress is counted anew, so that it is seen to grow. */
const commitsPerInvalidation = 100

/**
 * Brings what can be read of a damaged `clips.db` into the new one, then has the rest spoken again. Meanwhile nothing
 * is handed out, or what is about to come back would be spoken twice. Cut short, it begins again at the next start.
 * Whatever goes wrong with it, the work goes on behind it, and the damaged file is kept.
 */
export async function salvageClips(
  application: Application,
  aside: string,
  signal: AbortSignal,
  retryPolicy = defaultRetryPolicy,
): Promise<void> {
  const { log, problems } = application
  try {
    await copySalvaged(application, aside, signal, retryPolicy)
  } catch (error) {
    if (!signal.aborted) giveUp(application, aside, error)
  }
  if (signal.aborted) return
  problems.resolve('storage.salvaging')
  try {
    await application.counts.invalidate(undefined, () => Promise.resolve())
    await application.dispatcher.refresh()
    await auditFinished(application, signal)
  } catch (error) {
    log.error(
      { err: error },
      'what a damaged clips.db has lost could not all be asked for; the next start does it',
    )
  }
}

/** Returns when it is done or the signal aborts. Throws what SQLite says, of a full disk only in the end. */
async function copySalvaged(
  { db, counts, folder, log }: Application,
  aside: string,
  signal: AbortSignal,
  retryPolicy: RetryPolicy,
): Promise<void> {
  await counts.invalidate(undefined, () => Promise.resolve())
  const salvaged = new SalvagedClips(aside)
  let clips = 0
  try {
    let commits = 0
    for await (const rows of salvaged.rows(yieldToEventLoop)) {
      await putWithRetry(() => counts.runExclusive(() => insertSalvagedClips(db, rows)), signal, retryPolicy)
      if (signal.aborted) return
      clips += rows.length
      if (++commits % commitsPerInvalidation === 0)
        await counts.invalidate(undefined, () => Promise.resolve())
      await yieldToEventLoop()
    }
  } finally {
    salvaged.close()
  }
  log.warn({ clips, lost: salvaged.lost }, 'what could be read of the damaged clips.db is in the new one')
  await trashSalvagedDatabase(folder, aside, Date.now()).catch((error: unknown) =>
    log.error({ err: error, aside }, 'what is left of the damaged clips.db could not be put into the trash'),
  )
}

/** The disk or another program refuses for a while; damage of `nightjar.db` is for good. */
function isTransient(error: unknown): boolean {
  return isStorageError(error) && !(error instanceof Failure)
}

/** What the disk refuses it may allow at the next start, which tries again; anything else would be met again. */
function giveUp({ folder, log, problems }: Application, aside: string, error: unknown): void {
  let kept = aside
  try {
    if (!isTransient(error)) kept = keepUnsalvagedFile(folder.clipsDb, aside)
  } catch (cause) {
    log.error({ err: cause, aside }, 'a damaged clips.db could not be moved away')
  }
  const detail = isFull(error) ? 'there is no room for it' : 'the log has the details'
  const sentence = problems.report('storage.unsalvaged', { folder: folder.root, detail, file: kept })
  log.error({ err: error }, sentence)
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

interface MonitoredStorage {
  readonly guard: DamageGuard
  /** A damaged `clips.db` that waits for its salvage. */
  readonly salvage?: string
}

/**
 * Notes damage of the files as it is found, and has it mended where it can be. Nothing is spoken until it is. Close it
 * with `stop`.
 */
export class StorageMonitor {
  readonly #application: Application
  readonly #guard: DamageGuard
  readonly #abort = new AbortController()
  /** Files that were set aside before the work began. */
  #waiting: string[] = []
  #working: Promise<void> | undefined

  constructor(application: Application, { guard, salvage }: MonitoredStorage) {
    this.#application = application
    this.#guard = guard
    const { folder, log, problems } = application
    guard.subscribe({
      onClipsQuarantined: (aside) => this.#setAside(aside),
      onDamage: (detail) => log.error(problems.report('storage.damaged', { folder: folder.root, detail })),
    })
    if (salvage !== undefined) this.#setAside(salvage)
  }

  /** Resolves when what was found damaged before is mended. */
  async work(): Promise<void> {
    const { folder, log } = this.#application
    checkIntegrityInWorker(folder.nightjarDb, this.#abort.signal)
      .then((damage) => damage !== undefined && this.#guard.markDamaged(damage))
      .catch((error: unknown) => log.error({ err: error }, 'nightjar.db could not be looked through'))
    this.#working = Promise.resolve()
    for (const aside of this.#waiting) this.#salvage(aside)
    return this.#working
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    await this.#working
  }

  #setAside(aside: string): void {
    const { folder, log, problems } = this.#application
    log.warn({ aside }, problems.report('storage.salvaging', { folder: folder.root }))
    if (this.#working) this.#salvage(aside)
    else this.#waiting.push(aside)
  }

  #salvage(aside: string): void {
    const { log } = this.#application
    this.#working = this.#working
      ?.then(() => salvageClips(this.#application, aside, this.#abort.signal))
      .catch((error: unknown) => {
        log.error({ err: error, aside }, 'the salvage of clips.db was cut short')
      })
  }
}
