import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database-tables.ts'

export type Value = number | string | Uint8Array | null
export type Row = Readonly<Record<string, Value>>

/** What is read of a table: all its columns if `columns` is left out. */
export interface RowSelection {
  /** `novels`, `clips.clips`. */
  readonly table: string
  readonly key: readonly string[]
  readonly batch: number
  readonly columns?: RawBuilder<unknown>
}

/**
 * All rows in the order of their key, which is the same in every database: numbers by size, texts and bytes bytewise.
 * They are read in batches, so other statements may run between them.
 */
export async function* orderedRows(db: Database, selection: RowSelection): AsyncGenerator<Row> {
  const { table, key, batch, columns } = selection
  const wanted = columns ?? sql`*`
  const keys = columnNames(key)
  // Not a parameter: Postgres would plan for a tenth of the table, and sort it for each batch.
  const limit = sql.lit(batch)
  let last: Row | undefined
  for (;;) {
    const after = last ? sql`WHERE (${keys}) > (${sql.join(key.map((column) => last?.[column]))})` : sql``
    const { rows } = await sql<Row>`
      SELECT ${wanted} FROM ${sql.table(table)} ${after} ORDER BY ${keys} LIMIT ${limit}`.execute(db)
    for (const row of rows) yield withoutNull(row)
    if (rows.length < batch) return
    last = rows.at(-1)
  }
}

export function columnNames(columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(columns.map((column) => sql.ref(column)))
}

/** Postgres has no U+0000 in a text; its driver stores U+FFFD instead. */
function withoutNull(row: Row): Row {
  const values = Object.entries(row)
  if (!values.some(([, value]) => typeof value === 'string' && value.includes('\0'))) return row
  return Object.fromEntries(
    values.map(([column, value]) => [
      column,
      typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value,
    ]),
  )
}

/** A row of one of two tables, or the rows of both that have the same key. */
export interface RowPair {
  readonly source?: Row
  readonly target?: Row
}

/** Pairs the rows of two tables, both in the order of their key. */
export async function* pairedRows(
  source: AsyncGenerator<Row>,
  target: AsyncGenerator<Row>,
  key: readonly string[],
): AsyncGenerator<RowPair> {
  let [one, other] = [await nextRow(source), await nextRow(target)]
  while (one !== undefined || other !== undefined) {
    const order = one === undefined ? 1 : other === undefined ? -1 : compareKeys(one, other, key)
    yield { ...(order <= 0 && one && { source: one }), ...(order >= 0 && other && { target: other }) }
    if (order <= 0) one = await nextRow(source)
    if (order >= 0) other = await nextRow(target)
  }
}

async function nextRow(rows: AsyncGenerator<Row>): Promise<Row | undefined> {
  const { value, done } = await rows.next()
  return done ? undefined : value
}

function compareKeys(one: Row, other: Row, key: readonly string[]): number {
  for (const column of key) {
    const order = compareValues(one[column] ?? null, other[column] ?? null)
    if (order !== 0) return order
  }
  return 0
}

function compareValues(one: Value, other: Value): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return Buffer.compare(bytesOf(one), bytesOf(other))
}

function bytesOf(value: Value): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(String(value))
}

/** Whether two rows have the same value in each column of the first. */
export function isSameRow(one: Row, other: Row): boolean {
  return Object.entries(one).every(([column, value]) => isSameValue(value, other[column] ?? null))
}

function isSameValue(one: Value, other: Value): boolean {
  if (one === other) return true
  return one instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(one, other) === 0
}
