import type { Logger } from 'pino'
import { JobListeners } from './job-listeners.ts'
import type {
  HeldJob,
  JobName,
  JobQueue,
  Jobs,
  JobToSend,
  JobWorker,
  QueueCounts,
  SendOptions,
  Transactional,
  WorkOptions,
} from './job-queue.ts'
import { PollingJobWorker } from './polling-job-worker.ts'

/** What every queue does alike: workers are woken when there may be jobs, and take them. */
export abstract class AnnouncedJobQueue implements JobQueue {
  protected readonly listeners: JobListeners
  readonly #log: Pick<Logger, 'error'>

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log
    this.listeners = new JobListeners(log)
  }

  async send<Name extends JobName>(
    name: Name,
    data: Jobs[Name],
    { transaction, ...options }: SendOptions & Transactional = {},
  ): Promise<void> {
    await this.sendAll(name, [{ ...options, data }], { ...(transaction && { transaction }) })
  }

  work<Name extends JobName>(
    name: Name,
    options: WorkOptions,
    handler: (data: Jobs[Name], job: HeldJob<Jobs[Name]>) => Promise<void>,
  ): JobWorker {
    return new PollingJobWorker(this, this.#log, name, options, handler)
  }

  onAvailable(name: JobName, listener: () => void): Disposable {
    return this.listeners.add(name, listener)
  }

  onForgotten(listener: () => void): Disposable {
    return this.listeners.addForgotten(listener)
  }

  abstract sendAll<Name extends JobName>(
    name: Name,
    jobs: readonly JobToSend<Name>[],
    options?: Transactional,
  ): Promise<void>
  abstract take<Name extends JobName>(name: Name, limit: number): Promise<readonly HeldJob<Jobs[Name]>[]>
  abstract cancel(name: JobName, singletonKey: string): Promise<void>
  abstract counts(): Promise<ReadonlyMap<JobName, QueueCounts>>
  abstract giveBackAll(): Promise<number>
  abstract stop(drainMs: number): Promise<void>
}
