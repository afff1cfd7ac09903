import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

/**
 * The host names under which this server may be addressed, against DNS rebinding: a foreign page can point its own name
 * at this machine and is then same-origin for the browser; only the name in `Host` and `Origin` reveals it. IP addresses
 * cannot be rebound, and browsers resolve `localhost` themselves.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  /**
   * `bound`: the address that the server listens at; if it is a wildcard, the machine's own name is allowed too.
   * `listed`: names from the settings, with a port if the page's origin has one.
   */
  constructor(bound: string, listed: readonly string[]) {
    const wildcard = isIP(bound) !== 0 && /^[0:.]+$/.test(bound)
    const machine = wildcard ? [hostname(), `${hostname()}.local`] : []
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
   * Whether `origin` is this server's own page: the same name and port as `host`, or, behind a proxy that rewrites
   * `Host`, one of the listed names.
   */
  allowsOrigin(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false
    const url = new URL(origin)
    if (url.host === host?.toLowerCase()) return true
    return this.#origins.has(`${withoutTrailingDot(url.hostname)}:${url.port}`)
  }
}

/** Normalizes a host as browsers do: lower case, Punycode, no default port; `undefined` if it is not a host. */
function parseHost(host: string): { readonly name: string; readonly port: string } | undefined {
  const address = `http://${isIP(host) === 6 ? `[${host}]` : host}`
  if (!/^[^\s/@?#\\]+$/.test(host) || !URL.canParse(address)) return undefined
  const { hostname: name, port } = new URL(address)
  return { name: withoutTrailingDot(name), port: port === '443' ? '' : port }
}

function withoutTrailingDot(name: string): string {
  return name.replace(/\.$/, '')
}

/** Whether a text is a host name, optionally with a port, as the settings may list it. */
export function isHostName(text: string): boolean {
  return parseHost(text) !== undefined
}

/**
 * The style elements that React Aria inserts into a page, to the letter: touching what can be pressed, and scrolling behind a
 * dialog on iOS. React sets styles through the DOM, for which nothing has to be allowed.
 */
export const insertedStyles = [
  '@layer {\n  [data-react-aria-pressable] {\n    touch-action: pan-x pan-y pinch-zoom;\n  }\n}',
  '@layer {\n  * {\n    overscroll-behavior: contain;\n  }\n}',
]

/** Of the only style element of Swagger UI, which it inserts with its first drawing. */
const swaggerStyle = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"

/** As a source of a policy (CSP 3, 2.3.1). */
function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  `style-src 'self' ${[...insertedStyles.map(hashOf), swaggerStyle].join(' ')}`,
  "script-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Sent with every response. */
export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const

/**
 * Adds the security headers and rejects requests from other origins (`request.foreign-origin`) or with a host name that
 * is not allowed (`request.foreign-host`).
 */
export function guardRequests(app: FastifyInstance, names: AllowedHosts): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    // Behind a proxy both the Host header and the forwarded host are checked: a page could forge the latter.
    for (const host of [request.headers.host, request.host]) {
      if (host && !names.allowsHost(host))
        throw new Failure('request.foreign-host', { host: printableHost(host) })
    }
    if (isCrossOrigin(request, names)) throw new Failure('request.foreign-origin')
  })
}

/**
 * By the headers that browsers send; programs like curl send neither `Origin` nor `Sec-Fetch-Site`. Navigation by a link
 * from another site is allowed.
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
