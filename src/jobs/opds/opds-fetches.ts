import type { Logger } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import type { OpdsOutcome } from '../../novel/opds-source.ts'
import type { Database } from '../../storage/database-tables.ts'
import {
  deleteOpdsFetch,
  endOpdsFetch,
  insertOpdsFetches,
  type NewOpdsFetch,
  type OpdsFetch,
  opdsFetchById,
  retryOpdsFetch,
  trimOpdsFetches,
  waitingOpdsFetches,
} from '../../storage/queries/opds-fetch-queries.ts'
import type { JobProgress } from '../job-progress.ts'
import type { JobQueue, JobWorker } from '../job-queue.ts'
import { PassingOpdsError } from './opds-request.ts'
import { requireOpdsSource } from './opds-sources.ts'

/** Fetches a book and imports it. Throws a `PassingOpdsError` if another attempt may succeed. */
type ImportOpdsBook = (
  asked: OpdsFetch,
  report: (bytes: number) => void,
  signal: AbortSignal,
) => Promise<{ readonly novelId: string; readonly outcome: OpdsOutcome }>

interface OpdsFetchesParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly progress: JobProgress
  readonly log: Logger
  readonly importBook: ImportOpdsBook
}

/** What is told of books that ended; the rest is forgotten. */
const mostEnded = 500
/** Attempts that a connection is given, and any other trouble. */
const attempts = { connection: 5, other: 50 }
const firstRetryMs = 2000

/**
 * Fetches books of OPDS catalogues and imports them, two at a time on each server. What is asked for is a row before it is
 * answered, so that it goes on after a kill; a book that was imported when the row was not yet brought up to date is known by
 * its bytes. Close it with `stop`.
 */
export class OpdsFetches {
  readonly #parts: OpdsFetchesParts
  #worker: JobWorker | undefined
  #stopped = false

  constructor(parts: OpdsFetchesParts) {
    this.#parts = parts
  }

  /** Asks for books of a catalogue; durable when it returns. Throws `opds.unknown`. */
  async request(
    source: string,
    books: readonly Pick<NewOpdsFetch, 'address' | 'title' | 'author' | 'type'>[],
  ): Promise<readonly OpdsFetch[]> {
    const { db } = this.#parts
    await requireOpdsSource({ db }, source)
    const fetches = await db.transaction().execute(async (commit) => {
      const wanted = books.map((book) => ({ ...book, id: uuidv7(), source }))
      const inserted = await insertOpdsFetches(commit, source, wanted)
      for (const { id } of inserted) await this.#send(id, commit)
      return inserted
    })
    await trimOpdsFetches(db, mostEnded)
    this.#start()
    return fetches
  }

  /** Tries a book again that could not be fetched; one that waits or is there stays as it is. Throws `opds.no-fetch`. */
  async retry(id: string): Promise<void> {
    const { db } = this.#parts
    if (!(await opdsFetchById(db, id))) throw new Failure('opds.no-fetch', { id })
    await db.transaction().execute(async (commit) => {
      if (await retryOpdsFetch(commit, id)) await this.#send(id, commit)
    })
    this.#start()
  }

  /** Forgets a book: one that waits is not fetched, what was imported stays. Throws `opds.no-fetch`. */
  async forget(id: string): Promise<void> {
    const { db, jobs } = this.#parts
    if (!(await deleteOpdsFetch(db, id))) throw new Failure('opds.no-fetch', { id })
    await jobs.cancel('fetch-book', id)
  }

  /** Bytes that are there of those under way, by id. */
  bytesDone(): Promise<ReadonlyMap<string, number>> {
    return this.#parts.progress.all()
  }

  /** Takes up what waits. */
  work(): void {
    this.#start()
    this.#takeUp().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'books of catalogues that wait could not be taken up')
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#worker?.[Symbol.asyncDispose]()
  }

  async #takeUp(): Promise<void> {
    const { db } = this.#parts
    for (const id of await waitingOpdsFetches(db)) await this.#send(id, db)
  }

  async #send(id: string, db: Database): Promise<void> {
    await this.#parts.jobs.send('fetch-book', { fetchId: id }, { singletonKey: id, transaction: db })
  }

  #start(): void {
    if (this.#stopped) return
    this.#worker ??= this.#parts.jobs.work(
      'fetch-book',
      {
        concurrency: () => 2,
        retries: Infinity,
        backoffMs: (attempt) => firstRetryMs * 2 ** Math.min(attempt - 1, 6),
      },
      ({ fetchId }, { attempt, signal }) => this.#fetch(fetchId, attempt, signal),
    )
  }

  /** Throws if it is to be tried again, here or by another server. */
  async #fetch(id: string, attempt: number, signal: AbortSignal): Promise<void> {
    const { db, importBook, log, progress } = this.#parts
    const asked = await opdsFetchById(db, id)
    if (asked?.state !== 'waiting') return
    try {
      progress.report(id, 0)
      const { novelId, outcome } = await importBook(asked, (bytes) => progress.report(id, bytes), signal)
      await endOpdsFetch(db, id, { state: 'imported', novelId, outcome })
      log.info({ novelId, outcome }, 'a book of a catalogue was imported')
    } catch (error) {
      signal.throwIfAborted()
      const isFailure = error instanceof Failure
      const most = error instanceof PassingOpdsError ? attempts.connection : isFailure ? 1 : attempts.other
      if (attempt < most) throw error
      const { code, details } = isFailure ? error : new Failure('server.broken')
      log.warn({ err: error }, 'a book of a catalogue could not be fetched')
      await endOpdsFetch(db, id, { state: 'failed', failure: { code, details } })
    } finally {
      await progress.end(id)
    }
  }
}
