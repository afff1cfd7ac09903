import type { Selectable } from 'kysely'
import type { OpdsSource } from '../../novel/opds-source.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'

type Row = Selectable<Tables['opdsSources']>

function asSource(row: Row): OpdsSource {
  const { user, password, createdAt: _, ...same } = row
  return { ...same, ...(user !== null && { user }), ...(password !== null && { password }) }
}

function columnsOf({ title, address, user, password }: Omit<OpdsSource, 'id'>) {
  return { title, address, user: user ?? null, password: password ?? null }
}

/** The oldest first. */
export async function listOpdsSources(db: Database): Promise<OpdsSource[]> {
  const rows = await db.selectFrom('opdsSources').selectAll().orderBy('createdAt').orderBy('id').execute()
  return rows.map(asSource)
}

export async function opdsSourceById(db: Database, id: string): Promise<OpdsSource | undefined> {
  const row = await db.selectFrom('opdsSources').selectAll().where('id', '=', id).executeTakeFirst()
  return row && asSource(row)
}

/** Inserts a catalogue unless there are `most`. Returns whether it did. */
export async function insertOpdsSource(db: Database, source: OpdsSource, most: number): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    await sqlDialect(commit).serialize(commit, 'opds sources')
    const { count } = await commit
      .selectFrom('opdsSources')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (count >= most) return false
    await commit
      .insertInto('opdsSources')
      .values({ id: source.id, ...columnsOf(source), createdAt: new Date().toISOString() })
      .execute()
    return true
  })
}

/** Applies `change` to a catalogue as it stands, in one transaction. `undefined`: it was removed. */
export async function updateOpdsSource(
  db: Database,
  id: string,
  change: (known: OpdsSource) => OpdsSource,
): Promise<OpdsSource | undefined> {
  return db.transaction().execute(async (commit) => {
    const query = commit.selectFrom('opdsSources').selectAll().where('id', '=', id)
    const row = await sqlDialect(commit).lockRows(query).executeTakeFirst()
    if (!row) return undefined
    const changed = change(asSource(row))
    await commit.updateTable('opdsSources').set(columnsOf(changed)).where('id', '=', id).execute()
    return changed
  })
}
