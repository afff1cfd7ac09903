import type { FastifyInstance } from 'fastify'
import { Failure } from '../novel/failure.ts'

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

/** Headers for every answer, and no answer for pages of other origins. */
export function secure(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    if (isForeign(request.headers)) throw new Failure('request.foreign-origin')
  })
}

/**
 * A browser tells where a request comes from: programs like curl send neither header. Following a link to the page
 * from elsewhere is a plain navigation and welcome.
 */
function isForeign(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  const { origin, host } = headers
  if (typeof origin === 'string') return originHost(origin) !== host
  const site = headers['sec-fetch-site']
  const navigation = headers['sec-fetch-mode'] === 'navigate'
  return (site === 'cross-site' || site === 'same-site') && !navigation
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
