import type { Logger } from 'pino'
import type { ChapterTranscode } from '../../novel/chapter-transcode.ts'
import { type ClipKey, framesToSeconds } from '../../novel/clip.ts'
import type { Database } from '../../storage/database-tables.ts'
import { countPendingTranscodes, pendingTranscode } from '../../storage/queries/transcode-queries.ts'
import { estimateTranscodeBytes } from '../../storage/transcode-files.ts'
import type { Mutex } from '../concurrency.ts'
import type { JobProgress } from '../job-progress.ts'
import type { HeldJob, JobQueue, Jobs } from '../job-queue.ts'
import { attemptTranscode } from './transcode-attempts.ts'
import type { TranscodeCache } from './transcode-cache.ts'
import type { TranscodeChapter } from './transcode-chapter.ts'

export interface TranscodeRunnerParts {
  readonly db: Database
  readonly jobs: JobQueue
  readonly progress: JobProgress
  readonly log: Logger
  readonly transcodeChapter: TranscodeChapter
  /** Keeps completed transcodes. */
  readonly cache: TranscodeCache
  /** Discards a clip that turned out to be damaged. */
  readonly discardClip: (key: ClipKey) => Promise<void>
  /** Chapters that may be transcoded at the same time, now. */
  readonly concurrency: () => number
  /** Whether no transcode may be started. */
  readonly halted: () => boolean
  /** Whether so many bytes may still be written. */
  readonly hasSpace: (bytes: number) => Promise<boolean>
}

interface RunningTranscode {
  readonly transcode: ChapterTranscode
  readonly job: HeldJob<Jobs['transcode']>
  readonly abort: AbortController
  readonly done: Promise<void>
}

/** After an error of the database. */
const retryDelayMs = 1000
/** While the disk is full. */
const recheckMs = 5000

/** Takes transcodes of the job queue, as many as may run on this server now, and makes them. Close it with `stop`. */
export class TranscodeRunner {
  readonly #parts: TranscodeRunnerParts
  readonly #mutex: Mutex
  readonly #running = new Map<string, RunningTranscode>()
  readonly #subscription: Disposable
  readonly #recent: { readonly seconds: number; readonly ms: number }[] = []
  #timer: NodeJS.Timeout | undefined
  /** The disk has less space than the next transcode needs. */
  #spaceLow = false
  /** A transcode failed on a full disk in spite of `hasSpace`, and none was written since. */
  #writesFail = false
  #stopped = false

  /** `mutex`: nothing is started while it is held. */
  constructor(parts: TranscodeRunnerParts, mutex: Mutex) {
    this.#parts = parts
    this.#mutex = mutex
    this.#subscription = parts.jobs.onAvailable('transcode', () => this.work())
  }

  /** Whether it waits for space on the disk. */
  get waitsForSpace(): boolean {
    return this.#spaceLow || this.#writesFail
  }

  /** Seconds of audio per second of a process, over the last ten transcodes; `undefined` if there were none. */
  realTimeFactor(): number | undefined {
    const ms = this.#recent.reduce((sum, each) => sum + each.ms, 0)
    return ms > 0 ? (this.#recent.reduce((sum, each) => sum + each.seconds, 0) * 1000) / ms : undefined
  }

  /** Starts pending transcodes, as many as may run now. `before`: is done first. */
  work(before?: () => Promise<void>): void {
    this.#runExclusive(async () => {
      await before?.()
      await this.#startWaiting()
    })
  }

  /** Aborts those of a novel and waits until they have ended. */
  async abortNovel(novelId: string): Promise<void> {
    const running = [...this.#running.values()].filter(({ transcode }) => transcode.novelId === novelId)
    for (const { abort } of running) abort.abort()
    await Promise.all(running.map(({ done }) => done))
  }

  /** Aborts transcodes under way; the next start makes them from the beginning. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#subscription[Symbol.dispose]()
    clearTimeout(this.#timer)
    for (const { abort } of this.#running.values()) abort.abort()
    await this.#mutex.run(() => Promise.resolve())
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  #runExclusive(work: () => Promise<void>): void {
    this.#mutex.run(work).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'pending transcodes could not be started')
      this.#wake(recheckMs)
    })
  }

  async #startWaiting(): Promise<void> {
    const { db, jobs, concurrency, halted } = this.#parts
    clearTimeout(this.#timer)
    // While writes fail, one transcode probes whether there is space again.
    while (!this.#stopped && !halted() && this.#running.size < (this.#writesFail ? 1 : concurrency())) {
      const [job] = await jobs.take('transcode', 1)
      if (!job) {
        if ((await countPendingTranscodes(db)) > 0) return
        this.#spaceLow = false
        if (this.#running.size === 0) this.#writesFail = false
        return
      }
      try {
        if (!(await this.#startIfSpace(job))) return
      } catch (error) {
        await job.fail('it was not started', recheckMs)
        throw error
      }
    }
  }

  /** Returns whether there is space. */
  async #startIfSpace(job: HeldJob<Jobs['transcode']>): Promise<boolean> {
    const { db, cache, hasSpace } = this.#parts
    const transcode = await pendingTranscode(db, job.data.key)
    if (!transcode) {
      await job.complete()
      return true
    }
    const bytes = estimateTranscodeBytes(transcode.form, transcode.frames)
    await cache.evict(bytes)
    this.#spaceLow = !(await hasSpace(bytes))
    if (this.#spaceLow) {
      await job.fail('the disk is full', recheckMs)
      this.#wake(recheckMs)
    } else if (this.#stopped) await job.release()
    else this.#start(transcode, job)
    return !this.#spaceLow
  }

  #wake(ms: number): void {
    clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(() => this.work(), ms)
  }

  #start(transcode: ChapterTranscode, job: HeldJob<Jobs['transcode']>): void {
    const { key } = transcode
    const done = Promise.withResolvers<void>()
    const running = { transcode, job, abort: new AbortController(), done: done.promise }
    this.#running.set(key, running)
    this.#transcode(running)
      .catch(async (error: unknown) => {
        this.#parts.log.error({ err: error, key }, 'a transcode was not processed and is retried')
        await job.fail('it was not processed', retryDelayMs)
      })
      .finally(() => {
        this.#running.delete(key)
        done.resolve()
        if (this.waitsForSpace) this.#wake(recheckMs)
        else if (!this.#stopped) this.work()
      })
  }

  async #transcode({ transcode, job, abort }: RunningTranscode): Promise<void> {
    const { progress } = this.#parts
    const { key, frames } = transcode
    const startedAt = performance.now()
    progress.report(key, 0)
    try {
      const onFrames = (framesDone: number): void => progress.report(key, framesDone)
      const signal = AbortSignal.any([abort.signal, job.signal])
      const result = await attemptTranscode(this.#parts, transcode, { onFrames, signal })
      if (result === 'made') {
        this.#writesFail = false
        this.#recordSpeed(framesToSeconds(frames), performance.now() - startedAt)
      }
      if (result === 'full') {
        this.#writesFail = true
        await job.fail('the disk is full', recheckMs)
      } else if (this.#stopped) await job.release()
      else await job.complete()
    } finally {
      await progress.end(key)
    }
  }

  #recordSpeed(seconds: number, ms: number): void {
    this.#recent.push({ seconds, ms })
    if (this.#recent.length > 10) this.#recent.shift()
  }
}
