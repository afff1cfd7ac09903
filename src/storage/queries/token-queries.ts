import type { Selectable } from 'kysely'
import type { AccessToken } from '../../novel/access-token.ts'
import type { Database, Tables } from '../database-tables.ts'

/** `digest`: SHA-256 of the secret. Durable when it returns. */
export async function insertToken(
  db: Database,
  { id, name, scope, createdAt }: AccessToken,
  digest: Uint8Array,
): Promise<void> {
  await db.insertInto('accessTokens').values({ id, name, scope, digest, createdAt }).execute()
}

/** One probe of the index, so that a revoked token is refused from the next request on. */
export async function tokenByDigest(db: Database, digest: Uint8Array): Promise<AccessToken | undefined> {
  const row = await db.selectFrom('accessTokens').selectAll().where('digest', '=', digest).executeTakeFirst()
  return row && asAccessToken(row)
}

/** The oldest first, revoked ones too. */
export async function listTokens(db: Database): Promise<AccessToken[]> {
  const rows = await db.selectFrom('accessTokens').selectAll().orderBy('createdAt').orderBy('id').execute()
  return rows.map(asAccessToken)
}

export async function saveTokenUse(db: Database, id: string, lastUsedAt: string): Promise<void> {
  await db.updateTable('accessTokens').set({ lastUsedAt }).where('id', '=', id).execute()
}

/** Returns `false` where there is no such token; one that is revoked already keeps its time. */
export async function revokeToken(db: Database, id: string, revokedAt: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('accessTokens')
    .set(({ fn, val }) => ({ revokedAt: fn.coalesce('revokedAt', val(revokedAt)) }))
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function asAccessToken(row: Selectable<Tables['accessTokens']>): AccessToken {
  const { id, name, scope, createdAt, lastUsedAt, revokedAt } = row
  return {
    id,
    name,
    scope,
    createdAt,
    ...(lastUsedAt !== null && { lastUsedAt }),
    ...(revokedAt !== null && { revokedAt }),
  }
}
