import type { Logger } from 'pino'
import { afterCommit } from '../../storage/commit-listeners.ts'
import type { HeldJob, JobName, Jobs, JobToSend, QueueCounts, Transactional } from '../job-queue.ts'
import { AnnouncedJobQueue } from '../announced-job-queue.ts'
import { doneOrLate } from '../concurrency.ts'

interface QueuedJob {
  readonly data: unknown
  readonly priority: number
  readonly singletonKey: string | undefined
  /** The order of sending. */
  readonly number: number
  /** By `performance.now()`, like `dueAt`: the time of day may be set back. */
  readonly sentAt: number
  dueAt: number
  attempt: number
}

interface ActiveJob {
  readonly job: QueuedJob
  readonly abort: AbortController
  readonly ended: PromiseWithResolvers<void>
}

interface NamedQueue {
  waiting: QueuedJob[]
  readonly active: Set<ActiveJob>
}

/** The job queue of a single process, in memory: what a restart needs is in rows, which are read at the start. */
export class InProcessJobQueue extends AnnouncedJobQueue {
  readonly #log: Pick<Logger, 'error'>
  readonly #queues = new Map<JobName, NamedQueue>()
  #sent = 0
  #stopped = false

  constructor(log: Pick<Logger, 'error'>) {
    super(log)
    this.#log = log
  }

  async sendAll<Name extends JobName>(
    name: Name,
    jobs: readonly JobToSend<Name>[],
    { transaction }: Transactional = {},
  ): Promise<void> {
    if (transaction?.isTransaction) await afterCommit(transaction, () => this.#enqueue(name, jobs))
    else this.#enqueue(name, jobs)
  }

  async take<Name extends JobName>(name: Name, limit: number): Promise<readonly HeldJob<Jobs[Name]>[]> {
    const taken: HeldJob<Jobs[Name]>[] = []
    while (taken.length < limit && !this.#stopped) {
      const next = this.#next(name)
      if (!next) break
      taken.push(this.#hold<Name>(name, next))
    }
    return taken
  }

  async cancel(name: JobName, singletonKey: string): Promise<void> {
    const queue = this.#queue(name)
    queue.waiting = queue.waiting.filter((job) => job.singletonKey !== singletonKey)
    const running = [...queue.active].filter(({ job }) => job.singletonKey === singletonKey)
    for (const { abort } of running) abort.abort()
    await Promise.all(running.map(({ ended }) => ended.promise))
  }

  async counts(): Promise<ReadonlyMap<JobName, QueueCounts>> {
    const now = performance.now()
    return new Map(
      [...this.#queues].map(([name, { waiting, active }]) => {
        const oldest = waiting.reduce((at, { sentAt }) => Math.min(at, sentAt), now)
        return [name, { waiting: waiting.length, active: active.size, oldestSeconds: (now - oldest) / 1000 }]
      }),
    )
  }

  /** What a process held has ended with it. */
  async giveBackAll(): Promise<number> {
    return 0
  }

  async stop(drainMs: number): Promise<void> {
    this.#stopped = true
    this.listeners.stop()
    const active = [...this.#queues.values()].flatMap((queue) => [...queue.active])
    if (active.length > 0) await doneOrLate(Promise.all(active.map((each) => each.ended.promise)), drainMs)
    for (const { abort } of active) abort.abort()
  }

  #queue(name: JobName): NamedQueue {
    const known = this.#queues.get(name)
    if (known) return known
    const queue: NamedQueue = { waiting: [], active: new Set() }
    this.#queues.set(name, queue)
    return queue
  }

  #enqueue<Name extends JobName>(name: Name, jobs: readonly JobToSend<Name>[]): void {
    for (const { data, priority = 0, singletonKey, delayMs = 0 } of jobs) {
      const [sentAt, number] = [performance.now(), ++this.#sent]
      const dueAt = sentAt + delayMs
      this.#insertOnce(name, { data, priority, singletonKey, number, sentAt, dueAt, attempt: 1 })
    }
  }

  #insertOnce(name: JobName, job: QueuedJob): void {
    const { waiting } = this.#queue(name)
    if (
      job.singletonKey === undefined ||
      !waiting.some(({ singletonKey }) => singletonKey === job.singletonKey)
    )
      this.#insert(name, job)
  }

  /** Keeps those that wait in the order in which they are taken. */
  #insert(name: JobName, job: QueuedJob): void {
    const { waiting } = this.#queue(name)
    const isBefore = (other: QueuedJob): boolean =>
      other.priority > job.priority || (other.priority === job.priority && other.number < job.number)
    waiting.splice(waiting.findLastIndex(isBefore) + 1, 0, job)
    this.listeners.announceAt(name, job.dueAt)
  }

  #next(name: JobName): QueuedJob | undefined {
    const { waiting, active } = this.#queue(name)
    const now = performance.now()
    const keys = new Set([...active].map(({ job }) => job.singletonKey))
    const at = waiting.findIndex(
      ({ dueAt, singletonKey }) => dueAt <= now && (singletonKey === undefined || !keys.has(singletonKey)),
    )
    return at < 0 ? undefined : waiting.splice(at, 1)[0]
  }

  #hold<Name extends JobName>(name: Name, job: QueuedJob): HeldJob<Jobs[Name]> {
    const { active } = this.#queue(name)
    const held: ActiveJob = { job, abort: new AbortController(), ended: Promise.withResolvers() }
    active.add(held)
    const end = (): boolean => {
      if (!active.delete(held)) return false
      held.ended.resolve()
      // One of the same key may have waited for this.
      if (job.singletonKey !== undefined) this.listeners.announce(name)
      return true
    }
    return {
      data: job.data as Jobs[Name],
      attempt: job.attempt,
      signal: held.abort.signal,
      complete: async () => void end(),
      release: async () => {
        if (end() && !held.abort.signal.aborted) this.#insertOnce(name, job)
      },
      fail: async (reason, retryAfterMs) => {
        if (!end() || held.abort.signal.aborted) return
        if (retryAfterMs === undefined) {
          this.#log.error({ job: name, data: job.data, attempts: job.attempt, reason }, 'a job was given up')
          return
        }
        this.#insertOnce(name, { ...job, attempt: job.attempt + 1, dueAt: performance.now() + retryAfterMs })
      },
    }
  }
}
