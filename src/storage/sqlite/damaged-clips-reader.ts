import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type ClipColumns, isIntactClip } from '../queries/column-values.ts'
import type { Database } from '../database-tables.ts'

/** A row of `clips.db` as it lies there; its checksum is right, and a new file takes it. */
interface SalvagedRow extends ClipColumns {
  readonly recipe: Uint8Array
  readonly words: Uint8Array
  readonly frames: number
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
      const row = this.#attempt(() => read.get(id))
      if (!row || !isIntactRow(row)) {
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
    // A damaged id may be larger than any number, and says nothing then; those beside it do.
    statement.setReadBigInts(true)
    const rows = statement.iterate()
    for (let count = 1; ; count++) {
      const next = this.#attempt(() => rows.next())
      if (!next) return false
      if (next.done) return true
      const id = Number(next.value['id'])
      if (Number.isSafeInteger(id)) ids.add(id)
      if (count % idsAtOnce === 0) await breathe()
    }
  }

  /** `undefined` where it cannot be read: SQLite meets damage, or `node:sqlite` a value that no number can hold. */
  #attempt<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch {
      return undefined
    }
  }
}

const bytesPerHash = 16

/** The key and the count of frames have no checksum, and a damaged record may hold anything in their place. */
function isIntactRow(row: Record<string, unknown>): row is Record<string, unknown> & SalvagedRow {
  const { recipe, words, frames, frameSizes, wordTimes, checksum, adts } = row
  const whole = { frameSizes, wordTimes, checksum, adts }
  return isHash(recipe) && isHash(words) && isIntactClip(whole) && whole.frameSizes.length / 2 === frames
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

/** Brings salvaged rows into `clips.db`, in one commit. Those that were spoken again meanwhile stay as they are. */
export async function insertSalvagedClips(db: Database, rows: readonly SalvagedRow[]): Promise<void> {
  await db
    .insertInto('clips.clips')
    .values(rows.map((row) => ({ ...row })))
    .onConflict((conflict) => conflict.columns(['recipe', 'words']).doNothing())
    .execute()
}
