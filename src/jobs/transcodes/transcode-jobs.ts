import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChapterTranscode, TranscodeStatus } from '../../novel/chapter-transcode.ts'
import { type ClipKey, framesToSeconds } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { estimateTranscodeBytes } from '../../storage/transcode-files.ts'
import { runInBatches } from '../../storage/queries/deletion-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import {
  countPendingTranscodes,
  deleteSomeTranscodes,
  deleteTranscode,
  insertTranscodes,
  nextTranscode,
  totalTranscodeBytes,
  touchTranscodes,
  transcodesByKey,
  transcodesOfNovel,
  updateTranscode,
} from '../../storage/queries/transcode-queries.ts'
import { isFull } from '../../storage/storage-errors.ts'
import { Mutex } from '../concurrency.ts'
import type { TranscodeCache } from './transcode-cache.ts'
import { ClipsChanged, type TranscodeChapter } from './transcode-chapter.ts'

interface TranscoderParts {
  readonly db: Database
  readonly log: Logger
  readonly transcodeChapter: TranscodeChapter
  /** Keeps completed transcodes. */
  readonly cache: TranscodeCache
  /** Size of a transcode's file in bytes; `undefined` if there is none. */
  readonly sizeOf: (key: string) => Promise<number | undefined>
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
  readonly abort: AbortController
  framesDone: number
  readonly done: Promise<void>
}

/** The progress of a transcode. */
export interface TranscodeState {
  readonly status: TranscodeStatus
  /** 0–100. */
  readonly percent: number
}

const maxAttempts = 3
const retryDelayMs = 1000
/** While the disk is full. */
const recheckMs = 5000
/** A failure is reported for so long; a request after that retries. */
const failureCooldownMs = 60_000
/** Each range request of a file touches it; this resolution is enough to find the least recently requested. */
const touchIntervalMs = 60_000

/**
 * Transcodes chapters into files for players, in processes of low priority: as many as `concurrency` allows. Requests
 * are committed before they are answered, so that a killed server resumes them. Close it with `stop`.
 */
export class Transcoder {
  readonly #parts: TranscoderParts
  readonly #mutex = new Mutex()
  readonly #running = new Map<string, RunningTranscode>()
  readonly #recent: { readonly seconds: number; readonly ms: number }[] = []
  #timer: NodeJS.Timeout | undefined
  /** The disk has less space than the next transcode needs. */
  #spaceLow = false
  /** A transcode failed on a full disk in spite of `hasSpace`, and none was written since. */
  #writesFail = false
  #stopped = false

  constructor(parts: TranscoderParts) {
    this.#parts = parts
  }

  /** Whether it waits for space on the disk. */
  get waitsForSpace(): boolean {
    return this.#spaceLow || this.#writesFail
  }

  /**
   * Requests transcodes; durable when it returns, and idempotent. Returns their rows, in the order of `wanted`. Throws
   * `novel.unknown`.
   */
  async request(wanted: readonly ChapterTranscode[]): Promise<ChapterTranscode[]> {
    const { db, sizeOf } = this.#parts
    const found = await this.#mutex.run(async () => {
      const known = await this.#known(wanted)
      const now = Date.now()
      const retried = wanted.filter((each) => {
        const row = known.get(each.key)
        return row?.status === 'failed' && now - row.askedAt > failureCooldownMs
      })
      for (const row of known.values()) {
        if (row.status === 'completed' && (await sizeOf(row.key)) !== row.bytes) retried.push(row)
      }
      for (const { key } of retried) await updateTranscode(db, key, { status: 'pending' })
      // One `askedAt` for all: those of equal age are made in reading order.
      const fresh = wanted.filter(({ key }) => !known.has(key)).map((each) => ({ ...each, askedAt: now }))
      if (fresh.length > 0) await this.#insert(fresh)
      const touched = [...known.values()].filter(
        ({ status, askedAt }) => status === 'completed' && now - askedAt > touchIntervalMs,
      )
      const keys = [...touched, ...retried].map(({ key }) => key)
      await touchTranscodes(db, keys, now)
      return fresh.length + retried.length > 0 ? this.#known(wanted) : known
    })
    this.work()
    return wanted.map((each) => found.get(each.key) ?? each)
  }

  /** Throws `novel.unknown` if the novel was deleted since its chapters were read. */
  async #insert(transcodes: readonly ChapterTranscode[]): Promise<void> {
    const { db } = this.#parts
    const novelId = transcodes[0]?.novelId ?? ''
    if (!(await novelById(db, novelId))) throw new Failure('novel.unknown', { novelId })
    await insertTranscodes(db, transcodes)
  }

  async #known(wanted: readonly ChapterTranscode[]): Promise<Map<string, ChapterTranscode>> {
    const rows = await transcodesByKey(
      this.#parts.db,
      wanted.map(({ key }) => key),
    )
    return new Map(rows.map((row) => [row.key, row]))
  }

  stateOf({ key, status, frames }: ChapterTranscode): TranscodeState {
    if (status === 'completed') return { status, percent: 100 }
    const running = this.#running.get(key)
    if (!running) return { status, percent: 0 }
    return { status: 'running', percent: frames > 0 ? (100 * running.framesDone) / frames : 0 }
  }

  /** Seconds of audio per second of a process, over the last ten transcodes; `undefined` if there were none. */
  realTimeFactor(): number | undefined {
    const ms = this.#recent.reduce((sum, each) => sum + each.ms, 0)
    return ms > 0 ? (this.#recent.reduce((sum, each) => sum + each.seconds, 0) * 1000) / ms : undefined
  }

  async stats(): Promise<{ bytes: number; waiting: number }> {
    const { db } = this.#parts
    return { bytes: await totalTranscodeBytes(db), waiting: await countPendingTranscodes(db) }
  }

  /** Hides a novel by `hide`, and deletes its transcodes; files that are being read go when their readers are done. */
  async removeNovel(novelId: string, hide: () => Promise<void>): Promise<void> {
    const { db, cache } = this.#parts
    const keys = await this.#mutex.run(async () => {
      const ofNovel = await transcodesOfNovel(db, novelId)
      await hide()
      await runInBatches((rows) => deleteSomeTranscodes(db, novelId, rows))
      return ofNovel
    })
    const running = [...this.#running.values()].filter(({ transcode }) => transcode.novelId === novelId)
    for (const { abort } of running) abort.abort()
    await Promise.all(running.map(({ done }) => done))
    for (const key of keys) await cache.discard(key)
  }

  /** Starts pending transcodes, as many as may run now. */
  work(): void {
    this.#runExclusive(() => this.#startWaiting())
  }

  /** Aborts transcodes under way; the next start makes them from the beginning. */
  async stop(): Promise<void> {
    this.#stopped = true
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
    const { db, cache, concurrency, halted, hasSpace } = this.#parts
    clearTimeout(this.#timer)
    // While writes fail, one transcode probes whether there is space again.
    while (!this.#stopped && !halted() && this.#running.size < (this.#writesFail ? 1 : concurrency())) {
      const next = await nextTranscode(db, [...this.#running.keys()])
      if (!next) {
        this.#spaceLow = false
        if (this.#running.size === 0) this.#writesFail = false
        return
      }
      const bytes = estimateTranscodeBytes(next.form, next.frames)
      await cache.evict(bytes)
      this.#spaceLow = !(await hasSpace(bytes))
      if (this.#spaceLow) return this.#wake(recheckMs)
      if (!this.#stopped) this.#start(next)
    }
  }

  #wake(ms: number): void {
    clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(() => this.work(), ms)
  }

  #start(transcode: ChapterTranscode): void {
    const { key } = transcode
    const done = Promise.withResolvers<void>()
    const running: RunningTranscode = {
      transcode,
      abort: new AbortController(),
      framesDone: 0,
      done: done.promise,
    }
    this.#running.set(key, running)
    this.#transcode(running)
      .catch((error: unknown) => {
        this.#parts.log.error({ err: error, key }, 'a transcode was not processed and is retried')
        return wait(retryDelayMs)
      })
      .finally(() => {
        this.#running.delete(key)
        done.resolve()
        if (this.waitsForSpace) this.#wake(recheckMs)
        else if (!this.#stopped) this.work()
      })
  }

  async #transcode(running: RunningTranscode): Promise<void> {
    const { db, log, cache, transcodeChapter, discardClip } = this.#parts
    const { transcode, abort } = running
    const { key, form, frames } = transcode
    const { signal } = abort
    for (let attempt = 1; ; attempt++) {
      const startedAt = performance.now()
      try {
        const onFrames = (done: number): void => void (running.framesDone = done)
        const written = await transcodeChapter(transcode, { onFrames, signal })
        if (!(await updateTranscode(db, key, { status: 'completed', ...written }))) await cache.discard(key)
        this.#writesFail = false
        this.#recordSpeed(framesToSeconds(frames), performance.now() - startedAt)
        log.debug({ key, form, bytes: written.bytes }, 'a chapter was transcoded')
        return await cache.evict(0, key)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof ClipsChanged) {
          await deleteTranscode(db, key)
          if (error.damaged) await discardClip(error.damaged)
          return
        }
        if (isFull(error)) {
          log.warn({ err: error, key }, 'a transcode waits for disk space')
          this.#writesFail = true
          return
        }
        log.warn({ err: error, key, attempt }, 'a chapter could not be transcoded')
        if (attempt === maxAttempts) {
          const errorMessage = error instanceof Error ? error.message : String(error)
          await updateTranscode(db, key, { status: 'failed', errorMessage })
          await touchTranscodes(db, [key], Date.now())
          return
        }
        await wait(retryDelayMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  #recordSpeed(seconds: number, ms: number): void {
    this.#recent.push({ seconds, ms })
    if (this.#recent.length > 10) this.#recent.shift()
  }
}
