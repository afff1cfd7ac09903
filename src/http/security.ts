import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../novel/failure.ts'
import type { AllowedHosts } from './own-names.ts'

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
      if (host && !names.allowsHost(host)) throw new Failure('request.foreign-host', { host: printableHost(host) })
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
