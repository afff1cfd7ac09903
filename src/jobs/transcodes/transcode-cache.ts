import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import {
  completedTranscodes,
  deleteTranscode,
  totalTranscodeBytes,
  touchTranscodes,
  transcodesByKey,
} from '../../storage/queries/transcode-queries.ts'
import { Mutex } from '../concurrency.ts'

interface TranscodeCacheParts {
  readonly db: Database
  readonly log: Logger
  /** Deletes a transcode's file. */
  readonly discard: (key: string) => Promise<void>
  /** Maximum total size in bytes. */
  readonly limit: number
  /**
   * Milliseconds since the last request for which a file is kept, whatever the limit, because another server may be
   * sending it. 0: there is none.
   */
  readonly graceMs: number
}

/**
 * The cache of completed transcodes: least recently used ones are evicted over a limit, but none that is being read.
 */
export class TranscodeCache {
  readonly #parts: TranscodeCacheParts
  readonly #mutex = new Mutex()
  /** Number of readers by key. */
  readonly #readers = new Map<string, number>()

  constructor(parts: TranscodeCacheParts) {
    this.#parts = parts
  }

  get limit(): number {
    return this.#parts.limit
  }

  /** Keeps these files until disposed, even if their novel is deleted or the limit is exceeded. */
  pin(keys: readonly string[]): Disposable {
    for (const key of keys) this.#readers.set(key, (this.#readers.get(key) ?? 0) + 1)
    const { db, graceMs } = this.#parts
    const touch = (): void => void touchTranscodes(db, keys, Date.now()).catch(() => undefined)
    if (graceMs > 0) touch()
    const timer = graceMs > 0 ? setInterval(touch, graceMs / 3) : undefined
    return {
      [Symbol.dispose]: () => {
        clearInterval(timer)
        this.#release(keys)
      },
    }
  }

  /** Deletes a file whose row is deleted: now, or when its last reader is done. */
  async discard(key: string): Promise<void> {
    if (!this.#readers.has(key)) await this.#parts.discard(key)
  }

  /** Evicts the least recently requested until `bytes` more fit; none that is being read, nor `except`. */
  evict(bytes: number, except?: string): Promise<void> {
    return this.#mutex.run(async () => {
      const { db, log, limit, graceMs } = this.#parts
      let total = (await totalTranscodeBytes(db)) + bytes
      if (total <= limit) return
      for (const each of await completedTranscodes(db, graceMs > 0 ? Date.now() - graceMs : undefined)) {
        if (total <= limit) return
        if (each.key === except || this.#readers.has(each.key)) continue
        await deleteTranscode(db, each.key)
        await this.discard(each.key)
        total -= each.bytes
        log.debug({ key: each.key }, 'a transcode was evicted')
      }
    })
  }

  /** Waits for deletions under way. */
  async stop(): Promise<void> {
    await this.#mutex.run(() => Promise.resolve())
  }

  #release(keys: readonly string[]): void {
    for (const key of keys) {
      const readers = (this.#readers.get(key) ?? 1) - 1
      if (readers > 0) this.#readers.set(key, readers)
      else this.#readers.delete(key)
    }
    const { db, log } = this.#parts
    const removed = this.#mutex.run(async () => {
      const there = new Set((await transcodesByKey(db, keys)).map(({ key }) => key))
      for (const key of keys) if (!there.has(key)) await this.discard(key)
    })
    removed
      .then(() => this.evict(0))
      .catch((error: unknown) => log.error({ err: error }, 'a transcode could not be deleted'))
  }
}
