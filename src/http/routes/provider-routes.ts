import type { FastifyReply, FastifyRequest } from 'fastify'
import { doneBy, writeAudit } from '../../accounts/audit.ts'
import type { OpenIdProvider, ProviderErrand } from '../../accounts/openid-provider.ts'
import { newSecret } from '../../accounts/secrets.ts'
import { connectSubject, disconnectSubject, personVouchedFor } from '../../accounts/vouched-people.ts'
import type { Application } from '../../jobs/application.ts'
import { Failure } from '../../novel/failure.ts'
import type { Vouched } from '../../novel/person.ts'
import { type AccessControl, requireAccounts } from '../access/access-control.ts'
import { signInAs } from '../access/begun-session.ts'
import { clearErrandCookie, errandSecret, setErrandCookie } from '../access/session-cookie.ts'
import type { ApiServer } from '../api-server.ts'
import { providerBack, providerBegun, providerQuery } from '../contract/provider-contract.ts'
import { done, failure } from '../contract/field-contract.ts'
import { publicBaseUrl, withQuery } from '../protocol/public-urls.ts'
import { doerOf } from '../views/account-view.ts'

const tags = ['accounts']
const backPath = '/api/accounts/provider/callback'

/** Signing in with an OpenID provider. Whatever goes wrong is told on the page, not as an answer of the API. */
export function providerRoutes(
  app: ApiServer,
  { db }: Pick<Application, 'db'>,
  control: AccessControl | undefined,
): void {
  const begin = async (
    request: FastifyRequest,
    reply: FastifyReply,
    errand: ProviderErrand,
    again = false,
  ): Promise<string> => {
    const { provider } = requireProvider(control)
    const secret = newSecret('njo_')
    const redirect = `${publicBaseUrl(request)}${backPath}`
    const address = await provider.begin({ redirect, secret, errand }, { again })
    setErrandCookie(request, reply, secret)
    reply.header('cache-control', 'no-store')
    return address.href
  }

  app.get(
    '/api/accounts/provider',
    {
      schema: {
        tags,
        summary: 'Go to the OpenID provider to sign in: a page to be opened, not an answer',
        querystring: providerQuery,
        response: { '3xx': providerBack, '4xx': failure },
      },
    },
    async (request, reply) => {
      requireProvider(control)
      try {
        return reply.redirect(await begin(request, reply, 'sign-in', request.query.again === 'yes'), 303)
      } catch (error) {
        return tellOnPage(request, reply, '/sign-in', error)
      }
    },
  )

  app.post(
    '/api/accounts/provider/connect',
    {
      schema: {
        tags,
        summary: 'Where to go to have one’s own account known by the OpenID provider too',
        response: { 200: providerBegun, '4xx': failure },
      },
    },
    async (request, reply) => ({
      success: true as const,
      address: await begin(request, reply, 'connect'),
    }),
  )

  app.delete(
    '/api/accounts/provider/connect',
    {
      schema: {
        tags,
        summary:
          'Have one’s own account be known by the OpenID provider no more; needs a password, and ends all other sessions',
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      const { provider } = requireProvider(control)
      const { caller } = request
      if (caller.kind !== 'person') throw new Failure('account.signed-out')
      const { person, session } = caller
      const doer = doerOf(request)
      await disconnectSubject(db, person, (subject) => provider.knows(subject), { doer, session })
      return { success: true as const }
    },
  )

  app.get(
    backPath,
    {
      schema: {
        tags,
        summary: 'Back from the OpenID provider: signs in, and goes on to the page',
        response: { '3xx': providerBack, '4xx': failure },
      },
    },
    async (request, reply) => {
      const { provider } = requireProvider(control)
      const address = new URL(publicBaseUrl(request) + backPath)
      address.search = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : ''
      const secret = errandSecret(request)
      const errand = secret && provider.errandOf(secret, address.searchParams.get('state') ?? '')
      // Whatever comes of it, once.
      clearErrandCookie(request, reply)
      reply.header('cache-control', 'no-store')
      const page = errand === 'connect' ? '/account' : '/sign-in'
      try {
        if (!secret || !errand) throw new Failure('account.provider-stale')
        const vouched = await provider.finish(address, secret)
        if (errand === 'connect') await connect(request, vouched)
        else await comeIn(request, reply, vouched, provider)
        return reply.redirect(`${request.basePath}${errand === 'connect' ? '/account' : '/'}`, 303)
      } catch (error) {
        return tellOnPage(request, reply, page, error)
      }
    },
  )

  async function comeIn(
    request: FastifyRequest,
    reply: FastifyReply,
    vouched: Vouched,
    { name }: OpenIdProvider,
  ): Promise<void> {
    requireAccounts(control)
    const doer = doerOf(request)
    try {
      const person = await personVouchedFor(db, vouched, control.rule, doer)
      await signInAs(db, person, request, reply)
      await writeAudit(db, doneBy(person, doer), 'sign-in', `${person.name} (${name})`)
    } catch (error) {
      if (error instanceof Failure && error.code.startsWith('account.')) {
        await writeAudit(db, doer, 'sign-in.failed', `${vouched.name} (${name})`)
      }
      throw error
    }
  }

  /** Only who has begun it, and is signed in still. */
  async function connect(request: FastifyRequest, vouched: Vouched): Promise<void> {
    const { caller } = request
    if (caller.kind !== 'person') throw new Failure('account.signed-out')
    await connectSubject(db, caller.person, vouched.subject, doerOf(request))
  }
}

/** Throws `account.off` and `account.no-provider`. */
function requireProvider(control: AccessControl | undefined): { readonly provider: OpenIdProvider } {
  requireAccounts(control)
  if (!control.provider) throw new Failure('account.no-provider')
  return { provider: control.provider }
}

/** People come here by a link of the page, so that is where they are told why it did not work. */
function tellOnPage(request: FastifyRequest, reply: FastifyReply, page: string, error: unknown) {
  if (!(error instanceof Failure) || !error.code.startsWith('account.')) throw error
  if (error.cause !== undefined) request.log.warn({ err: error.cause }, error.message)
  const failed = error.code.slice('account.'.length)
  return reply.redirect(withQuery(`${request.basePath}${page}`, { failed }), 303)
}
