import { v7 as uuidv7 } from 'uuid'
import type { AccessToken, TokenScope } from '../novel/access-token.ts'
import { Failure } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import { insertToken, saveTokenUse, tokenByDigest } from '../storage/queries/token-queries.ts'
import { noteUse } from './uses.ts'
import { digestOf, newSecret } from './secrets.ts'

export const tokenPrefix = 'nj_'

/** Makes a token. Its secret is returned this once and cannot be had again. Durable when it returns. */
export async function createToken(
  db: Database,
  { name, scopes, person }: Pick<AccessToken, 'name' | 'scopes' | 'person'>,
): Promise<{ readonly token: AccessToken; readonly secret: string }> {
  const secret = newSecret(tokenPrefix)
  const createdAt = new Date().toISOString()
  const token = { id: uuidv7(), name, scopes, createdAt, ...(person !== undefined && { person }) }
  await insertToken(db, token, digestOf(secret))
  return { token, secret }
}

/**
 * The token of a secret. It is looked up by its hash, so the time that takes tells nothing of the secrets that there are.
 * Throws `token.unknown`, also for a revoked one.
 */
export async function knownToken(
  db: Database,
  secret: string | undefined,
  now: number,
): Promise<AccessToken> {
  const token = secret === undefined ? undefined : await tokenByDigest(db, digestOf(secret))
  if (!token || token.revokedAt !== undefined) throw new Failure('token.unknown')
  await noteUse(token.lastUsedAt, now, (at) => saveTokenUse(db, token.id, at))
  return token
}

/** The same, if the token allows what is asked for. Throws `token.unknown` and `token.scope`. */
export async function authorize(
  db: Database,
  secret: string | undefined,
  scope: TokenScope,
  now: number,
): Promise<AccessToken> {
  const token = await knownToken(db, secret, now)
  if (!token.scopes.includes(scope)) throw lacksScope(token, scope)
  return token
}

export function lacksScope({ name, scopes }: AccessToken, wanted: string): Failure {
  return new Failure('token.scope', { name, scope: scopes.join(', '), wanted })
}
