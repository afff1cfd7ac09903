import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { checksumOf } from './clips.ts'
import type { Database } from './database.ts'

/** A row of `clips.db` as it lies there; its checksum is right. */
interface SalvagedRow {
  readonly recipe: Uint8Array
  readonly words: Uint8Array
  readonly frames: number
  readonly frameSizes: Uint8Array
  readonly wordTimes: Uint8Array
  readonly checksum: number
  readonly adts: Uint8Array
}

const idsAtOnce = 2000
const rowsAtOnce = 64
const bytesAtOnce = 1024 * 1024

/**
 * What can be read of a damaged `clips.db`. Both indexes and the table name its rows, so that a damaged page of one of
 * them loses none. Close it with `close`.
 */
export class SalvagedClips {
  readonly #sqlite: DatabaseSync
  /** Rows that were named and could not be read, or whose bytes are not those that were put. */
  lost = 0

  constructor(path: string) {
    this.#sqlite = new DatabaseSync(path, { readOnly: true })
  }

  /** The rows, some at a time: few enough that writing them down holds nobody up. */
  async *rows(breathe: () => Promise<void>): AsyncGenerator<readonly SalvagedRow[]> {
    const ids = await this.#ids(breathe)
    const read = ids.length > 0 ? this.#attempt(() => this.#sqlite.prepare(rowById)) : undefined
    if (!read) return
    let some: SalvagedRow[] = []
    let bytes = 0
    for (const id of ids) {
      const row = this.#attempt(() => read.get(id)) as SalvagedRow | undefined
      if (!row || checksumOf(row.frameSizes, row.wordTimes, row.adts) !== row.checksum) {
        this.lost++
        continue
      }
      some.push(row)
      bytes += row.adts.length
      if (some.length < rowsAtOnce && bytes < bytesAtOnce) continue
      yield some
      some = []
      bytes = 0
    }
    if (some.length > 0) yield some
  }

  close(): void {
    this.#sqlite.close()
  }

  /** Reads each list forwards until it breaks off, then backwards; the first that is whole is enough. */
  async #ids(breathe: () => Promise<void>): Promise<number[]> {
    const ids = new Set<number>()
    for (const list of lists) {
      const statement = this.#attempt(() => this.#sqlite.prepare(list))
      if (statement && (await this.#collect(statement, ids, breathe))) break
    }
    return [...ids].toSorted((one, other) => one - other)
  }

  /** Returns whether the list was read to its end. */
  async #collect(statement: StatementSync, ids: Set<number>, breathe: () => Promise<void>): Promise<boolean> {
    const rows = statement.iterate()
    for (let count = 1; ; count++) {
      const next = this.#attempt(() => rows.next())
      if (!next) return false
      if (next.done) return true
      ids.add(Number(next.value['id']))
      if (count % idsAtOnce === 0) await breathe()
    }
  }

  /** `undefined` where SQLite cannot read on. */
  #attempt<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      if (error instanceof Error && 'errcode' in error) return undefined
      throw error
    }
  }
}

const lists = [
  'clips INDEXED BY clipLengths ORDER BY recipe, words',
  'clips INDEXED BY clipLengths ORDER BY recipe DESC, words DESC',
  'clips INDEXED BY clipsByKey ORDER BY recipe, words',
  'clips INDEXED BY clipsByKey ORDER BY recipe DESC, words DESC',
  'clips NOT INDEXED ORDER BY id',
  'clips NOT INDEXED ORDER BY id DESC',
].map((list) => `SELECT id FROM ${list}`)

const rowById = `
  SELECT recipe, words, frames, frameSizes, wordTimes, checksum, adts FROM clips NOT INDEXED WHERE id = ?`

/** Brings salvaged rows into `clips.db`, in one commit. Those that were spoken again meanwhile stay as they are. */
export async function putSalvaged(db: Database, rows: readonly SalvagedRow[]): Promise<void> {
  await db
    .insertInto('clips.clips')
    .values(rows.map((row) => ({ ...row })))
    .onConflict((conflict) => conflict.columns(['recipe', 'words']).doNothing())
    .execute()
}
