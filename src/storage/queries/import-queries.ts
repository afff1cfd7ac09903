import { sql } from 'kysely'
import type { ImportState } from '../../novel/import-state.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { holdKeeper, setKeeper } from './kept-novel-queries.ts'
import { type StoredFailure, storedFailureColumn } from './stored-failure.ts'

/** A file of an import. */
export interface ImportFile {
  /** UUIDv7. */
  readonly id: string
  readonly batch: string
  /** Who has begun the import; `null`: nobody signs in. */
  readonly listener: string | null
  /** 1: they keep its novels to themselves. */
  readonly kept: number
  readonly name: string
  readonly bytes: number
  readonly state: ImportState
}

/** What became of a file. */
export interface ImportOutcome {
  readonly state: ImportState
  readonly novelId?: string
  readonly versionId?: string
  readonly failure?: StoredFailure
}

const now = (): string => new Date().toISOString()

/** Rows written in one statement, which may have so many values. */
const rowsPerInsert = 50

export async function insertImportFiles(db: Database, files: readonly ImportFile[]): Promise<void> {
  await db.transaction().execute(async (commit) => {
    for (let from = 0; from < files.length; from += rowsPerInsert)
      await insertFiles(commit, files.slice(from, from + rowsPerInsert))
  })
}

async function insertFiles(commit: Database, files: readonly ImportFile[]): Promise<void> {
  const at = now()
  const unread = {
    novelId: null,
    versionId: null,
    failure: null,
    createdAt: at,
    begunAt: null,
    changedAt: at,
  }
  await commit
    .insertInto('importFiles')
    .values(files.map((file) => ({ ...file, ...unread })))
    .execute()
}

/** A book that was unpacked waits, of the import of its zip. Returns whether that is still known. */
export async function insertUnpacked(
  db: Database,
  zipId: string,
  book: Pick<ImportFile, 'id' | 'name' | 'bytes'>,
): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const zip = await sqlDialect(commit)
      .lockRows(
        commit.selectFrom('importFiles').select(['batch', 'listener', 'kept']).where('id', '=', zipId),
      )
      .executeTakeFirst()
    if (zip) await insertFiles(commit, [{ ...zip, ...book, state: 'waiting' }])
    return zip !== undefined
  })
}

export async function importFileById(db: Database, id: string): Promise<ImportFile | undefined> {
  return db
    .selectFrom('importFiles')
    .select(['id', 'batch', 'listener', 'kept', 'name', 'bytes', 'state'])
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Its bytes are stored, and it is read in its turn. Returns whether it may still come. */
export async function importFileCame(db: Database, id: string, bytes: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('importFiles')
    .set({ state: 'waiting', bytes, failure: null, begunAt: null, changedAt: now() })
    .where('id', '=', id)
    .where('state', 'in', ['sending', 'waiting', 'refused'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** A file is not taken in, if it has not come. */
export async function refuseUnsent(db: Database, id: string, failure: StoredFailure): Promise<void> {
  await db
    .updateTable('importFiles')
    .set({ state: 'refused', failure: storedFailureColumn(failure), changedAt: now() })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .execute()
}

export interface BegunImportFile extends ImportFile {
  /** When it was read first, before a server died; `null`: it is read for the first time. */
  readonly begunBefore: string | null
}

/** The next file, which is being read from now on. Only whoever holds the lock of imports asks. */
export async function beginNextImportFile(db: Database): Promise<BegunImportFile | undefined> {
  const next = await db
    .selectFrom('importFiles')
    .select(['id', 'batch', 'listener', 'kept', 'name', 'bytes', 'begunAt'])
    .where('state', '=', 'waiting')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!next) return undefined
  const { begunAt: begunBefore, ...file } = next
  await db
    .updateTable('importFiles')
    .set({ state: 'reading', begunAt: begunBefore ?? now(), changedAt: now() })
    .where('id', '=', next.id)
    .execute()
  return { ...file, begunBefore, state: 'reading' }
}

/** Whether a file says already that this novel is new by it. */
export async function isAddedByImport(db: Database, novelId: string): Promise<boolean> {
  const found = await db
    .selectFrom('importFiles')
    .select('id')
    .where('state', '=', 'added')
    .where('novelId', '=', novelId)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Files that were being read when their server died wait again. */
export async function waitAgain(db: Database): Promise<void> {
  await db
    .updateTable('importFiles')
    .set({ state: 'waiting', changedAt: now() })
    .where('state', '=', 'reading')
    .execute()
}

/**
 * What became of a file that was being read. Who alone sees a new novel is who shall do so by now. Returns whether it was being
 * read still: its import may have been forgotten meanwhile, or another server have begun anew. Throws `account.unknown`.
 */
export async function saveImportOutcome(db: Database, id: string, outcome: ImportOutcome): Promise<boolean> {
  const { state, novelId = null, versionId = null, failure = null } = outcome
  return db.transaction().execute(async (commit) => {
    const saved = await commit
      .updateTable('importFiles')
      .set({ state, novelId, versionId, failure: storedFailureColumn(failure), changedAt: now() })
      .where('id', '=', id)
      .where('state', '=', 'reading')
      .returning(['listener', 'kept'])
      .executeTakeFirst()
    if (saved && saved.listener !== null && state === 'added' && novelId !== null)
      await keepAdded(commit, [novelId], saved.listener, saved.kept === 1)
    return saved !== undefined
  })
}

/** Those of the novels that somebody has added are seen by them alone, or by all. Returns those of which this changed. */
async function keepAdded(
  commit: Database,
  novelIds: readonly string[],
  listener: string,
  keep: boolean,
): Promise<string[]> {
  const rows = await commit
    .selectFrom('novels')
    .select('id')
    .where('id', 'in', sql<string>`(SELECT value FROM ${sqlDialect(commit).texts(novelIds)})`)
    .where('addedBy', '=', listener)
    .where('keeper', keep ? 'is' : 'is not', null)
    .execute()
  const changed = rows.map(({ id }) => id)
  if (changed.length > 0) await setKeeper(commit, changed, keep ? listener : null)
  return changed
}

/**
 * Has the novels of an import, that came in by it or will, be seen by who has begun it alone, or by all. Returns the ids of
 * those of which this changed. Throws `account.unknown`.
 */
export async function keepImported(
  db: Database,
  batch: string,
  listener: string,
  keep: boolean,
): Promise<string[]> {
  return db.transaction().execute(async (commit) => {
    // As novels are added: first who keeps them, then rows.
    if (keep) await holdKeeper(commit, listener)
    await lockFiles(commit, batch)
    await commit
      .updateTable('importFiles')
      .set({ kept: keep ? 1 : 0 })
      .where('batch', '=', batch)
      .where('listener', '=', listener)
      .execute()
    const added = await commit
      .selectFrom('importFiles')
      .select('novelId')
      .where('batch', '=', batch)
      .where('state', '=', 'added')
      .execute()
    const ids = added.flatMap(({ novelId }) => novelId ?? [])
    return keepAdded(commit, ids, listener, keep)
  })
}

/** Nothing is unpacked into an import, and nothing becomes of its files, until the transaction ends. */
async function lockFiles(commit: Database, batch: string): Promise<void> {
  const files = commit.selectFrom('importFiles').select('id').where('batch', '=', batch).orderBy('id')
  await sqlDialect(commit).lockRows(files).execute()
}

/** Refused files wait again. Returns how many there are. */
export async function retryImportFiles(db: Database, batch: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('importFiles')
    .set({ state: 'waiting', failure: null, begunAt: null, changedAt: now() })
    .where('batch', '=', batch)
    .where('state', '=', 'refused')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

export async function importFileIds(db: Database, batch: string): Promise<string[]> {
  const rows = await db.selectFrom('importFiles').select('id').where('batch', '=', batch).execute()
  return rows.map(({ id }) => id)
}

/** Forgets an import. Returns the ids of its files. */
export async function deleteImport(db: Database, batch: string): Promise<string[]> {
  return db.transaction().execute(async (commit) => {
    await lockFiles(commit, batch)
    const rows = await commit.deleteFrom('importFiles').where('batch', '=', batch).returning('id').execute()
    return rows.map(({ id }) => id)
  })
}

/** Of all imports. */
export async function knownImportFiles(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('importFiles').select('id').execute()
  return rows.map(({ id }) => id)
}

/** Imports of which nothing has changed since then. */
export async function importsBefore(db: Database, time: string): Promise<string[]> {
  const rows = await db
    .selectFrom('importFiles')
    .select('batch')
    .groupBy('batch')
    .having((expression) => expression.fn.max('changedAt'), '<', time)
    .execute()
  return rows.map(({ batch }) => batch)
}

export async function importsBegunBy(db: Database, listener: string): Promise<string[]> {
  const rows = await db
    .selectFrom('importFiles')
    .select('batch')
    .distinct()
    .where('listener', '=', listener)
    .execute()
  return rows.map(({ batch }) => batch)
}
