import { setTimeout as wait } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { isStorageError } from '../../storage/storage-errors.ts'
import { doneOrLate } from '../concurrency.ts'
import type { HeldJob, JobName } from '../job-queue.ts'
import { type JobAttempt, JobCompletions, type JobOptions } from './job-completions.ts'

export interface HeldJobsParts {
  readonly log: Pick<Logger, 'error' | 'warn' | 'debug'>
  /** Gives an error of a connection the SQLSTATE by which it is known as trouble of the storage. */
  readonly asStorageError: (error: unknown) => unknown
}

/** What is stored of a job. */
export interface JobPayload {
  readonly data: unknown
  /** How often it was given back untried, which pg-boss counts as attempts. */
  readonly released: number
}

interface Held {
  readonly name: JobName
  readonly job: JobWithMetadata<JobPayload>
  readonly abort: AbortController
  readonly ended: PromiseWithResolvers<void>
  settling: boolean
}

type Executor = ReturnType<PgBoss['getDb']>

const settleAgainMs = 1000
/** For those who are aborted at the end to notice that. */
const abortMs = 1000

/** The jobs that this process has taken: renewed until they are settled, each of them once. */
export class HeldJobs {
  readonly #boss: PgBoss
  readonly #parts: HeldJobsParts
  readonly #optionsOf: JobOptions
  readonly #held = new Set<Held>()
  readonly #completions: JobCompletions
  readonly #closing = new AbortController()
  #draining = false
  #renewing = false

  constructor(boss: PgBoss, parts: HeldJobsParts, optionsOf: JobOptions = () => ({})) {
    this.#boss = boss
    this.#parts = parts
    this.#optionsOf = optionsOf
    this.#completions = new JobCompletions(boss, optionsOf)
  }

  /** `again`: called with the delay in milliseconds after which the job can be taken once more. */
  hold<Data>(
    name: JobName,
    job: JobWithMetadata<JobPayload>,
    again: (delayMs: number) => void,
  ): HeldJob<Data> {
    const held: Held = {
      name,
      job,
      abort: new AbortController(),
      ended: Promise.withResolvers(),
      settling: false,
    }
    this.#held.add(held)
    const attempt = job.retryCount + 1 - job.data.released
    const release = () => this.#release(held, () => again(0))
    return {
      data: job.data.data as Data,
      attempt,
      signal: held.abort.signal,
      complete: () => this.#settle(held, () => this.#completions.complete(name, attemptOf(job))),
      release,
      fail: (reason, retryAfterMs) => {
        if (this.#draining && held.abort.signal.aborted) return release()
        const { data, released } = job.data
        if (retryAfterMs !== undefined) {
          const requeued = { reason, delayMs: retryAfterMs, released }
          return this.#settle(
            held,
            () => this.#requeue(held, requeued),
            () => again(retryAfterMs),
          )
        }
        return this.#settle(
          held,
          () => this.#giveUp(held, reason),
          () => this.#parts.log.error({ job: name, data, attempts: attempt, reason }, 'a job was given up'),
        )
      },
    }
  }

  /** Tells the database that these jobs are worked on, and aborts those that are not its any more, each once. */
  async renew(): Promise<void> {
    if (this.#renewing) return
    this.#renewing = true
    try {
      const own = [...this.#held].filter(({ abort }) => !abort.signal.aborted)
      for (const [name, held] of Map.groupBy(own, (each) => each.name)) await this.#renew(name, held)
    } catch (error) {
      this.#parts.log.warn({ err: this.#parts.asStorageError(error) }, 'jobs could not be renewed')
    } finally {
      this.#renewing = false
    }
  }

  /** Aborts the jobs of a key and waits until they have ended. */
  async abort(name: JobName, singletonKey: string): Promise<void> {
    const held = [...this.#held].filter(
      (each) => each.name === name && each.job.singletonKey === singletonKey,
    )
    for (const { abort } of held) abort.abort()
    await Promise.all(held.map(({ ended }) => ended.promise))
  }

  /** Waits until all are settled, at most `drainMs`; then aborts the others and gives them back. */
  async drain(drainMs: number): Promise<void> {
    await this.#ended(drainMs)
    this.#draining = true
    for (const { abort } of this.#held) abort.abort()
    await this.#ended(abortMs)
    this.#closing.abort()
    await Promise.allSettled([...this.#held].map((held) => this.#release(held)))
  }

  /** As if it had not been tried. */
  #release(held: Held, after?: () => void): Promise<void> {
    const released = held.job.data.released + 1
    return this.#settle(held, () => this.#requeue(held, { reason: 'released', delayMs: 0, released }), after)
  }

  async #ended(withinMs: number): Promise<void> {
    if (this.#held.size === 0) return
    await doneOrLate(Promise.all([...this.#held].map(({ ended }) => ended.promise)), withinMs)
  }

  async #renew(name: JobName, held: readonly Held[]): Promise<void> {
    if ((await this.#touch(name, held)) === held.length) return
    for (const each of held) {
      if (!this.#held.has(each) || each.settling || (await this.#touch(name, [each])) === 1) continue
      if (!this.#held.has(each) || each.settling) continue
      this.#parts.log.warn(
        { job: name, data: each.job.data.data },
        'a job was cancelled, or lost to another server',
      )
      each.abort.abort()
    }
  }

  async #touch(name: JobName, held: readonly Held[]): Promise<number> {
    return affectedBy(
      await this.#boss.touch(
        name,
        held.map(({ job }) => attemptOf(job)),
        this.#optionsOf(name),
      ),
    )
  }

  /**
   * Ends a job in the database, and calls `after` if it was still this process's. If the database does not answer, that
   * is repeated in the background: a job that is done is not to be run again.
   */
  async #settle(held: Held, end: () => Promise<boolean>, after: () => void = () => undefined): Promise<void> {
    if (held.settling) return
    held.settling = true
    if (!(await this.#trySettle(held, end, after, !this.#draining))) void this.#settleLater(held, end, after)
  }

  async #settleLater(held: Held, end: () => Promise<boolean>, after: () => void): Promise<void> {
    const { signal } = this.#closing
    do await wait(settleAgainMs, undefined, { signal }).catch(() => undefined)
    while (!signal.aborted && !(await this.#trySettle(held, end, after, false)))
  }

  /** Returns whether that is settled. */
  async #trySettle(
    held: Held,
    end: () => Promise<boolean>,
    after: () => void,
    isFirst: boolean,
  ): Promise<boolean> {
    try {
      if (await end()) after()
    } catch (cause) {
      const error = this.#parts.asStorageError(cause)
      const level = isFirst ? 'warn' : 'debug'
      this.#parts.log[level]({ err: error, job: held.name }, 'the end of a job could not be stored')
      if (isStorageError(error) && !this.#closing.signal.aborted) return false
    }
    this.#held.delete(held)
    held.ended.resolve()
    return true
  }

  async #transaction<T>(work: (db: Executor) => Promise<T>): Promise<T> {
    const transaction = await this.#boss.getDb().beginTransaction?.()
    if (!transaction) throw new Error('the database of the job queue has no transactions')
    try {
      const result = await work(transaction.db)
      await transaction.commit()
      return result
    } catch (error) {
      await transaction.rollback()
      throw error
    }
  }

  async #giveUp({ name, job }: Held, reason: string): Promise<boolean> {
    return (
      affectedBy(await this.#boss.complete(name, attemptOf(job), { reason }, this.#optionsOf(name))) === 1
    )
  }

  /** It keeps its place among those that wait. */
  #requeue(
    { name, job }: Held,
    {
      reason,
      delayMs,
      released,
    }: { readonly reason: string; readonly delayMs: number; readonly released: number },
  ): Promise<boolean> {
    return this.#transaction(async (db) => {
      const failed = await this.#boss.fail(name, attemptOf(job), { reason }, { db })
      if (affectedBy(failed) !== 1) return false
      const payload: JobPayload = { data: job.data.data, released }
      await this.#boss.update(name, payload, { id: job.id, startAfter: delayMs / 1000, db })
      return true
    })
  }
}

function attemptOf({ id, retryCount }: JobWithMetadata<JobPayload>): JobAttempt {
  return { id, retryCount }
}

/** The declared type of these answers has no properties. */
function affectedBy(response: object): number {
  return (response as { readonly affected?: number }).affected ?? 0
}
