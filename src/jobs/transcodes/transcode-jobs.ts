import type { ChapterTranscode, TranscodeStatus } from '../../novel/chapter-transcode.ts'
import { Failure } from '../../novel/failure.ts'
import type { Database } from '../../storage/database-tables.ts'
import { runInBatches } from '../../storage/queries/deletion-queries.ts'
import { novelById } from '../../storage/queries/novel-queries.ts'
import {
  countPendingTranscodes,
  deleteSomeTranscodes,
  insertTranscodes,
  pendingTranscodes,
  totalTranscodeBytes,
  touchTranscodes,
  transcodesByKey,
  transcodesOfNovel,
  updateTranscode,
} from '../../storage/queries/transcode-queries.ts'
import { Mutex } from '../concurrency.ts'
import { TranscodeRunner, type TranscodeRunnerParts } from './transcode-runner.ts'

interface TranscoderParts extends TranscodeRunnerParts {
  /** Size of a transcode's file in bytes; `undefined` if there is none. */
  readonly sizeOf: (key: string) => Promise<number | undefined>
}

/** The progress of a transcode. */
export interface TranscodeState {
  readonly status: TranscodeStatus
  /** 0–100. */
  readonly percent: number
}

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
  readonly #runner: TranscodeRunner

  constructor(parts: TranscoderParts) {
    this.#parts = parts
    this.#runner = new TranscodeRunner(parts, this.#mutex)
  }

  /** Whether it waits for space on the disk. */
  get waitsForSpace(): boolean {
    return this.#runner.waitsForSpace
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
      // One `askedAt` for all: those of equal age are made in reading order.
      const fresh = wanted.filter(({ key }) => !known.has(key)).map((each) => ({ ...each, askedAt: now }))
      if (fresh.length + retried.length > 0) await this.#ask(fresh, retried, now)
      const touched = [...known.values()].filter(
        ({ status, askedAt }) => status === 'completed' && now - askedAt > touchIntervalMs,
      )
      await touchTranscodes(
        db,
        touched.map(({ key }) => key),
        now,
      )
      return fresh.length + retried.length > 0 ? this.#known(wanted) : known
    })
    this.work()
    return wanted.map((each) => found.get(each.key) ?? each)
  }

  /** Stores and sends them in one commit. Throws `novel.unknown` if the novel was deleted since its chapters were read. */
  async #ask(
    fresh: readonly ChapterTranscode[],
    retried: readonly ChapterTranscode[],
    askedAt: number,
  ): Promise<void> {
    const novelId = fresh[0]?.novelId
    if (novelId !== undefined && !(await novelById(this.#parts.db, novelId)))
      throw new Failure('novel.unknown', { novelId })
    await this.#parts.db.transaction().execute(async (commit) => {
      await insertTranscodes(commit, fresh)
      const again = retried.map(({ key }) => key)
      for (const key of again) await updateTranscode(commit, key, { status: 'pending' })
      await touchTranscodes(commit, again, askedAt)
      await this.#send(
        [...fresh, ...retried].map(({ key }) => ({ key, askedAt })),
        commit,
      )
    })
  }

  async #send(asked: readonly { key: string; askedAt: number }[], transaction: Database): Promise<void> {
    const jobs = asked.map(({ key, askedAt }) => ({
      data: { key },
      singletonKey: key,
      priority: priorityOf(askedAt),
    }))
    await this.#parts.jobs.sendAll('transcode', jobs, { transaction })
  }

  async #known(wanted: readonly ChapterTranscode[]): Promise<Map<string, ChapterTranscode>> {
    const rows = await transcodesByKey(
      this.#parts.db,
      wanted.map(({ key }) => key),
    )
    return new Map(rows.map((row) => [row.key, row]))
  }

  /** In the order of the transcodes. */
  async statesOf(transcodes: readonly ChapterTranscode[]): Promise<TranscodeState[]> {
    const isWaiting = transcodes.some(({ status }) => status === 'pending')
    const running = isWaiting ? await this.#parts.progress.all() : new Map<string, number>()
    return transcodes.map(({ key, status, frames }) => {
      if (status === 'completed') return { status, percent: 100 }
      const done = running.get(key)
      if (done === undefined || status !== 'pending') return { status, percent: 0 }
      return { status: 'running', percent: frames > 0 ? (100 * done) / frames : 0 }
    })
  }

  /** Seconds of audio per second of a process, over the last ten transcodes; `undefined` if there were none. */
  realTimeFactor(): number | undefined {
    return this.#runner.realTimeFactor()
  }

  async stats(): Promise<{ bytes: number; waiting: number }> {
    const { db } = this.#parts
    return { bytes: await totalTranscodeBytes(db), waiting: await countPendingTranscodes(db) }
  }

  /** Hides a novel by `hide`, and deletes its transcodes; files that are being read go when their readers are done. */
  async removeNovel(novelId: string, hide: () => Promise<boolean>): Promise<boolean> {
    const { db, cache } = this.#parts
    const keys = await this.#mutex.run(async () => {
      const ofNovel = await transcodesOfNovel(db, novelId)
      if (!(await hide())) return undefined
      await runInBatches((rows) => deleteSomeTranscodes(db, novelId, rows))
      return ofNovel
    })
    if (!keys) return false
    await this.#runner.abortNovel(novelId)
    for (const key of keys) await cache.discard(key)
    return true
  }

  /** Hides a novel, and aborts its transcodes; those that are done are kept. Returns what `hide` does. */
  async hideNovel(novelId: string, hide: () => Promise<boolean>): Promise<boolean> {
    if (!(await this.#mutex.run(hide))) return false
    await this.#runner.abortNovel(novelId)
    return true
  }

  /** Starts pending transcodes, as many as may run now. */
  work(): void {
    this.#runner.work()
  }

  /** Takes up what is pending from before the start, and works. */
  takeUp(): void {
    const { db } = this.#parts
    this.#runner.work(async () => this.#send(await pendingTranscodes(db), db))
  }

  /** Aborts transcodes under way; the next start makes them from the beginning. */
  async stop(): Promise<void> {
    await this.#runner.stop()
  }
}

/** The latest requested come first: tenths of a second, in the range of a priority until 2039. */
function priorityOf(askedAt: number): number {
  const tenths = Math.floor((askedAt - Date.UTC(2026, 0)) / 100)
  return Math.min(Math.max(tenths, 0) - 2 ** 31, 2 ** 31 - 1)
}
