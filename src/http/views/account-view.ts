import type { FastifyRequest } from 'fastify'
import type { MadeLink } from '../../accounts/account-links.ts'
import type { Doer } from '../../accounts/audit.ts'
import type { Origin } from '../../accounts/sessions.ts'
import type { AccessToken } from '../../novel/access-token.ts'
import type { Person } from '../../novel/person.ts'
import type { SessionRow } from '../../storage/queries/session-queries.ts'
import type { AccountPerson, AccountSession, AccountToken } from '../contract/account-contract.ts'
import { publicBaseUrl } from '../protocol/public-urls.ts'

export function viewPerson(person: Person): AccountPerson {
  const { id, name, role, hasPassword, isVouchedFor, createdAt, disabledAt } = person
  return { id, name, role, hasPassword, isVouchedFor, createdAt, disabledAt: disabledAt ?? null }
}

export function viewToken({
  id,
  name,
  scopes,
  person,
  createdAt,
  lastUsedAt,
  revokedAt,
}: AccessToken): AccountToken {
  return {
    id,
    name,
    scopes: [...scopes],
    person: person ?? null,
    createdAt,
    lastUsedAt: lastUsedAt ?? null,
    revokedAt: revokedAt ?? null,
  }
}

export function viewSession(
  { id, userAgent, address, createdAt, lastUsedAt, expiresAt }: SessionRow,
  current: string | undefined,
): AccountSession {
  return { id, current: id === current, userAgent, address, createdAt, lastUsedAt, expiresAt }
}

/** A link with its secret behind the #, which no server, proxy or log sees. Throws `request.invalid`. */
export function viewLink(
  request: FastifyRequest,
  { id, secret, expiresAt }: MadeLink,
): { id: string; link: string; expiresAt: string } {
  return { id, link: `${publicBaseUrl(request)}/join#${secret}`, expiresAt }
}

/** Who does something, for the log of it. */
export function doerOf({ caller, ip }: FastifyRequest): Doer {
  return { caller, address: ip }
}

export function originOf({ ip, headers }: FastifyRequest): Origin {
  return { address: ip, userAgent: headers['user-agent'] ?? '' }
}
