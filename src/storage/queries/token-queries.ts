import type { Selectable } from 'kysely'
import type { AccessToken, TokenScope } from '../../novel/access-token.ts'
import type { Database, Tables } from '../database-tables.ts'

/** `digest`: SHA-256 of the secret. Durable when it returns. */
export async function insertToken(
  db: Database,
  { id, name, scopes, person = null, createdAt }: Omit<AccessToken, 'person'> & { person?: string | null },
  digest: Uint8Array,
): Promise<void> {
  await db
    .insertInto('accessTokens')
    .values({ id, name, scope: scopes.join(' '), person, digest, createdAt })
    .execute()
}

/** One probe of the index, so that a revoked token is refused from the next request on. */
export async function tokenByDigest(db: Database, digest: Uint8Array): Promise<AccessToken | undefined> {
  const row = await db.selectFrom('accessTokens').selectAll().where('digest', '=', digest).executeTakeFirst()
  return row && asAccessToken(row)
}

/** The oldest first, revoked ones too. `person`: only those of this one. */
export async function listTokens(db: Database, person?: string): Promise<AccessToken[]> {
  const rows = await db
    .selectFrom('accessTokens')
    .selectAll()
    .$if(person !== undefined, (query) => query.where('person', '=', person ?? ''))
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map(asAccessToken)
}

export async function saveTokenUse(db: Database, id: string, lastUsedAt: string): Promise<void> {
  await db.updateTable('accessTokens').set({ lastUsedAt }).where('id', '=', id).execute()
}

/**
 * Returns `false` where there is no such token; one that is revoked already keeps its time. `person`: only one of theirs.
 */
export async function revokeToken(
  db: Database,
  id: string,
  revokedAt: string,
  person?: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('accessTokens')
    .set(({ fn, val }) => ({ revokedAt: fn.coalesce('revokedAt', val(revokedAt)) }))
    .where('id', '=', id)
    .$if(person !== undefined, (query) => query.where('person', '=', person ?? ''))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function asAccessToken(row: Selectable<Tables['accessTokens']>): AccessToken {
  const { id, name, scope, person, createdAt, lastUsedAt, revokedAt } = row
  return {
    id,
    name,
    scopes: scope.split(' ') as TokenScope[],
    ...(person !== null && { person }),
    createdAt,
    ...(lastUsedAt !== null && { lastUsedAt }),
    ...(revokedAt !== null && { revokedAt }),
  }
}
