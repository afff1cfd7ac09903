import { createHash, randomBytes } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'
import type { AccessToken, TokenScope } from '../novel/access-token.ts'
import { Failure } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import { insertToken, saveTokenUse, tokenByDigest } from '../storage/queries/token-queries.ts'
import { isStorageError } from '../storage/storage-errors.ts'

/** So that a token is recognised as one where it should not be: in a log, in a repository. */
const prefix = 'nj_'
const secretBytes = 32

/** Uses of a token are written down at most so often. */
const useIntervalMs = 60_000

/** Makes a token. Its secret is returned this once and cannot be had again. Durable when it returns. */
export async function createToken(
  db: Database,
  { name, scope }: Pick<AccessToken, 'name' | 'scope'>,
): Promise<{ readonly token: AccessToken; readonly secret: string }> {
  const secret = `${prefix}${randomBytes(secretBytes).toString('base64url')}`
  const token = { id: uuidv7(), name, scope, createdAt: new Date().toISOString() }
  await insertToken(db, token, digestOf(secret))
  return { token, secret }
}

/**
 * The token of a secret, if it allows what is asked for. It is looked up by its hash, so the time that takes tells
 * nothing of the secrets that there are. Throws `token.unknown` (also for a revoked one) and `token.scope`.
 */
export async function authorize(
  db: Database,
  secret: string | undefined,
  scope: TokenScope,
  now: number,
): Promise<AccessToken> {
  const token = secret === undefined ? undefined : await tokenByDigest(db, digestOf(secret))
  if (!token || token.revokedAt !== undefined) throw new Failure('token.unknown')
  if (token.scope !== scope)
    throw new Failure('token.scope', { name: token.name, scope: token.scope, wanted: scope })
  if (now - Date.parse(token.lastUsedAt ?? '1970-01-01') >= useIntervalMs) await noteUse(db, token, now)
  return token
}

/** A disk that takes no writes keeps nobody out: machines bring clips that are kept until it does. */
async function noteUse(db: Database, { id }: AccessToken, now: number): Promise<void> {
  try {
    await saveTokenUse(db, id, new Date(now).toISOString())
  } catch (error) {
    if (!isStorageError(error)) throw error
  }
}

function digestOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest()
}
