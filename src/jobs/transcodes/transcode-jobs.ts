import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import { isFull } from '../../storage/sqlite/sqlite-errors.ts'
import {
  deleteTranscode,
  deleteSomeTranscodes,
  insertTranscodes,
  nextTranscode,
  totalTranscodeBytes,
  transcodesByKey,
  transcodesOfNovel,
  touchTranscodes,
  updateTranscode,
  countPendingTranscodes,
} from '../../storage/queries/transcode-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import { runInBatches } from '../../storage/queries/deletion-queries.ts'
import { estimateTranscodeBytes } from '../../storage/folder/transcode-files.ts'
import { framesToSeconds, type ClipKey } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import type { ChapterTranscode, TranscodeStatus } from '../../novel/chapter-transcode.ts'
import { ClipsChanged, type TranscodeChapter } from './transcode-chapter.ts'
import type { TranscodeCache } from './transcode-cache.ts'
import { Mutex } from '../concurrency.ts'

interface TranscoderParts {
  readonly db: Database
  readonly log: Logger
  readonly transcodeChapter: TranscodeChapter
  /** Where what is whole is kept. */
  readonly cache: TranscodeCache
  /** Size of a recording's file; `undefined` if there is none. */
  readonly sizeOf: (key: string) => Promise<number | undefined>
  /** A clip turned out to be damaged. */
  readonly discardClip: (key: ClipKey) => Promise<void>
  /** Chapters that may be recorded at the same time, now. */
  readonly concurrency: () => number
  /** Why nothing may be begun, if anything. */
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

/** How far a recording is. */
export interface TranscodeState {
  readonly status: TranscodeStatus
  /** 0–100. */
  readonly percent: number
}

const maxAttempts = 3
const retryDelayMs = 1000
/** On a full disk. */
const recheckMs = 5000
/** A failure is told for so long; asked after that, it is tried again. */
const failureCooldownMs = 60_000
/** Every range of a file asks for it; to know which was asked for longest ago, this is fine enough. */
const touchIntervalMs = 60_000

/**
 * Makes chapters into files that players want, while the speakers have nothing to do, or else beside them, in processes
 * that stand back for all others. Every wish is written down before it is answered, so that a killed server goes on
 * with it. Close it with `stop`.
 */
export class Transcoder {
  readonly #parts: TranscoderParts
  readonly #mutex = new Mutex()
  readonly #running = new Map<string, RunningTranscode>()
  readonly #recent: { readonly seconds: number; readonly ms: number }[] = []
  #timer: NodeJS.Timeout | undefined
  /** The disk has less room than the next one needs. */
  #spaceLow = false
  /** One found no room, though the disk seemed to have some, and none was written since. */
  #writesFail = false
  #stopped = false

  constructor(parts: TranscoderParts) {
    this.#parts = parts
  }

  /** Whether it waits for room on the disk. */
  get waitsForSpace(): boolean {
    return this.#spaceLow || this.#writesFail
  }

  /** Durable when it returns; asking twice is asking once. Returns them as they are, in the order of `wanted`. */
  async request(wanted: readonly ChapterTranscode[]): Promise<ChapterTranscode[]> {
    const { db, sizeOf } = this.#parts
    const found = await this.#mutex.run(async () => {
      const known = await this.#known(wanted)
      const now = Date.now()
      const again = wanted.filter((each) => {
        const there = known.get(each.key)
        return there?.status === 'failed' && now - there.askedAt > failureCooldownMs
      })
      for (const there of known.values()) {
        if (there.status === 'completed' && (await sizeOf(there.key)) !== there.bytes) again.push(there)
      }
      for (const { key } of again) await updateTranscode(db, key, { status: 'pending' })
      // Asked for at the same moment, they are made in reading order.
      const fresh = wanted.filter(({ key }) => !known.has(key)).map((each) => ({ ...each, askedAt: now }))
      if (fresh.length > 0) await this.#insert(fresh)
      const touched = [...known.values()].filter(
        ({ status, askedAt }) => status === 'completed' && now - askedAt > touchIntervalMs,
      )
      const keys = [...touched, ...again].map(({ key }) => key)
      await touchTranscodes(db, keys, now)
      return fresh.length + again.length > 0 ? this.#known(wanted) : known
    })
    this.work()
    return wanted.map((each) => found.get(each.key) ?? each)
  }

  /** Throws `novel.unknown` if it was deleted since its chapters were looked up. */
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

  /** Seconds of sound per second that a process was at it, over the last ones; `undefined` if there were none. */
  realTimeFactor(): number | undefined {
    const ms = this.#recent.reduce((sum, each) => sum + each.ms, 0)
    return ms > 0 ? (this.#recent.reduce((sum, each) => sum + each.seconds, 0) * 1000) / ms : undefined
  }

  async stats(): Promise<{ bytes: number; waiting: number }> {
    const { db } = this.#parts
    return { bytes: await totalTranscodeBytes(db), waiting: await countPendingTranscodes(db) }
  }

  /** Hides a novel by `hide`, and removes what was recorded of it; what is being read goes when it has been. */
  async removeNovel(novelId: string, hide: () => Promise<void>): Promise<void> {
    const { db, cache } = this.#parts
    const keys = await this.#mutex.run(async () => {
      const recorded = await transcodesOfNovel(db, novelId)
      await hide()
      await runInBatches((rows) => deleteSomeTranscodes(db, novelId, rows))
      return recorded
    })
    const running = [...this.#running.values()].filter(({ transcode }) => transcode.novelId === novelId)
    for (const { abort } of running) abort.abort()
    await Promise.all(running.map(({ done }) => done))
    for (const key of keys) await cache.discard(key)
  }

  /** Begins what waits, as much as there is place for. */
  work(): void {
    this.#runExclusive(() => this.#startWaiting())
  }

  /** What is under way is left, and made from its beginning at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    for (const { abort } of this.#running.values()) abort.abort()
    await this.#mutex.run(() => Promise.resolve())
    await Promise.all([...this.#running.values()].map(({ done }) => done))
  }

  #runExclusive(work: () => Promise<void>): void {
    this.#mutex.run(work).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'the recordings could not be gone on with')
      this.#wake(recheckMs)
    })
  }

  async #startWaiting(): Promise<void> {
    const { db, cache, concurrency, halted, hasSpace } = this.#parts
    clearTimeout(this.#timer)
    // While writes fail, one is tried: it shows whether there is room again.
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
        this.#parts.log.error({ err: error, key }, 'a recording could not be dealt with')
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
      const begun = performance.now()
      try {
        const onFrames = (done: number): void => void (running.framesDone = done)
        const written = await transcodeChapter(transcode, { onFrames, signal })
        if (!(await updateTranscode(db, key, { status: 'completed', ...written }))) await cache.discard(key)
        this.#writesFail = false
        this.#recordSpeed(framesToSeconds(frames), performance.now() - begun)
        log.debug({ key, form, bytes: written.bytes }, 'a chapter was recorded')
        return await cache.evict(0, key)
      } catch (error) {
        if (signal.aborted) return
        if (error instanceof ClipsChanged) {
          await deleteTranscode(db, key)
          if (error.damaged) await discardClip(error.damaged)
          return
        }
        if (isFull(error)) {
          log.warn({ err: error, key }, 'there is no room for a recording, which waits for it')
          this.#writesFail = true
          return
        }
        log.warn({ err: error, key, attempt }, 'a chapter could not be recorded')
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
