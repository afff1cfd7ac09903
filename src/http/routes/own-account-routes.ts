import type { FastifyRequest } from 'fastify'
import { createToken } from '../../accounts/access-tokens.ts'
import { writeAudit } from '../../accounts/audit.ts'
import { isGood } from '../../accounts/sessions.ts'
import { changePassword } from '../../accounts/sign-in.ts'
import type { Application } from '../../jobs/application.ts'
import { Failure } from '../../novel/failure.ts'
import type { Person } from '../../novel/person.ts'
import { deleteSession, deleteSessions, sessionsOf } from '../../storage/queries/session-queries.ts'
import { listTokens, revokeToken } from '../../storage/queries/token-queries.ts'
import { clearSessionCookie } from '../access/session-cookie.ts'
import type { ApiServer } from '../api-server.ts'
import {
  ended,
  idParams,
  passwordBody,
  sessionList,
  tokenBody,
  tokenList,
  tokenMade,
} from '../contract/account-contract.ts'
import { done, failure } from '../contract/field-contract.ts'
import { doerOf, viewSession, viewToken } from '../views/account-view.ts'

const tags = ['accounts']

/** The account of who is signed in: password, sessions, tokens. */
export function ownAccountRoutes(app: ApiServer, { db }: Pick<Application, 'db'>): void {
  app.put(
    '/api/accounts/password',
    {
      schema: {
        tags,
        summary: 'Another password for oneself; all other sessions end',
        body: passwordBody,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      const { person, session } = signedIn(request)
      await changePassword(db, person, request.body, { doer: doerOf(request), session })
      return { success: true as const }
    },
  )

  app.get(
    '/api/accounts/sessions',
    { schema: { tags, summary: 'Where one is signed in', response: { 200: sessionList, '4xx': failure } } },
    async (request) => {
      const { person, session } = signedIn(request)
      const now = Date.now()
      const rows = (await sessionsOf(db, person.id)).filter((row) => isGood(row, now))
      return { success: true as const, sessions: rows.map((row) => viewSession(row, session)) }
    },
  )

  app.delete(
    '/api/accounts/sessions',
    {
      schema: {
        tags,
        summary: 'Sign out everywhere else',
        response: { 200: ended, '4xx': failure },
      },
    },
    async (request) => {
      const { person, session } = signedIn(request)
      return { success: true as const, ended: await deleteSessions(db, person.id, session) }
    },
  )

  app.delete(
    '/api/accounts/sessions/:id',
    {
      schema: {
        tags,
        summary: 'End one of one’s own sessions',
        params: idParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { person, session } = signedIn(request)
      const { id } = request.params
      if (!(await deleteSession(db, id, person.id))) throw new Failure('account.no-session')
      if (id === session) clearSessionCookie(request, reply)
      return { success: true as const }
    },
  )

  app.get(
    '/api/accounts/tokens',
    { schema: { tags, summary: 'One’s own tokens', response: { 200: tokenList, '4xx': failure } } },
    async (request) => {
      const tokens = await listTokens(db, signedIn(request).person.id)
      return { success: true as const, tokens: tokens.map(viewToken) }
    },
  )

  app.post(
    '/api/accounts/tokens',
    {
      schema: {
        tags,
        summary: 'A token for a program; its secret is shown this once',
        body: tokenBody,
        response: { 201: tokenMade, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { person } = signedIn(request)
      const name = request.body.name.trim()
      const scopes = [...new Set(request.body.scopes)]
      if (scopes.includes('speak') && person.role !== 'admin') {
        throw new Failure('account.forbidden', { role: person.role })
      }
      const { token, secret } = await db.transaction().execute(async (commit) => {
        await writeAudit(commit, doerOf(request), 'token.made', `${name} (${scopes.join(', ')})`)
        return createToken(commit, { name, scopes, person: person.id })
      })
      reply.header('cache-control', 'no-store')
      return reply.code(201).send({ success: true, token: viewToken(token), secret })
    },
  )

  app.delete(
    '/api/accounts/tokens/:id',
    {
      schema: {
        tags,
        summary: 'Revoke one of one’s own tokens; an admin, any',
        params: idParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      const { person } = signedIn(request)
      const { id } = request.params
      const own = person.role === 'admin' ? undefined : person.id
      await db.transaction().execute(async (commit) => {
        if (!(await revokeToken(commit, id, new Date().toISOString(), own))) {
          throw new Failure('token.not-listed', { id })
        }
        await writeAudit(commit, doerOf(request), 'token.revoked', id)
      })
      return { success: true as const }
    },
  )
}

/** Throws `account.off`: where nobody is asked who they are, and for the command line. */
function signedIn({ caller }: FastifyRequest): { person: Person; session: string | undefined } {
  if (caller.kind !== 'person') throw new Failure('account.off')
  return { person: caller.person, session: caller.session }
}
