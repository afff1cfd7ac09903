import type { FastifyReply, FastifyRequest } from 'fastify'
import { beginSession } from '../../accounts/sessions.ts'
import type { Person } from '../../novel/person.ts'
import type { Database } from '../../storage/database-tables.ts'
import { deleteSession } from '../../storage/queries/session-queries.ts'
import { originOf } from '../views/account-view.ts'
import { setSessionCookie } from './session-cookie.ts'

/** Signs a person in, under a new secret whatever the browser had before. */
export async function signInAs(
  db: Database,
  person: Person,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  await endOwnSession(db, request)
  const { secret } = await beginSession(db, person, originOf(request))
  setSessionCookie(request, reply, secret)
  reply.header('cache-control', 'no-store')
}

/** Ends the session that asks, if one does. */
export async function endOwnSession(db: Database, { caller }: FastifyRequest): Promise<void> {
  if (caller.kind === 'person' && caller.session !== undefined) {
    await deleteSession(db, caller.session, caller.person.id)
  }
}
