import type { Logger } from 'pino'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { endLexicon, lexiconBook, wantedLexicons } from '../../storage/queries/lexicon-book-queries.ts'
import type { EventBus } from '../event-bus.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'

interface LexiconUpdateParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly eventBus: EventBus
  readonly log: Logger
  /** Has a novel said as the lexicon has it; `token`: of the wish that is fulfilled by it. */
  readonly apply: (novelId: string, token: string, signal: AbortSignal) => Promise<void>
}

/** After an error of the database. */
const retryDelayMs = 5000

/**
 * Brings novels up to date with the lexicon in the background, one at a time on each server. What is wanted is committed
 * with the change of the lexicon, so that a killed server resumes it. Close it with `stop`.
 */
export class LexiconUpdates {
  readonly #parts: LexiconUpdateParts
  #worker: JobWorker | undefined
  #stopped = false

  constructor(parts: LexiconUpdateParts) {
    this.#parts = parts
  }

  /** Has novels that are wanted brought up to date, when the transaction commits. */
  async send(novelIds: readonly string[], transaction: Database): Promise<void> {
    const jobs = novelIds.map((novelId) => ({ data: { novelId }, singletonKey: novelId }))
    await this.#parts.jobs.sendAll('apply-lexicon', jobs, { transaction })
    this.#start()
  }

  /** The same for one that may be wanted. */
  async resume(novelId: string): Promise<void> {
    const { db } = this.#parts
    if ((await lexiconBook(db, novelId))?.state === 'wanted') await this.send([novelId], db)
  }

  /** Takes up what is not done. */
  work(): void {
    this.#start()
    this.#takeUp().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'novels that the lexicon concerns could not be taken up')
    })
  }

  /** Aborts the one under way; the next start begins it anew. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#worker?.[Symbol.asyncDispose]()
  }

  async #takeUp(): Promise<void> {
    const { db } = this.#parts
    const wanted = await wantedLexicons(db)
    if (wanted.length > 0) await this.send(wanted, db)
  }

  #start(): void {
    if (this.#stopped) return
    this.#worker ??= this.#parts.jobs.work(
      'apply-lexicon',
      { concurrency: () => 1, retries: Infinity, backoffMs: () => retryDelayMs },
      ({ novelId }, { signal }) => this.#update(novelId, signal),
    )
  }

  async #update(novelId: string, signal: AbortSignal): Promise<void> {
    const { db, eventBus, log, apply } = this.#parts
    for (;;) {
      const book = await lexiconBook(db, novelId)
      if (book?.state !== 'wanted') return
      try {
        await apply(novelId, book.token, signal)
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof Failure)) throw error
        // It is in the trash; who brings it back has it taken up.
        if (error.code === 'novel.unknown') return
        log.warn({ err: error, novel: novelId }, 'a novel could not be said as the lexicon has it')
        await endLexicon(db, novelId, book.token, 'failed')
      }
      eventBus.publish({ kind: 'novel', id: novelId })
    }
  }
}
