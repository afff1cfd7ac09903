import type { Logger } from 'pino'
import type { HeldJob, JobName, JobQueue, Jobs, JobWorker, WorkOptions } from './job-queue.ts'

/** After an error of the queue, in milliseconds. */
const takeAgainMs = 1000

/** Takes jobs of one name as they become available and runs a handler for each. */
export class PollingJobWorker<Name extends JobName> implements JobWorker {
  readonly #queue: Pick<JobQueue, 'take' | 'onAvailable'>
  readonly #log: Pick<Logger, 'error'>
  readonly #name: Name
  readonly #options: WorkOptions
  readonly #handler: (data: Jobs[Name], job: HeldJob<Jobs[Name]>) => Promise<void>
  readonly #subscription: Disposable
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #taking: Promise<void> | undefined
  #again = false
  /** By `performance.now`: those that come are gathered until then. 0: one that comes is alone. */
  #gatheringUntil = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    queue: Pick<JobQueue, 'take' | 'onAvailable'>,
    log: Pick<Logger, 'error'>,
    name: Name,
    options: WorkOptions,
    handler: (data: Jobs[Name], job: HeldJob<Jobs[Name]>) => Promise<void>,
  ) {
    this.#queue = queue
    this.#log = log
    this.#name = name
    this.#options = options
    this.#handler = handler
    this.#subscription = queue.onAvailable(name, () => this.wake())
    this.wake()
  }

  wake(): void {
    if (this.#stopping.signal.aborted) return
    this.#again = true
    this.#taking ??= this.#take()
      .catch((error: unknown) => {
        this.#log.error({ err: error, job: this.#name }, 'no job could be taken')
        this.#wakeLater(takeAgainMs)
      })
      .finally(() => {
        this.#taking = undefined
        if (this.#again && !this.#timer) this.wake()
      })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscription[Symbol.dispose]()
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#taking
    await Promise.all(this.#running)
  }

  async #take(): Promise<void> {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false
      const free = this.#options.concurrency() - this.#running.size
      if (free <= 0) return
      const restMs = this.#gatheringUntil - performance.now()
      if (restMs > 0) return this.#wakeLater(restMs)
      for (const job of await this.#takeUpTo(free)) {
        const run = this.#run(job).finally(() => {
          this.#running.delete(run)
          this.wake()
        })
        this.#running.add(run)
      }
    }
  }

  /** Where jobs are gathered one that is alone is not kept waiting until it is known that there is no other. */
  async #takeUpTo(free: number): Promise<readonly HeldJob<Jobs[Name]>[]> {
    const { gatherMs } = this.#options
    const isAlone = gatherMs !== undefined && this.#gatheringUntil === 0
    const taken = await this.#queue.take(this.#name, isAlone ? 1 : free)
    if (taken.length === 0) this.#gatheringUntil = 0
    else if (isAlone || taken.length < free) this.#gatheringUntil = performance.now() + (gatherMs ?? 0)
    return taken
  }

  #wakeLater(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.wake()
    }, ms)
  }

  async #run(job: HeldJob<Jobs[Name]>): Promise<void> {
    const { retries, backoffMs } = this.#options
    const signal = AbortSignal.any([job.signal, this.#stopping.signal])
    try {
      const error = await this.#handler(job.data, { ...job, signal }).then(
        () => undefined,
        (thrown: unknown) => ({ thrown }),
      )
      if (!error) return await job.complete()
      if (this.#stopping.signal.aborted) return await job.release()
      const { thrown } = error
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      await job.fail(reason, job.attempt > retries ? undefined : backoffMs(job.attempt))
    } catch (error) {
      this.#log.error({ err: error, job: this.#name }, 'the end of a job could not be stored')
    }
  }
}
