import type { Logger } from 'pino'
import type { Database } from '../../storage/database-tables.ts'
import {
  deleteTranscode,
  totalTranscodeBytes,
  transcodesByKey,
  completedTranscodes,
} from '../../storage/queries/transcode-queries.ts'
import { Mutex } from '../concurrency.ts'

interface TranscodeCacheParts {
  readonly db: Database
  readonly log: Logger
  /** Removes a recording's file. */
  readonly discard: (key: string) => Promise<void>
  /** Bytes that all recordings together may have. */
  readonly limit: number
}

/** The recordings that are whole: kept under a limit, and none removed while it is being read. */
export class TranscodeCache {
  readonly #parts: TranscodeCacheParts
  readonly #mutex = new Mutex()
  /** How many read a recording at this moment. */
  readonly #readers = new Map<string, number>()

  constructor(parts: TranscodeCacheParts) {
    this.#parts = parts
  }

  get limit(): number {
    return this.#parts.limit
  }

  /** Until it is disposed of, these files stay, whatever becomes of their novel or the limit. */
  pin(keys: readonly string[]): Disposable {
    for (const key of keys) this.#readers.set(key, (this.#readers.get(key) ?? 0) + 1)
    return { [Symbol.dispose]: () => this.#release(keys) }
  }

  /** Removes a file whose row is gone: now, or when it has been read. */
  async discard(key: string): Promise<void> {
    if (!this.#readers.has(key)) await this.#parts.discard(key)
  }

  /** Lets the least recently asked for go until `bytes` more have room; none that is being read, nor `but`. */
  evict(bytes: number, except?: string): Promise<void> {
    return this.#mutex.run(async () => {
      const { db, log, limit } = this.#parts
      let total = (await totalTranscodeBytes(db)) + bytes
      if (total <= limit) return
      for (const each of await completedTranscodes(db)) {
        if (total <= limit) return
        if (each.key === except || this.#readers.has(each.key)) continue
        await deleteTranscode(db, each.key)
        await this.discard(each.key)
        total -= each.bytes
        log.debug({ key: each.key }, 'a recording made room for others')
      }
    })
  }

  /** Waits for what is under way. */
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
      .catch((error: unknown) => log.error({ err: error }, 'a recording could not be removed'))
  }
}
