import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../novel/failure.ts'
import type { OwnNames } from './own-names.ts'

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
export function secure(app: FastifyInstance, names: OwnNames): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    // Behind a proxy both count: what it was asked for, and what it asks for. A page could make up the first.
    for (const host of [request.headers.host, request.host]) {
      if (host && !names.allows(host)) throw new Failure('request.foreign-host', { host: shown(host) })
    }
    if (isForeign(request, names)) throw new Failure('request.foreign-origin')
  })
}

/**
 * A browser tells where a request comes from: programs like curl send neither header. Following a link to the page
 * from elsewhere is a plain navigation and welcome.
 */
function isForeign({ headers, host }: FastifyRequest, names: OwnNames): boolean {
  const { origin } = headers
  if (origin !== undefined) return !names.isOwn(origin, host)
  const site = headers['sec-fetch-site']
  const navigation = headers['sec-fetch-mode'] === 'navigate'
  return (site === 'cross-site' || site === 'same-site') && !navigation
}

function shown(host: string): string {
  return host.replaceAll(/[^\w.:[\]-]/g, '?').slice(0, 100)
}
