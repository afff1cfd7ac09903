import type { Logger } from 'pino'
import type { Database } from '../storage/database-tables.ts'
import {
  deleteJobProgress,
  listJobProgress,
  saveJobProgress,
} from '../storage/queries/job-progress-queries.ts'
import type { JobName } from './job-queue.ts'

interface JobProgressParts {
  readonly db: Database
  readonly log: Pick<Logger, 'warn'>
  /** Whether other servers are asked about the jobs of this one. */
  readonly shared: boolean
}

interface OwnProgress {
  readonly id: string
  done: number
  savedAt: number
  /** The statement under way. */
  saving: Promise<void> | undefined
}

/** Between two statements for one job. */
const saveEveryMs = 1000

/** How far the jobs of one name are: known at once to this server, to others within about a second. */
export class JobProgress {
  readonly #parts: JobProgressParts
  readonly #name: JobName
  readonly #own = new Map<string, OwnProgress>()

  constructor(name: JobName, parts: JobProgressParts) {
    this.#name = name
    this.#parts = parts
  }

  /** `done`: bytes or frames. To be called with 0 at the begin. */
  report(id: string, done: number): void {
    const own = this.#own.get(id) ?? { id, done, savedAt: -Infinity, saving: undefined }
    own.done = done
    this.#own.set(id, own)
    if (!this.#parts.shared || own.saving || performance.now() - own.savedAt < saveEveryMs) return
    own.savedAt = performance.now()
    own.saving = this.#store(() => saveJobProgress(this.#parts.db, this.#name, id, done)).finally(() => {
      own.saving = undefined
    })
  }

  /** The job has ended, or is no longer this server's. */
  async end(id: string): Promise<void> {
    const own = this.#own.get(id)
    this.#own.delete(id)
    if (!own || !this.#parts.shared) return
    await own.saving
    await this.#store(() => deleteJobProgress(this.#parts.db, this.#name, id))
  }

  /** By id, of the jobs that are under way. */
  async all(): Promise<ReadonlyMap<string, number>> {
    const own = [...this.#own.values()].map(({ id, done }) => [id, done] as const)
    if (!this.#parts.shared) return new Map(own)
    return new Map([...(await listJobProgress(this.#parts.db, this.#name)), ...own])
  }

  /** Nothing depends on it. */
  async #store(statement: () => Promise<void>): Promise<void> {
    await statement().catch((error: unknown) => {
      this.#parts.log.warn({ err: error, job: this.#name }, 'the progress of a job could not be stored')
    })
  }
}
