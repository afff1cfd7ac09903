import type { FastifyInstance } from 'fastify'
import { Failure } from '../novel/failure.ts'

/** RFC 9110, 15.5.6: what is there but not by this method answers 405 and says by which. */
export function rejectUnknownMethods(app: FastifyInstance): void {
  const known: { readonly pattern: RegExp; readonly open: number; readonly methods: readonly string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // `/voices/files` is an address of its own, though it looks like a `/voices/:id`.
    const open = url.match(/[:*]/g)?.length ?? 0
    known.push({ pattern: patternOf(url), open, methods: [method].flat() })
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return
    const path = request.url.replace(/\?.*$/s, '')
    const found = known.filter(({ pattern }) => pattern.test(path))
    if (found.length === 0) return
    const least = Math.min(...found.map(({ open }) => open))
    const methods = found.filter(({ open }) => open === least).flatMap((route) => route.methods)
    const allow = [...new Set(methods)].toSorted().join(', ')
    reply.header('allow', allow)
    throw new Failure('request.wrong-method', { method: request.method, allow })
  })
}

/** `/novels/:id/book.:form` → what such an address looks like. */
function patternOf(url: string): RegExp {
  const steps = url
    .split(/(:\w+|\*)/)
    .map((part) =>
      part.startsWith(':') ? '[^/]+?' : part === '*' ? '.*' : part.replaceAll(/[^\w/-]/g, '\\$&'),
    )
  return new RegExp(`^${steps.join('')}$`)
}
