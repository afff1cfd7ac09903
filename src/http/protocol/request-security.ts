import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

/**
 * The names under which this server may be asked for. A page elsewhere can have its own name lead to this machine (DNS
 * rebinding) and is then of the same origin for the browser; the name in `Host` and `Origin` is all that gives it away.
 * Addresses in figures cannot be rebound, `localhost` is resolved by the browser itself.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  /**
   * `bound`: what the server listens at; if that is every address, the machine's own name counts too. `listed`: names of
   * the settings, with a port where a page at this port shall be the own one.
   */
  constructor(bound: string, listed: readonly string[]) {
    const everywhere = isIP(bound) !== 0 && /^[0:.]+$/.test(bound)
    const machine = everywhere ? [hostname(), `${hostname()}.local`] : []
    const own = ['localhost', bound, ...machine].flatMap((name) => parseHost(name) ?? [])
    const named = listed.flatMap((name) => parseHost(name) ?? [])
    this.#names = new Set([...own, ...named].map(({ name }) => name))
    this.#origins = new Set(named.map(({ name, port }) => `${name}:${port}`))
  }

  /** `host`: as in the header, with or without a port. */
  allowsHost(host: string): boolean {
    const name = parseHost(host)?.name
    return name !== undefined && (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || this.#names.has(name))
  }

  /**
   * Whether a page at `origin` is this server's own, asked for as `host`: at the same name and port, or, behind a proxy
   * that puts another name into `Host`, at a name of the settings.
   */
  allowsOrigin(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false
    const url = new URL(origin)
    if (url.host === host?.toLowerCase()) return true
    return this.#origins.has(`${withoutTrailingDot(url.hostname)}:${url.port}`)
  }
}

/** A host as a browser writes it: lower case, Punycode, no default port; `undefined`: no host at all. */
function parseHost(host: string): { readonly name: string; readonly port: string } | undefined {
  const address = `http://${isIP(host) === 6 ? `[${host}]` : host}`
  if (!/^[^\s/@?#\\]+$/.test(host) || !URL.canParse(address)) return undefined
  const { hostname: name, port } = new URL(address)
  return { name: withoutTrailingDot(name), port: port === '443' ? '' : port }
}

function withoutTrailingDot(name: string): string {
  return name.replace(/\.$/, '')
}

/** Whether it is a name, with a port perhaps, as a setting may list it. */
export function isHostName(text: string): boolean {
  return parseHost(text) !== undefined
}

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  // React sets styles through the object model; the documentation page brings a style element.
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** For every answer. */
export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const

/** Headers for every answer, and no answer for pages of other origins or under names that are not this server's. */
export function guardRequests(app: FastifyInstance, names: AllowedHosts): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    // Behind a proxy both count: what it was asked for, and what it asks for. A page could make up the first.
    for (const host of [request.headers.host, request.host]) {
      if (host && !names.allowsHost(host))
        throw new Failure('request.foreign-host', { host: printableHost(host) })
    }
    if (isCrossOrigin(request, names)) throw new Failure('request.foreign-origin')
  })
}

/**
 * A browser tells where a request comes from: programs like curl send neither header. Following a link to the page
 * from elsewhere is a plain navigation and welcome.
 */
function isCrossOrigin({ headers, host }: FastifyRequest, names: AllowedHosts): boolean {
  const { origin } = headers
  if (origin !== undefined) return !names.allowsOrigin(origin, host)
  const site = headers['sec-fetch-site']
  const navigation = headers['sec-fetch-mode'] === 'navigate'
  return (site === 'cross-site' || site === 'same-site') && !navigation
}

function printableHost(host: string): string {
  return host.replaceAll(/[^\w.:[\]-]/g, '?').slice(0, 100)
}
