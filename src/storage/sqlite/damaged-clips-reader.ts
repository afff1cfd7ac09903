import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { isIntactClip } from '../queries/column-values.ts'
import type { SalvagedRow } from '../queries/salvaged-clip-queries.ts'
import type { SalvagedClips } from '../watched-files.ts'

const idsPerTurn = 2000
const rowsPerBatch = 64
const bytesPerBatch = 1024 * 1024

/**
 * Reads the intact rows of a damaged `clips.db`. Row ids are collected from both indexes and the table, so a damaged
 * page in one of them loses no row. Close it with `close`.
 */
export class DamagedClipsReader implements SalvagedClips {
  readonly #sqlite: DatabaseSync
  /** Number of rows whose id was found but which could not be read or fail their checksum. */
  lost = 0

  constructor(path: string) {
    this.#sqlite = new DatabaseSync(path, { readOnly: true })
  }

  async *rows(yieldToEventLoop: () => Promise<void>): AsyncGenerator<readonly SalvagedRow[]> {
    const ids = await this.#ids(yieldToEventLoop)
    const read = ids.length > 0 ? this.#attempt(() => this.#sqlite.prepare(rowById)) : undefined
    if (!read) return
    let batch: SalvagedRow[] = []
    let bytes = 0
    for (const id of ids) {
      const row = this.#attempt(() => read.get(id))
      if (!row || !isIntactRow(row)) {
        this.lost++
        continue
      }
      batch.push(row)
      bytes += row.adts.length
      if (batch.length < rowsPerBatch && bytes < bytesPerBatch) continue
      yield batch
      batch = []
      bytes = 0
    }
    if (batch.length > 0) yield batch
  }

  close(): void {
    this.#sqlite.close()
  }

  /** Reads each list forwards until it fails, then backwards; stops at the first that is read to its end. */
  async #ids(yieldToEventLoop: () => Promise<void>): Promise<number[]> {
    const ids = new Set<number>()
    for (const list of lists) {
      const statement = this.#attempt(() => this.#sqlite.prepare(list))
      if (statement && (await this.#collect(statement, ids, yieldToEventLoop))) break
    }
    return [...ids].toSorted((one, other) => one - other)
  }

  /** Returns whether the list was read to its end. */
  async #collect(
    statement: StatementSync,
    ids: Set<number>,
    yieldToEventLoop: () => Promise<void>,
  ): Promise<boolean> {
    // A damaged id may exceed the safe integers, at which `node:sqlite` would throw; such an id is skipped.
    statement.setReadBigInts(true)
    const rows = statement.iterate()
    for (let count = 1; ; count++) {
      const next = this.#attempt(() => rows.next())
      if (!next) return false
      if (next.done) return true
      const id = Number(next.value['id'])
      if (Number.isSafeInteger(id)) ids.add(id)
      if (count % idsPerTurn === 0) await yieldToEventLoop()
    }
  }

  /** `undefined` if it throws: SQLite at damage, `node:sqlite` at an integer beyond the safe ones. */
  #attempt<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch {
      return undefined
    }
  }
}

const bytesPerHash = 16

/** The key is not covered by the checksum, so its form is checked here. */
function isIntactRow(row: Record<string, unknown>): row is Record<string, unknown> & SalvagedRow {
  const { recipe, words, frames, frameSizes, wordTimes, checksum, adts } = row
  return isHash(recipe) && isHash(words) && isIntactClip({ frames, frameSizes, wordTimes, checksum, adts })
}

function isHash(column: unknown): boolean {
  return column instanceof Uint8Array && column.length === bytesPerHash
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
