import { type ConstructorOptions, type DatabaseOptions, fromKysely, PgBoss } from 'pg-boss'
import { v7 as uuidv7 } from 'uuid'
import { Failure } from '../../novel/failure.ts'
import { failureDetails } from '../../novel/failure-details.ts'
import { AnnouncedJobQueue } from '../announced-job-queue.ts'
import type { HeldJob, JobName, Jobs, JobToSend, QueueCounts, Transactional } from '../job-queue.ts'
import { HeldJobs, type HeldJobsParts, type JobPayload } from './held-jobs.ts'
import { areTablesDamaged, type DamagedTables, repairJobTables } from './job-tables.ts'

interface PgBossParts extends HeldJobsParts {
  /** Connection and pool; a second connection listens. */
  readonly connection: DatabaseOptions
  /** For what a crash may take: closed with the queue. */
  readonly hints: NonNullable<DatabaseOptions['db']> & AsyncDisposable
  readonly schema: string
  readonly countJobs: () => Promise<ReadonlyMap<string, QueueCounts>>
  /** Those that any process holds, and which of its attempts each is. */
  readonly takenJobs: () => Promise<
    readonly { readonly name: string; readonly id: string; readonly retryCount: number }[]
  >
  /** Runs the repair of its tables while no other server does. */
  readonly repairAlone: (repair: (tables: DamagedTables) => Promise<boolean>) => Promise<boolean>
}

/** A job that is not renewed for so long goes to another process; pg-boss allows no shorter time. */
const heartbeatSeconds = 10
const renewalMs = 3000
/** How often pg-boss looks for jobs that were not renewed; one of all servers does. */
const superviseSeconds = 4
/** Notices may be lost, and a job that was not renewed is announced by none. */
const pollMs = 3000
const jobsPerStatement = 1000

/**
 * `stately`: of one key at most one waits and at most one runs. Jobs are never given up by pg-boss: those who work on them
 * decide. Its table stays small: a completed job tells nothing that a row does not.
 */
const queueOptions = {
  notify: true,
  heartbeatSeconds,
  expireInSeconds: 86_400,
  retentionSeconds: 364 * 86_400,
  deleteAfterSeconds: 600,
  retryLimit: 1_000_000,
  retryDelay: 0,
} as const

/** The queues that are there from the start; others are made when they are first used. */
const usualNames: readonly JobName[] = [
  'plan',
  'speak-run',
  'pack',
  'install-voice',
  'transcode',
  'delete-novels',
  'analyse-cast',
  'ask-cast',
  'apply-lexicon',
  'fetch-book',
]

/**
 * The job queue of any number of servers, in the Postgres that has their rows: pg-boss, in a schema of its own. Jobs
 * survive everything; that of a process that died is taken by another after 10 to 20 seconds. Close it with `stop`.
 */
export class PgBossJobQueue extends AnnouncedJobQueue {
  readonly #parts: PgBossParts
  readonly #boss: PgBoss
  readonly #held: HeldJobs
  readonly #known = new Map<JobName, Promise<void>>()
  readonly #takes = new Set<Promise<unknown>>()
  #timers: NodeJS.Timeout[] = []
  #repairing: Promise<void> | undefined
  #stopped = false

  private constructor(parts: PgBossParts) {
    super(parts.log)
    this.#parts = parts
    const { log } = parts
    this.#boss = new PgBoss({
      ...quietOptions(parts),
      useListenNotify: true,
      supervise: true,
      superviseIntervalSeconds: superviseSeconds,
      monitorIntervalSeconds: superviseSeconds,
      maintenanceIntervalSeconds: 60,
      warningQueueSize: 1_000_000,
    })
    // Without a listener its errors would end the process. What matters of them is thrown by the next call as well.
    this.#boss.on('error', (error) =>
      log.warn({ err: parts.asStorageError(error) }, 'the job queue met an error'),
    )
    this.#boss.on('warning', (warning) => log.debug({ warning }, 'the job queue warns'))
    this.#hearNotices()
    this.#held = new HeldJobs(this.#boss, parts, (name) => this.#hintsOf(name))
  }

  /** Brings its schema up to date; any number of servers may do that at once. Throws errors of the storage. */
  static async open(parts: PgBossParts): Promise<PgBossJobQueue> {
    const queue = await PgBossJobQueue.#started(parts).catch(async (error: unknown) => {
      if (!areTablesDamaged(error)) throw error
      await repaired(parts)
      return PgBossJobQueue.#started(parts)
    })
    queue.#timers = [
      setInterval(() => queue.listeners.announceAll(), pollMs),
      setInterval(() => void queue.#held.renew(), renewalMs),
    ]
    return queue
  }

  static async #started(parts: PgBossParts): Promise<PgBossJobQueue> {
    const queue = new PgBossJobQueue(parts)
    try {
      await queue.#boss.start()
      for (const name of usualNames) await queue.#makeQueue(name)
      return queue
    } catch (error) {
      await queue.#boss.stop({ graceful: false }).catch(() => undefined)
      throw parts.asStorageError(error)
    }
  }

  async sendAll<Name extends JobName>(
    name: Name,
    jobs: readonly JobToSend<Name>[],
    { transaction }: Transactional = {},
  ): Promise<void> {
    const rows = jobs.map(({ data, priority = 0, singletonKey, delayMs = 0 }) => {
      const id = uuidv7()
      const payload: JobPayload = { data, released: 0 }
      const later = delayMs > 0 ? { startAfter: delayMs / 1000 } : {}
      // Its index takes all jobs without a key for those of one key.
      return { id, data: payload, priority, singletonKey: singletonKey ?? id, ...later }
    })
    await this.#ensure(name)
    // A plan alone tells that a request was resumed; its runs come back with it, which is done after them.
    const options = transaction ? { db: fromKysely(transaction) } : name === 'plan' ? {} : this.#hintsOf(name)
    for (let at = 0; at < rows.length; at += jobsPerStatement) {
      const insert = () => this.#boss.insert(name, rows.slice(at, at + jobsPerStatement), options)
      await this.#try(insert, { isRepeatable: !transaction })
    }
    for (const delayMs of new Set(jobs.map((job) => job.delayMs ?? 0))) {
      if (delayMs > 0) this.listeners.announceLater(name, delayMs)
    }
  }

  async take<Name extends JobName>(name: Name, limit: number): Promise<readonly HeldJob<Jobs[Name]>[]> {
    if (this.#stopped) return []
    const taking = this.#take(name, limit)
    this.#takes.add(taking)
    try {
      return await taking
    } finally {
      this.#takes.delete(taking)
    }
  }

  async cancel(name: JobName, singletonKey: string): Promise<void> {
    await this.#ensure(name)
    const jobs = await this.#try(() => this.#boss.findJobs(name, { key: singletonKey }))
    const ids = jobs.filter(({ state }) => ['created', 'retry', 'active'].includes(state)).map(({ id }) => id)
    if (ids.length > 0) await this.#try(() => this.#boss.cancel(name, ids))
    await this.#held.abort(name, singletonKey)
  }

  async counts(): Promise<ReadonlyMap<JobName, QueueCounts>> {
    return (await this.#try(this.#parts.countJobs)) as ReadonlyMap<JobName, QueueCounts>
  }

  async giveBackAll(): Promise<number> {
    const taken = await this.#parts.takenJobs()
    for (const [name, jobs] of Map.groupBy(taken, (job) => job.name as JobName)) {
      await this.#ensure(name)
      await this.#try(() => this.#boss.fail(name, jobs, { reason: 'its server has ended' }))
      this.listeners.announce(name)
    }
    return taken.length
  }

  async stop(drainMs: number): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.listeners.stop()
    await Promise.allSettled(this.#takes)
    await this.#held.drain(drainMs)
    for (const timer of this.#timers) clearInterval(timer)
    await this.#boss.stop({ graceful: false })
    await this.#parts.hints[Symbol.asyncDispose]()
  }

  /** For jobs that a crash may take: with a suffix of the log it takes all that was done after what it takes. */
  #hintsOf(name: JobName): { readonly db?: PgBossParts['hints'] } {
    return name === 'plan' || name.startsWith('speak-run') ? { db: this.#parts.hints } : {}
  }

  /**
   * One at a time: for several at once pg-boss has a statement that, until the statistics of the table have followed a
   * large plan, took 2.5 s beside 50,000 waiting jobs; one takes some milliseconds.
   */
  async #take<Name extends JobName>(name: Name, limit: number): Promise<HeldJob<Jobs[Name]>[]> {
    await this.#ensure(name)
    const again = (delayMs: number): void => this.listeners.announceLater(name, delayMs)
    const taken: HeldJob<Jobs[Name]>[] = []
    while (taken.length < limit && !this.#stopped) {
      const options = { includeMetadata: true, ...this.#hintsOf(name) } as const
      const fetching = this.#try(() => this.#boss.fetch<JobPayload>(name, options))
      // What was taken before an error is held, and has to be returned.
      const [job] = taken.length === 0 ? await fetching : await fetching.catch(() => [])
      if (!job) break
      taken.push(this.#held.hold<Jobs[Name]>(name, job, again))
    }
    return taken
  }

  /** A queue has to exist before jobs can be sent to it. */
  #ensure(name: JobName): Promise<void> {
    const known = this.#known.get(name)
    if (known) return known
    const making = this.#try(() => this.#makeQueue(name))
    this.#known.set(name, making)
    making.catch(() => this.#known.delete(name))
    return making
  }

  async #makeQueue(name: JobName): Promise<void> {
    await this.#boss.createQueue(name, { ...queueOptions, policy: 'stately' })
    await this.#boss.updateQueue(name, queueOptions)
  }

  /** What meets tables that are damaged is done once more when they are repaired, unless its transaction has failed. */
  async #try<T>(call: () => Promise<T>, { isRepeatable = true } = {}): Promise<T> {
    try {
      return await call()
    } catch (error) {
      if (!areTablesDamaged(error) || this.#stopped) throw this.#parts.asStorageError(error)
      await this.#repair()
      if (!isRepeatable)
        throw new Failure('storage.failing', { detail: failureDetails['jobs.damaged'] }, { cause: error })
      return await call()
    }
  }

  #repair(): Promise<void> {
    this.#repairing ??= this.#repairNow().finally(() => {
      this.#repairing = undefined
    })
    return this.#repairing
  }

  /** Where another server was faster, it is that one which has what was lost sent again. */
  async #repairNow(): Promise<void> {
    const isAnew = await repaired(this.#parts)
    this.#known.clear()
    for (const name of usualNames) await this.#makeQueue(name)
    if (isAnew) this.listeners.forgotten()
    this.listeners.announceAll()
  }

  /** pg-boss wakes only its own workers by a notice; the workers of this queue are woken by the same notice. */
  #hearNotices(): void {
    const database = this.#boss.getDb()
    const listen = database.listen?.bind(database)
    if (!listen) return
    database.listen = (channel, onNotice, onReconnect) =>
      listen(
        channel,
        (name) => {
          this.listeners.announce(name as JobName)
          onNotice(name)
        },
        () => {
          this.listeners.announceAll()
          onReconnect()
        },
      )
  }
}

/** Of one that does nothing by itself. */
function quietOptions({ connection, schema }: PgBossParts): ConstructorOptions {
  return {
    ...connection,
    schema,
    schedule: false,
    supervise: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
  }
}

/** Returns whether its tables were damaged and are there anew. */
async function repaired(parts: PgBossParts): Promise<boolean> {
  const isAnew = await parts.repairAlone((tables) => repairJobTables(quietOptions(parts), tables))
  if (isAnew)
    parts.log.warn(
      'the tables of the job queue were damaged and are made anew: all that is to be done is sent again',
    )
  return isAnew
}
