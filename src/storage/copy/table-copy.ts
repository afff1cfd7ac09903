import { sql } from 'kysely'
import type { Database } from '../database-tables.ts'
import type { CopiedTable } from './copied-tables.ts'
import { columnNames, isSameRow, orderedRows, pairedRows, type Row } from './ordered-rows.ts'
import { RowDigest } from './row-digest.ts'

export interface ComparedRows {
  readonly rows: number
  /** Over the source's rows, hex; that of the target's is the same if nothing had to be changed. */
  readonly sha256: string
  /** Rows of the target that were missing, different or too many. */
  readonly changed: number
}

interface CopyOptions {
  readonly onRow?: () => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Deletes the rows of the target that the source does not have. To be called for all tables, those that refer to others
 * first, before any row is written: a new row may have what is unique of one that is gone. Returns their number.
 */
export async function deleteSurplus(
  source: Database,
  target: Database,
  { name, key }: CopiedTable,
  { signal }: CopyOptions,
): Promise<number> {
  if (await isEmptyTable(target, name)) return 0
  const keys = { table: name, key, columns: columnNames(key), batch: keysPerBatch }
  let surplus: Row[] = []
  let deleted = 0
  const flush = async (): Promise<void> => {
    const rows = surplus
    surplus = []
    deleted += rows.length
    await target.transaction().execute(async (transaction) => {
      for (const row of rows) await deleteRow(transaction, name, key, row)
    })
  }
  for await (const pair of pairedRows(orderedRows(source, keys), orderedRows(target, keys), key)) {
    signal?.throwIfAborted()
    if (pair.target && !pair.source) surplus.push(pair.target)
    if (surplus.length >= keysPerBatch) await flush()
  }
  await flush()
  return deleted
}

const keysPerBatch = 2000

/**
 * Writes the rows of the source that the target lacks or has otherwise, in batches that are each committed, and compares
 * all others. Run again it goes on where it was ended.
 */
export async function copyRows(
  source: Database,
  target: Database,
  { name, key, batch }: CopiedTable,
  { onRow, signal }: CopyOptions,
): Promise<ComparedRows> {
  const all = { table: name, key, batch }
  const digest = new RowDigest()
  let changed = 0
  let written: Row[] = []
  const flush = async (): Promise<void> => {
    const rows = written
    written = []
    changed += rows.length
    await upsert(target, name, key, rows)
  }
  for await (const pair of pairedRows(orderedRows(source, all), orderedRows(target, all), key)) {
    signal?.throwIfAborted()
    if (!pair.source) {
      changed++
      continue
    }
    digest.add(pair.source)
    onRow?.()
    if (!pair.target || !isSameRow(pair.source, pair.target)) written.push(pair.source)
    if (written.length >= batch) await flush()
  }
  await flush()
  return { ...digest.digest(), changed }
}

/** One statement. Not a deletion before an insertion, which would delete what refers to the row. */
async function upsert(
  db: Database,
  table: string,
  key: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first)
  const others = columns.filter((column) => !key.includes(column))
  const tuples = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`)
  const assignments = others.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`)
  const action = others.length > 0 ? sql`UPDATE SET ${sql.join(assignments)}` : sql`NOTHING`
  await sql`
    INSERT INTO ${sql.table(table)} (${columnNames(columns)}) VALUES ${sql.join(tuples)}
    ON CONFLICT (${columnNames(key)}) DO ${action}`.execute(db)
}

async function deleteRow(db: Database, table: string, key: readonly string[], row: Row): Promise<void> {
  const conditions = key.map((column) => sql`${sql.ref(column)} = ${row[column]}`)
  await sql`DELETE FROM ${sql.table(table)} WHERE ${sql.join(conditions, sql` AND `)}`.execute(db)
}

export async function isEmptyTable(db: Database, table: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(db)
  return rows.length === 0
}

export async function countRows(db: Database, table: string): Promise<number> {
  const { rows } = await sql<{ rows: number }>`SELECT count(*) AS rows FROM ${sql.table(table)}`.execute(db)
  return rows[0]?.rows ?? 0
}
