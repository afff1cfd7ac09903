import { v7 as uuidv7 } from 'uuid'
import type { Person } from '../novel/person.ts'
import type { Database } from '../storage/database-tables.ts'
import {
  deleteEndedSessions,
  insertSession,
  saveSessionUse,
  sessionByDigest,
  type SessionRow,
} from '../storage/queries/session-queries.ts'
import { isoTime, noteUse } from './uses.ts'
import { digestOf, newSecret } from './secrets.ts'

const dayMs = 24 * 3_600_000
/** A session ends when it was not used for so long, and at the latest so long after it began. */
const idleMs = 30 * dayMs
export const longestMs = 180 * dayMs

const sessionPrefix = 'njs_'

/** From where somebody signs in, as it is shown to them later. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
}

/** Begins a session under a new secret, which only the browser keeps. Durable when it returns. */
export async function beginSession(
  db: Database,
  person: Person,
  { address, userAgent }: Origin,
  now = Date.now(),
): Promise<{ readonly secret: string; readonly id: string }> {
  await deleteEndedSessions(db, isoTime(now), isoTime(now - idleMs))
  const secret = newSecret(sessionPrefix)
  const session = {
    id: uuidv7(),
    digest: digestOf(secret),
    person: person.id,
    createdAt: isoTime(now),
    lastUsedAt: isoTime(now),
    expiresAt: isoTime(now + longestMs),
    userAgent: userAgent.slice(0, 300),
    address,
  }
  await insertSession(db, session)
  return { secret, id: session.id }
}

/** The session of a secret, and whose it is; `undefined`: there is none, or it has ended. */
export async function knownSession(
  db: Database,
  secret: string,
  now = Date.now(),
): Promise<{ readonly session: SessionRow; readonly person: Person } | undefined> {
  const known = await sessionByDigest(db, digestOf(secret))
  if (!known || !isGood(known.session, now)) return undefined
  const { id, lastUsedAt } = known.session
  await noteUse(lastUsedAt, now, (at) => saveSessionUse(db, id, at))
  return known
}

export function isGood({ expiresAt, lastUsedAt }: SessionRow, now: number): boolean {
  return Date.parse(expiresAt) > now && Date.parse(lastUsedAt) + idleMs > now
}
