import type { Logger } from 'pino'
import type { ClipStore } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { deleteSomeNovelRows, hiddenNovels, runInBatches } from '../../storage/queries/deletion-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'

export interface NovelDeletionParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly clips: ClipStore
  readonly counts: ProgressCounts
  readonly log: Logger
  /** Whether sources that the database lacks are still to be re-imported: unreferenced clips may be theirs. */
  readonly hasUnknownNovels: () => boolean
}

/** After an error of the disk or the database. */
const retryDelayMs = 30_000

/**
 * Deletes, in the background, the rows of hidden novels and the clips that no other novel shares, and returns their
 * space to the disk: on one server at a time. Its state is in the database: after a crash another server resumes it, or the
 * next start. Close it with `stop`.
 */
export class NovelDeletion {
  readonly #parts: NovelDeletionParts
  /** Whether this server deletes for all, set by `Maintenance`: it knows which clips may be those of unknown novels. */
  active = true
  #worker: JobWorker | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(parts: NovelDeletionParts) {
    this.#parts = parts
  }

  /** Starts a run, or another one after the current, on the server that deletes. */
  work(): void {
    if (this.#stopped) return
    const { jobs, log } = this.#parts
    if (this.active) {
      this.#worker ??= jobs.work(
        'delete-novels',
        { concurrency: () => 1, retries: Infinity, backoffMs: () => retryDelayMs },
        (_, { signal }) => this.#run(signal),
      )
    }
    const data = { requestedAt: new Date().toISOString() }
    jobs.send('delete-novels', data, { singletonKey: 'all' }).catch((error: unknown) => {
      log.error({ err: error }, 'a deletion could not be started and is started later')
      clearTimeout(this.#timer)
      if (!this.#stopped) this.#timer = setTimeout(() => this.work(), retryDelayMs)
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#worker?.[Symbol.asyncDispose]()
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      await this.#delete(signal)
    } catch (error) {
      if (!signal.aborted) this.#parts.log.error({ err: error }, 'a deletion failed and is retried later')
      throw error
    }
    signal.throwIfAborted()
  }

  async #delete(signal: AbortSignal): Promise<void> {
    const { db, clips, counts, log, hasUnknownNovels } = this.#parts
    // Clips are stored and counted between two steps, never during one: a clip that is stored is referenced at that
    // moment, and one that is swept is not.
    const within = <T>(step: () => Promise<T>) => counts.runExclusive(step)
    let removed = 0
    for (const novelId of await hiddenNovels(db)) {
      const step = async (rows: number) => {
        const { chapterIds, more } = await deleteSomeNovelRows(db, novelId, rows)
        counts.invalidateChapters(chapterIds)
        return more
      }
      await runInBatches(step, { within, signal })
    }
    const sweep = async (texts: number) => {
      const swept = await clips.deleteUnreferenced(texts)
      removed += swept.removed
      return swept.more
    }
    if (!hasUnknownNovels()) await runInBatches(sweep, { within, signal })
    if (removed > 0) log.info({ removed }, 'unreferenced clips were deleted')
    for (const part of ['clips', 'main'] as const) {
      await runInBatches((pages) => sqlDialect(db).reclaimSpace(db, part, pages), { signal })
    }
  }
}
