import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { deleteUnreferencedClips } from '../../storage/queries/clip-queries.ts'
import { incrementalVacuum } from '../../storage/sqlite/clips-database-file.ts'
import type { Database } from '../../storage/database-tables.ts'
import { deleteSomeNovelRows, hiddenNovels, runInBatches } from '../../storage/queries/deletion-queries.ts'
import type { ProgressCounts } from '../generations/progress-counts.ts'

export interface NovelDeletionParts {
  readonly db: Database
  readonly counts: ProgressCounts
  readonly log: Logger
  /** Whether there are books that the database does not know and that are yet to be taken up: clips may be theirs. */
  readonly hasUnknownNovels: () => boolean
}

/** After the disk or the database refused. */
const retryDelayMs = 30_000

/**
 * Deletes, behind the answers, the rows of hidden novels and the clips that no other novel shares, and gives their room
 * back to the disk. All that it needs to know is in the database: cut short by a crash, it goes on at the next start.
 * Close it with `stop`.
 */
export class NovelDeletion {
  readonly #parts: NovelDeletionParts
  readonly #stopping = new AbortController()
  #working: Promise<void> | undefined
  #again = false

  constructor(parts: NovelDeletionParts) {
    this.#parts = parts
  }

  /** Begins with what there is to delete, or looks again when it is through. */
  work(): void {
    this.#again = true
    this.#working ??= this.#work()
      .catch(async (error: unknown) => {
        const { signal } = this.#stopping
        if (signal.aborted) return
        this.#parts.log.error({ err: error }, 'a deletion was cut short and goes on in a while')
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
    const { db, counts, log, hasUnknownNovels } = this.#parts
    const { signal } = this.#stopping
    // Clips are put and counted between two steps, never during one: what is put is needed at that moment, and what is
    // swept is not.
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
        const swept = await deleteUnreferencedClips(db, texts)
        removed += swept.removed
        return swept.more
      }
      if (!hasUnknownNovels()) await runInBatches(sweep, { within, signal })
    }
    if (removed > 0) log.info({ removed }, 'clips that no novel needs were removed')
    for (const file of ['clips', 'main'] as const) {
      await runInBatches((pages) => incrementalVacuum(db, file, pages), { signal })
    }
  }
}
