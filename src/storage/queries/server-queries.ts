import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'

/** A server of the database, as it described itself. */
export interface ServerRow {
  readonly id: string
  /** URL at which other servers reach it. */
  readonly address: string
  /** JSON. */
  readonly state: string
}

/** Writes that a server lives, and how it is. All times are by the clock of the database. */
export async function saveServer(db: Database, { id, address, state }: ServerRow): Promise<void> {
  const { clock } = sqlDialect(db)
  await db
    .insertInto('servers')
    .values({ id, address, state, startedAt: clock, seenAt: clock })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ address, state, seenAt: clock }))
    .execute()
}

/** Those that were seen in the last `ms` milliseconds, the oldest first. */
export async function liveServers(db: Database, ms: number): Promise<ServerRow[]> {
  const { clock } = sqlDialect(db)
  return db
    .selectFrom('servers')
    .select(['id', 'address', 'state'])
    .where(({ eb }) => eb('seenAt', '>', eb(clock, '-', ms)))
    .orderBy('startedAt')
    .orderBy('id')
    .execute()
}

export async function serverById(db: Database, id: string): Promise<ServerRow | undefined> {
  return db.selectFrom('servers').select(['id', 'address', 'state']).where('id', '=', id).executeTakeFirst()
}

export async function deleteServer(db: Database, id: string): Promise<void> {
  await db.deleteFrom('servers').where('id', '=', id).execute()
}

/** Deletes those that were not seen for `ms` milliseconds. */
export async function deleteSilentServers(db: Database, ms: number): Promise<void> {
  const { clock } = sqlDialect(db)
  await db
    .deleteFrom('servers')
    .where(({ eb }) => eb('seenAt', '<=', eb(clock, '-', ms)))
    .execute()
}
