import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { knownToken, tokenPrefix } from '../../accounts/access-tokens.ts'
import type { Caller } from '../../accounts/callers.ts'
import { digestOf } from '../../accounts/secrets.ts'
import type { RoleRule } from '../../accounts/role-rule.ts'
import { knownSession } from '../../accounts/sessions.ts'
import { personVouchedFor } from '../../accounts/vouched-people.ts'
import { Failure } from '../../novel/failure.ts'
import type { Vouched } from '../../novel/person.ts'
import type { Database } from '../../storage/database-tables.ts'
import { personById } from '../../storage/queries/people-queries.ts'
import type { TrustedProxy } from './proxy-headers.ts'
import { sessionSecret } from './session-cookie.ts'

/** A secret as `Authorization: Bearer` brings it (RFC 6750, 2.1). */
const bearer = /^Bearer +([\w\-.~+/]+=*) *$/i
const basic = /^Basic +([\w+/]+=*) *$/i

export function bearerSecret(authorization = ''): string | undefined {
  return bearer.exec(authorization)?.[1]
}

/** How a server knows who asks. */
export interface Identification {
  readonly db: Database
  /** What the commands of this machine send; it is in the data folder, for this run of the server. */
  readonly consoleSecret: string
  /** Left out: no header of a proxy tells who asks. */
  readonly proxy?: TrustedProxy | undefined
  /** What those are for whom a provider or a proxy vouches. */
  readonly rule: RoleRule
}

/** By what the request brings: a token, what a proxy says, or the cookie of a session. Reads the database. */
export async function identify(request: FastifyRequest, known: Identification): Promise<Caller> {
  const { authorization } = request.headers
  const secret = bearerSecret(authorization) ?? basicSecret(request)
  const vouched = known.proxy?.vouchedBy(request)
  // A name and password that the proxy has asked for come here too.
  if (secret !== undefined && !(vouched && secret === '')) {
    if (isConsole(secret, known)) return { kind: 'console' }
    return byToken(known.db, secret)
  }
  const byProxy = vouched && (await asVouched(vouched, request, known))
  if (byProxy?.kind === 'person' || byProxy?.refused?.code === 'account.shut-out') return byProxy
  const cookie = sessionSecret(request)
  const session = cookie === undefined ? undefined : await knownSession(known.db, cookie)
  if (session) return { kind: 'person', person: session.person, session: session.session.id }
  return byProxy ?? { kind: 'nobody' }
}

/** Whoever is not let in may have a link or a password. */
async function asVouched(
  vouched: Vouched,
  { ip }: FastifyRequest,
  { db, rule }: Identification,
): Promise<Extract<Caller, { kind: 'person' | 'nobody' }>> {
  try {
    const doer = { caller: { kind: 'nobody', vouched } as const, address: ip }
    return { kind: 'person', person: await personVouchedFor(db, vouched, rule, doer) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { kind: 'nobody', refused: error, vouched }
  }
}

/** A token of a person who may not come in, or was removed, is none. */
async function byToken(db: Database, secret: string): Promise<Caller> {
  try {
    const token = await knownToken(db, secret, Date.now())
    if (token.person === undefined) return { kind: 'token', token }
    const person = await personById(db, token.person)
    if (person && person.disabledAt === undefined) return { kind: 'token', token, person }
    return { kind: 'nobody', refused: new Failure('token.unknown') }
  } catch (error) {
    if (error instanceof Failure && error.code === 'token.unknown') return { kind: 'nobody', refused: error }
    throw error
  }
}

/**
 * A token as the password of Basic authentication, as podcast apps and readers of OPDS send it, with any name. To read
 * alone: browsers send it by themselves, also for other pages.
 */
function basicSecret({ method, headers }: FastifyRequest): string | undefined {
  const encoded = basic.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined || (method !== 'GET' && method !== 'HEAD')) return undefined
  const password = Buffer.from(encoded, 'base64')
    .toString()
    .replace(/^[^:]*:/, '')
  return password.startsWith(tokenPrefix) ? password : ''
}

function isConsole(secret: string, { consoleSecret }: Identification): boolean {
  return timingSafeEqual(digestOf(secret), digestOf(consoleSecret))
}
