import type { FastifyRequest } from 'fastify'
import { followLink, knownLink, setUp } from '../../accounts/account-links.ts'
import { doneBy, writeAudit } from '../../accounts/audit.ts'
import { type Caller, personOf } from '../../accounts/callers.ts'
import { houseRules } from '../../accounts/house-rules.ts'
import { personOfPassword } from '../../accounts/sign-in.ts'
import type { Application } from '../../jobs/application.ts'
import { hasPeople } from '../../storage/queries/people-queries.ts'
import { type AccessControl, requireAccounts } from '../access/access-control.ts'
import { endOwnSession, signInAs } from '../access/begun-session.ts'
import { clearSessionCookie } from '../access/session-cookie.ts'
import type { ApiServer } from '../api-server.ts'
import {
  type AccountState,
  accountState,
  followBody,
  link,
  linkBody,
  oneAccount,
  setupBody,
  signedOut,
  signInBody,
  signOutQuery,
} from '../contract/account-contract.ts'
import { failure } from '../contract/field-contract.ts'
import { publicBaseUrl } from '../protocol/public-urls.ts'
import { doerOf, viewPerson } from '../views/account-view.ts'

const tags = ['accounts']

/** The ways in and out, for whoever is not known yet. Without accounts they say that nobody signs in. */
export function accountRoutes(
  app: ApiServer,
  { db }: Pick<Application, 'db'>,
  control: AccessControl | undefined,
): void {
  app.get(
    '/api/accounts/session',
    {
      schema: {
        tags,
        summary: 'Who asks, and how people come in here; the first question of a page',
        response: { 200: accountState },
      },
    },
    async ({ caller }, reply): Promise<AccountState> => {
      reply.header('cache-control', 'no-store')
      const person = personOf(caller)
      const signedIn = person || caller.kind === 'console' || caller.kind === 'token'
      const isSetUp = !control || (await hasPeople(db))
      if (control && !isSetUp) await control.offerSetup()
      return {
        success: true,
        state: !control ? 'open' : !isSetUp ? 'setup' : signedIn ? 'signed-in' : 'signed-out',
        person: person ? viewPerson(person) : null,
        mayAdd: !control || (person?.role === 'listener' ? (await houseRules(db)).listenersAdd : !!signedIn),
        session: (caller.kind === 'person' && caller.session) || null,
        ways: {
          password: control !== undefined,
          provider: control?.provider?.name ?? null,
          proxy: isByProxy(caller),
        },
      }
    },
  )

  app.post(
    '/api/accounts/setup',
    {
      schema: {
        tags,
        summary: 'Make the first admin, with the code of the server’s log',
        body: setupBody,
        response: { 201: oneAccount, '4xx': failure },
      },
    },
    async (request, reply) => {
      requireAccounts(control)
      const person = await setUp(db, request.body, doerOf(request))
      await signInAs(db, person, request, reply)
      return reply.code(201).send({ success: true, person: viewPerson(person) })
    },
  )

  app.post(
    '/api/accounts/sign-in',
    {
      schema: {
        tags,
        summary: 'Sign in with name and password: sets a cookie',
        body: signInBody,
        response: { 200: oneAccount, '4xx': failure },
      },
    },
    async (request, reply) => {
      requireAccounts(control)
      const person = await personOfPassword(db, request.body, doerOf(request))
      await signInAs(db, person, request, reply)
      await writeAudit(db, doneBy(person, doerOf(request)), 'sign-in', person.name)
      return { success: true as const, person: viewPerson(person) }
    },
  )

  app.post(
    '/api/accounts/sign-out',
    {
      schema: {
        tags,
        summary: 'End this session',
        querystring: signOutQuery,
        response: { 200: signedOut },
      },
    },
    async (request, reply) => {
      const page = request.query.provider === 'yes' ? await providerPage(request) : undefined
      await endOwnSession(db, request)
      clearSessionCookie(request, reply)
      // What the browser keeps of pages and answers.
      reply.header('clear-site-data', '"cache"')
      return { success: true as const, page: page?.href ?? null }
    },
  )

  /** Of the provider, if who asks may have come by it. */
  async function providerPage(request: FastifyRequest): Promise<URL | undefined> {
    const provider = control?.provider
    if (!provider || !personOf(request.caller)?.isVouchedFor) return undefined
    return provider.signOutPage(`${publicBaseUrl(request)}/sign-in?out`)
  }

  app.post(
    '/api/accounts/links/look',
    {
      schema: {
        tags,
        summary: 'What a link is for that an admin has handed over',
        body: linkBody,
        response: { 200: link, '4xx': failure },
      },
    },
    async ({ body }) => {
      requireAccounts(control)
      const { kind, name, role, expiresAt } = await knownLink(db, body.secret)
      const shown = kind === 'reset' ? ('reset' as const) : ('invite' as const)
      return { success: true as const, link: { kind: shown, name, role, expiresAt } }
    },
  )

  app.post(
    '/api/accounts/links/follow',
    {
      schema: {
        tags,
        summary: 'Follow it: an account for who was invited, another password for who had one; signs in',
        body: followBody,
        response: { 200: oneAccount, '4xx': failure },
      },
    },
    async (request, reply) => {
      requireAccounts(control)
      const { secret, name = '', password } = request.body
      const person = await followLink(db, { secret, name, password }, doerOf(request))
      await signInAs(db, person, request, reply)
      return { success: true as const, person: viewPerson(person) }
    },
  )
}

/** Whether a proxy tells who asks, be they let in or not. */
function isByProxy(caller: Caller): boolean {
  if (caller.kind === 'nobody') return caller.vouched !== undefined
  return caller.kind === 'person' && caller.session === undefined
}
