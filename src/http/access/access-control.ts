import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { lacksScope } from '../../accounts/access-tokens.ts'
import { writeAudit } from '../../accounts/audit.ts'
import type { Caller } from '../../accounts/callers.ts'
import type { OpenIdProvider } from '../../accounts/openid-provider.ts'
import { Failure } from '../../novel/failure.ts'
import { hasPeople } from '../../storage/queries/people-queries.ts'
import { type Identification, identify } from './caller-identification.ts'
import type { Asking } from './access-kinds.ts'
import { accessTo, kindOf } from './route-access.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. */
    caller: Caller
  }
}

/** How a server with accounts knows people; `undefined` where nobody is asked. */
export interface AccessControl extends Identification {
  /** Called when somebody comes before there is a first admin: makes sure that a code stands in the log. */
  readonly offerSetup: () => Promise<void>
  /** Left out: nobody signs in with one. */
  readonly provider?: OpenIdProvider | undefined
}

/** Throws `account.off` where nobody is asked who they are. */
export function requireAccounts(control: AccessControl | undefined): asserts control {
  if (!control) throw new Failure('account.off')
}

const open: Caller = { kind: 'open' }

/**
 * Finds out who asks, and lets in who may, by the table of routes, before anything of a body is read. A route without a
 * line in the table is for admins alone. Throws `account.setup`, `account.signed-out`,
 * `account.forbidden`, `account.no-token`, `token.unknown`, `token.scope`, `request.no-origin`.
 */
export function controlAccess(app: FastifyInstance, control: AccessControl | undefined): void {
  app.decorateRequest('caller')
  if (!control) {
    app.addHook('onRequest', async (request) => void (request.caller = open))
    return
  }
  let setUp = false
  const isSetUp = async (): Promise<boolean> => (setUp ||= await hasPeople(control.db))
  auditHouse(app, control)
  app.addHook('onRequest', async (request, reply) => {
    const { method, routeOptions, is404 } = request
    const kind = is404 ? 'public' : kindOf(method, routeOptions.url ?? '')
    request.caller = { kind: 'nobody' }
    // Its routes ask for the token themselves.
    if (kind === 'speaker') return
    request.caller = await identify(request, control)
    if (request.caller.kind === 'console') return
    const access = accessTo(kind ?? 'house')
    if (!access.beforeSetup && !(await isSetUp())) {
      await control.offerSetup()
      throw new Failure('account.setup')
    }
    const refused = refusal(request.caller, access.allowed)
    if (refused) {
      challenge(request, reply, refused)
      throw refused
    }
    if (needsOrigin(request)) throw new Failure('request.no-origin')
  })
}

/** Writes down what admins change: the routes of accounts tell more themselves. */
function auditHouse(app: FastifyInstance, { db }: AccessControl): void {
  app.addHook('onResponse', async (request, reply) => {
    const { caller, method, routeOptions, params, ip } = request
    const { url = '' } = routeOptions
    if (method === 'GET' || method === 'HEAD' || reply.statusCode >= 400) return
    if (kindOf(method, url) !== 'house' || url.startsWith('/api/accounts/')) return
    const of = Object.values((params ?? {}) as Readonly<Record<string, string>>).join(' ')
    try {
      await writeAudit(db, { caller, address: ip }, 'admin', `${method} ${url} ${of}`.trim())
    } catch (error) {
      request.log.error({ err: error }, 'what an admin did could not be written down')
    }
  })
}

/** Whether who sent a request, which is still being answered, may still come in. */
export function stillAllowed(control: AccessControl | undefined) {
  return async (request: FastifyRequest): Promise<boolean> => {
    if (!control) return true
    const kind = kindOf(request.method, request.routeOptions.url ?? '') ?? 'house'
    return refusal(await identify(request, control), accessTo(kind).allowed) === undefined
  }
}

function refusal(caller: Caller, allowed: ReadonlySet<Asking>): Failure | undefined {
  if (allowed.has('nobody')) return undefined
  if (caller.kind === 'nobody') return caller.refused ?? new Failure('account.signed-out')
  if (caller.kind === 'person') {
    const { role } = caller.person
    return allowed.has(role) ? undefined : new Failure('account.forbidden', { role })
  }
  if (caller.kind !== 'token') return undefined
  const { token, person } = caller
  const wanted = [...allowed].flatMap((who) => (who.startsWith('token:') ? [who.slice('token:'.length)] : []))
  if (wanted.length === 0) return new Failure('account.no-token')
  if (!token.scopes.some((scope) => allowed.has(`token:${scope}`)))
    return lacksScope(token, wanted.join(', '))
  if (person && !allowed.has(person.role)) return new Failure('account.forbidden', { role: person.role })
  return undefined
}

/**
 * Where a browser signs somebody in by itself, a change has to say from which page it comes; that it is this server's own
 * is checked already. A browser that says nothing is older than the headers, and a program has a token.
 */
function needsOrigin({ caller, method, headers }: FastifyRequest): boolean {
  if (caller.kind !== 'person' || method === 'GET' || method === 'HEAD') return false
  return headers.origin === undefined && headers['sec-fetch-site'] === undefined
}

/** RFC 9110, 15.5.2. Browsers would ask for a name and password themselves, so only reading apps are asked for Basic. */
function challenge({ url, headers }: FastifyRequest, reply: FastifyReply, { code }: Failure): void {
  if (code !== 'account.signed-out' && code !== 'token.unknown') return
  const isBrowser = headers['user-agent']?.startsWith('Mozilla/') ?? false
  if (url.startsWith('/opds') || (!isBrowser && headers.authorization?.startsWith('Basic') !== false)) {
    reply.header('www-authenticate', 'Basic realm="Nightjar", charset="UTF-8"')
  } else reply.header('www-authenticate', 'Bearer')
}
