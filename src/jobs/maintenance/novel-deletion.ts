import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ClipStore } from '../../storage/clip-store.ts'
import type { Database } from '../../storage/database-tables.ts'
import { deleteSomeNovelRows, hiddenNovels, runInBatches } from '../../storage/queries/deletion-queries.ts'
import { sqlDialect } from '../../storage/sql-dialect.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'

export interface NovelDeletionParts {
  readonly db: Database
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
 * space to the disk. Its state is in the database: after a crash it resumes at the next start. Close it with `stop`.
 */
export class NovelDeletion {
  readonly #parts: NovelDeletionParts
  readonly #stopping = new AbortController()
  #working: Promise<void> | undefined
  #again = false

  constructor(parts: NovelDeletionParts) {
    this.#parts = parts
  }

  /** Starts a run, or another one after the current. */
  work(): void {
    this.#again = true
    this.#working ??= this.#work()
      .catch(async (error: unknown) => {
        const { signal } = this.#stopping
        if (signal.aborted) return
        this.#parts.log.error({ err: error }, 'a deletion failed and is retried later')
        this.#again = true
        await wait(retryDelayMs, undefined, { signal }).catch(() => undefined)
      })
      .finally(() => {
        this.#working = undefined
        if (this.#again && !this.#stopping.signal.aborted) this.work()
      })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#working
  }

  async #work(): Promise<void> {
    const { db, clips, counts, log, hasUnknownNovels } = this.#parts
    const { signal } = this.#stopping
    // Clips are stored and counted between two steps, never during one: a clip that is stored is referenced at that
    // moment, and one that is swept is not.
    const within = <T>(step: () => Promise<T>) => counts.runExclusive(step)
    let removed = 0
    while (this.#again && !signal.aborted) {
      this.#again = false
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
    }
    if (removed > 0) log.info({ removed }, 'unreferenced clips were deleted')
    for (const part of ['clips', 'main'] as const) {
      await runInBatches((pages) => sqlDialect(db).reclaimSpace(db, part, pages), { signal })
    }
  }
}
