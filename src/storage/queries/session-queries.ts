import type { Selectable } from 'kysely'
import type { Person } from '../../novel/person.ts'
import type { Database, Tables } from '../database-tables.ts'
import { asPerson } from './people-queries.ts'

export type SessionRow = Selectable<Tables['sessions']>

/** Durable when it returns. */
export async function insertSession(db: Database, row: SessionRow): Promise<void> {
  await db.insertInto('sessions').values(row).execute()
}

/** The session of a secret with its person, however old; nothing of a person who may not come in. */
export async function sessionByDigest(
  db: Database,
  digest: Uint8Array,
): Promise<{ readonly session: SessionRow; readonly person: Person } | undefined> {
  const session = await db.selectFrom('sessions').selectAll().where('digest', '=', digest).executeTakeFirst()
  if (!session) return undefined
  const row = await db
    .selectFrom('people')
    .selectAll()
    .where('id', '=', session.person)
    .where('disabledAt', 'is', null)
    .executeTakeFirst()
  return row && { session, person: asPerson(row) }
}

export async function saveSessionUse(db: Database, id: string, lastUsedAt: string): Promise<void> {
  await db.updateTable('sessions').set({ lastUsedAt }).where('id', '=', id).execute()
}

/** The last used first. */
export async function sessionsOf(db: Database, person: string): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('person', '=', person)
    .orderBy('lastUsedAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** Returns `false` where this person has no such session. */
export async function deleteSession(db: Database, id: string, person: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('id', '=', id)
    .where('person', '=', person)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** All of a person's, but the one that is kept. Returns how many. */
export async function deleteSessions(db: Database, person: string, keep?: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('person', '=', person)
    .$if(keep !== undefined, (query) => query.where('id', '!=', keep ?? ''))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** When each person was last seen, by their sessions. */
export async function lastSeen(db: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('sessions')
    .select(({ fn }) => ['person', fn.max('lastUsedAt').as('at')])
    .groupBy('person')
    .execute()
  return new Map(rows.map(({ person, at }) => [person, at]))
}

/** Those that have ended at these times. */
export async function deleteEndedSessions(db: Database, now: string, idleSince: string): Promise<void> {
  await db
    .deleteFrom('sessions')
    .where((where) => where.or([where('expiresAt', '<=', now), where('lastUsedAt', '<', idleSince)]))
    .execute()
}
