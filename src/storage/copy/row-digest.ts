import { createHash } from 'node:crypto'
import type { Row, Value } from './ordered-rows.ts'

/** A SHA-256 over rows in the order of their key, the same whatever database they are in. */
export class RowDigest {
  readonly #hash = createHash('sha256')
  #rows = 0

  add(row: Row): void {
    this.#rows++
    for (const column of Object.keys(row).toSorted()) this.#addValue(column, row[column] ?? null)
  }

  /** Types and lengths are part of it, so that no two rows have the same bytes. */
  #addValue(column: string, value: Value): void {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value))
    const type = value instanceof Uint8Array ? 'bytes' : value === null ? 'null' : typeof value
    this.#hash.update(`${column} ${type} ${bytes.length}\n`).update(bytes)
  }

  /** To be asked for once. */
  digest(): { readonly rows: number; readonly sha256: string } {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') }
  }
}
