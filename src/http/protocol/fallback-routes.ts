import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'
import type { ApiServer } from '../api-server.ts'
import { sendFailure } from './failure-responses.ts'

/** Serves the files of the built page. */
export async function servePage(app: ApiServer, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    // A route for each file there is: everything else, the front page too, comes to `answerUnknown`.
    wildcard: false,
    // The build lays packed files beside the others.
    preCompressed: true,
    // The names of built files hold their hashes.
    setHeaders: (response, path) => {
      const forever = path.includes('/assets/')
      response.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** An address that is neither the API's nor a file is the page's own affair, if there is a page. */
export function answerNotFound(app: ApiServer, folder: string | undefined): void {
  const index = folder === undefined ? undefined : readFileSync(join(folder, 'index.html'), 'utf8')
  app.setNotFoundHandler((request, reply) => {
    if (index === undefined || !acceptsPage(request))
      return sendFailure(reply, new Failure('request.not-found'))
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(withBasePath(index, request.basePath))
  })
}

/** What programs ask for, and the built files: nobody is served a page there. */
const apiPaths = /^\/(?:api|assets|feeds|opds|v1)(?:[/?]|$)/

function acceptsPage({ method, url, headers }: FastifyRequest): boolean {
  const { accept = '*/*' } = headers
  const takesPage = accept.includes('text/html') || accept.includes('*/*')
  return method === 'GET' && takesPage && !apiPaths.test(url)
}

/**
 * The page as it is below a path: its own files are there, and it is told so. A `base` element would do the first, but
 * turn every `#…` into an address of the front page.
 */
function withBasePath(index: string, base: string): string {
  const below = index.replaceAll(/(\s(?:href|src)=")(?:\.\/|\/)(?!\/)/g, `$1${base}/`)
  return base === ''
    ? below
    : below.replace('<head>', `<head><meta name="nightjar-base" content="${base}" />`)
}

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
