import type { ConnectionOptions, PgBoss } from 'pg-boss'
import type { JobName } from '../job-queue.ts'

/** A job, and which of its attempts is done. */
export interface JobAttempt {
  readonly id: string
  readonly retryCount: number
}

/** What jobs of a name are written by. */
export type JobOptions = (name: JobName) => ConnectionOptions

interface Completion {
  readonly attempt: JobAttempt
  readonly settled: PromiseWithResolvers<boolean>
}

/** Completes jobs; those of one queue that are done in the same turn of the event loop by one statement. */
export class JobCompletions {
  readonly #boss: Pick<PgBoss, 'complete'>
  readonly #optionsOf: JobOptions
  readonly #waiting = new Map<JobName, Completion[]>()

  constructor(boss: Pick<PgBoss, 'complete'>, optionsOf: JobOptions) {
    this.#boss = boss
    this.#optionsOf = optionsOf
  }

  /** Returns whether the job was still held in this attempt. Throws errors of the database. */
  complete(name: JobName, attempt: JobAttempt): Promise<boolean> {
    const settled = Promise.withResolvers<boolean>()
    const waiting = this.#waiting.get(name)
    if (waiting) waiting.push({ attempt, settled })
    else {
      this.#waiting.set(name, [{ attempt, settled }])
      setImmediate(() => void this.#completeWaiting(name))
    }
    return settled.promise
  }

  async #completeWaiting(name: JobName): Promise<void> {
    const done = this.#waiting.get(name) ?? []
    this.#waiting.delete(name)
    try {
      const attempts = done.map(({ attempt }) => attempt)
      // The declared type of this answer has no properties.
      const answer = (await this.#boss.complete(name, attempts, null, this.#optionsOf(name))) as {
        readonly settled?: readonly string[]
      }
      const ids = new Set(answer.settled)
      for (const { attempt, settled } of done) settled.resolve(ids.has(attempt.id))
    } catch (error) {
      for (const { settled } of done) settled.reject(error)
    }
  }
}
