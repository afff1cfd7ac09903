import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database-tables.ts'

export type AccountLinkRow = Selectable<Tables['accountLinks']>

/** Durable when it returns. */
export async function insertAccountLink(db: Database, row: AccountLinkRow): Promise<void> {
  await db.insertInto('accountLinks').values(row).execute()
}

/** Nothing of one that has expired. */
export async function accountLinkByDigest(
  db: Database,
  digest: Uint8Array,
  now: string,
): Promise<AccountLinkRow | undefined> {
  return db
    .selectFrom('accountLinks')
    .selectAll()
    .where('digest', '=', digest)
    .where('expiresAt', '>', now)
    .executeTakeFirst()
}

/** Uses it up. Returns `false` where somebody else has. `kind`: only one of this kind. */
export async function deleteAccountLink(
  db: Database,
  id: string,
  kind?: AccountLinkRow['kind'],
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('accountLinks')
    .where('id', '=', id)
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? 'invite'))
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Invitations that nobody has followed yet, the newest first. */
export async function openInvitations(db: Database, now: string): Promise<AccountLinkRow[]> {
  return db
    .selectFrom('accountLinks')
    .selectAll()
    .where('kind', '=', 'invite')
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

/** A new link takes the place of an older one for the same person's password. */
export async function deleteResets(db: Database, person: string): Promise<void> {
  await db.deleteFrom('accountLinks').where('person', '=', person).where('kind', '=', 'reset').execute()
}

export async function deleteSetupCodes(db: Database): Promise<void> {
  await db.deleteFrom('accountLinks').where('kind', '=', 'setup').execute()
}

export async function deleteExpiredLinks(db: Database, now: string): Promise<void> {
  await db.deleteFrom('accountLinks').where('expiresAt', '<=', now).execute()
}
