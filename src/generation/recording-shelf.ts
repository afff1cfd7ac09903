import type { Logger } from 'pino'
import type { Database } from '../database/tables.ts'
import { deleteRecording, recordedBytes, recordingsByKey, wholeRecordings } from '../database/recordings.ts'
import { Turns } from './turns.ts'

interface ShelfParts {
  readonly db: Database
  readonly log: Logger
  /** Removes a recording's file. */
  readonly discard: (key: string) => Promise<void>
  /** Bytes that all recordings together may have. */
  readonly limit: number
}

/** The recordings that are whole: kept under a limit, and none removed while it is being read. */
export class RecordingShelf {
  readonly #parts: ShelfParts
  readonly #turns = new Turns()
  /** How many read a recording at this moment. */
  readonly #readers = new Map<string, number>()

  constructor(parts: ShelfParts) {
    this.#parts = parts
  }

  get limit(): number {
    return this.#parts.limit
  }

  /** Until it is disposed of, these files stay, whatever becomes of their novel or the limit. */
  hold(keys: readonly string[]): Disposable {
    for (const key of keys) this.#readers.set(key, (this.#readers.get(key) ?? 0) + 1)
    return { [Symbol.dispose]: () => this.#release(keys) }
  }

  /** Removes a file whose row is gone: now, or when it has been read. */
  async discard(key: string): Promise<void> {
    if (!this.#readers.has(key)) await this.#parts.discard(key)
  }

  /** Lets the least recently asked for go until `bytes` more have room; none that is being read, nor `but`. */
  makeRoom(bytes: number, but?: string): Promise<void> {
    return this.#turns.take(async () => {
      const { db, log, limit } = this.#parts
      let total = (await recordedBytes(db)) + bytes
      if (total <= limit) return
      for (const each of await wholeRecordings(db)) {
        if (total <= limit) return
        if (each.key === but || this.#readers.has(each.key)) continue
        await deleteRecording(db, each.key)
        await this.discard(each.key)
        total -= each.bytes
        log.debug({ key: each.key }, 'a recording made room for others')
      }
    })
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await this.#turns.take(() => Promise.resolve())
  }

  #release(keys: readonly string[]): void {
    for (const key of keys) {
      const readers = (this.#readers.get(key) ?? 1) - 1
      if (readers > 0) this.#readers.set(key, readers)
      else this.#readers.delete(key)
    }
    const { db, log } = this.#parts
    const removed = this.#turns.take(async () => {
      const there = new Set((await recordingsByKey(db, keys)).map(({ key }) => key))
      for (const key of keys) if (!there.has(key)) await this.discard(key)
    })
    removed
      .then(() => this.makeRoom(0))
      .catch((error: unknown) => log.error({ err: error }, 'a recording could not be removed'))
  }
}
