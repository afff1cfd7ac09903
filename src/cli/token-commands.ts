import { revokeToken, listTokens } from '../storage/queries/token-queries.ts'
import { createToken } from '../accounts/access-tokens.ts'
import { personNamed } from '../accounts/people.ts'
import { type AccessToken, type TokenScope, tokenScopes } from '../novel/access-token.ts'
import { Failure } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import type { CliSettings } from './api-client.ts'
import type { CommandStorage } from './command-storage.ts'

const longestName = 100

/** `--scope read,listen`, `--person NAME`. */
export interface TokenOptions {
  readonly scope?: string
  readonly person?: string
}

interface TokenContext {
  readonly settings: CliSettings
  readonly storage: CommandStorage
}

/**
 * What `nightjar token …` can do; `undefined` when the words after it make no sense. It works at the data folder alone;
 * people make tokens of their own on the page.
 */
export async function tokens(
  line: TokenContext,
  words: readonly string[],
  given: TokenOptions = {},
): Promise<number | undefined> {
  const [verb, what, ...more] = words
  if (verb === 'list' && what === undefined) return withDatabase(line, printTokens)
  if (what === undefined || more.length > 0) return undefined
  if (verb === 'create') return withDatabase(line, (db) => printNewToken(db, what, given))
  if (verb === 'revoke') return withDatabase(line, (db) => revoke(db, what))
  return undefined
}

async function printNewToken(
  db: Database,
  name: string,
  { scope = 'speak', person }: TokenOptions,
): Promise<number> {
  if (name.trim() === '' || name.length > longestName) {
    throw new Failure('request.invalid', { detail: `a name has 1 to ${longestName} characters` })
  }
  const scopes = scopesIn(scope)
  const owner = person === undefined ? undefined : (await personNamed(db, person)).id
  const { token, secret } = await createToken(db, {
    name: name.trim(),
    scopes,
    ...(owner !== undefined && { person: owner }),
  })
  console.log(secret)
  console.error(
    `This token ${scope === 'speak' ? 'lets a machine speak for this server' : `allows ${scopes.join(', ')}`}. It is shown only now; "nightjar token revoke ${token.id}" ends it.`,
  )
  return 0
}

/** `read,listen`. Throws `request.invalid`. */
function scopesIn(text: string): TokenScope[] {
  const named = [...new Set(text.split(/[\s,]+/).filter((scope) => scope !== ''))]
  const scopes = named.filter((scope): scope is TokenScope => tokenScopes.includes(scope as TokenScope))
  if (named.length === 0 || scopes.length < named.length) {
    throw new Failure('request.invalid', { detail: `the scopes are ${tokenScopes.join(', ')}` })
  }
  return scopes
}

async function printTokens(db: Database): Promise<number> {
  const all = await listTokens(db)
  for (const token of all) console.log(describeToken(token))
  if (all.length === 0) console.error('There are no tokens. "nightjar token create NAME" makes one.')
  return 0
}

function describeToken({ id, name, scopes, createdAt, lastUsedAt, revokedAt }: AccessToken): string {
  const used = lastUsedAt === undefined ? 'never used' : `last used ${minuteOf(lastUsedAt)}`
  const notes = [scopes.join(' '), `made ${minuteOf(createdAt)}`, used]
  if (revokedAt !== undefined) notes.push(`revoked ${minuteOf(revokedAt)}`)
  return `${id}  ${name} (${notes.join(', ')})`
}

/** `2026-11-29 12:34 UTC`. */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

async function revoke(db: Database, id: string): Promise<number> {
  if (!(await revokeToken(db, id, new Date().toISOString()))) throw new Failure('token.not-listed', { id })
  console.log(`${id} is revoked.`)
  return 0
}

async function withDatabase(
  { settings, storage }: TokenContext,
  work: (db: Database) => Promise<number>,
): Promise<number> {
  await using opened = await storage.openDatabase(settings)
  return await work(opened.db)
}
