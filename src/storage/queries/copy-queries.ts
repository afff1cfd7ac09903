import { sql } from 'kysely'
import { Failure } from '../../novel/failure.ts'
import { copiedTables, tablesWithLastingIds } from '../copy/copied-tables.ts'
import { isEmptyTable } from '../copy/table-copy.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'

/** What `nightjar migrate` makes of a database. */
interface CopyState {
  /** Name of the studio that is copied: a folder, or a database and its host. */
  readonly source: string
  readonly startedAt: string
  /** NULL: it is not whole. */
  readonly finishedAt: string | null
}

/**
 * Marks an empty database as the copy of a studio, or goes on with one; nobody else may use it. Throws `migrate.occupied` if it has anything that
 * was not copied from there.
 */
export async function beginCopy(
  db: Database,
  source: string,
  target: string,
  /** What else the target has that was not copied from there. */
  foreign: () => Promise<string | undefined>,
): Promise<void> {
  const [state] = await copyStates(db)
  if (state?.source === source) {
    await db.updateTable('copyState').set({ finishedAt: null }).execute()
    return
  }
  const detail = state ? `a copy of ${state.source}` : ((await firstOccupied(db)) ?? (await foreign()))
  if (detail !== undefined) throw new Failure('migrate.occupied', { source, target, detail })
  const begun: CopyState = { source, startedAt: new Date().toISOString(), finishedAt: null }
  await db.insertInto('copyState').values(begun).execute()
}

export async function finishCopy(db: Database): Promise<void> {
  await db.updateTable('copyState').set({ finishedAt: new Date().toISOString() }).execute()
}

/**
 * To be called before a server uses a database: from then on a finished copy is a studio of its own. Throws
 * `migrate.unfinished` for one that is not whole.
 */
export async function takeOverCopy(db: Database): Promise<void> {
  const [state] = await copyStates(db)
  if (!state) return
  if (state.finishedAt === null) throw new Failure('migrate.unfinished', { source: state.source })
  await db.deleteFrom('copyState').execute()
}

function copyStates(db: Database): Promise<CopyState[]> {
  return db.selectFrom('copyState').selectAll().execute()
}

/** Written by every server at its start, with or without a novel, or by the schema. */
const writtenAtStart: readonly string[] = ['engines', 'listeners']

async function firstOccupied(db: Database): Promise<string | undefined> {
  for (const { name } of copiedTables) {
    if (!writtenAtStart.includes(name) && !(await isEmptyTable(db, name)))
      return `something in the table ${name}`
  }
  return (await isEmptyTable(db, 'clips.clips')) ? undefined : 'something in the table clips'
}

/** No id is used twice, those of deleted rows included: the target goes on where the source is. */
export async function copyLastIds(source: Database, target: Database): Promise<void> {
  for (const table of tablesWithLastingIds) {
    const last = await sqlDialect(source).lastId(source, table)
    await sqlDialect(target).setLastId(target, table, last)
  }
}

/**
 * Runs `work` with a view of the database as it is at this moment, whatever is written meanwhile. Nothing but `work` may
 * use `db` until it ends.
 */
export async function withSnapshot<T>(db: Database, work: (snapshot: Database) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      // The view is as of the first statement.
      await sql`SELECT count(*) FROM "copyState"`.execute(transaction)
      return work(transaction)
    })
}
