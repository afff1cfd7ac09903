import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'
import type { ApiServer } from '../api-server.ts'
import { sendFailure } from './failure-responses.ts'

/** The folder of the built page; `undefined`, and a warning, where it is not built. */
export function builtPage(log: FastifyBaseLogger): string | undefined {
  const folder = fileURLToPath(new URL('../../../dist/web', import.meta.url))
  if (existsSync(join(folder, 'index.html'))) return folder
  log.warn('the page is not built, only the API is served; "npm start" builds it')
  return undefined
}

/** Serves the files of the built page. */
export async function servePage(app: ApiServer, folder: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    // One route per existing file; everything else, including the front page, goes to `answerNotFound`.
    wildcard: false,
    // The build writes compressed files beside the others, which have no address of their own: two thirds of all routes.
    preCompressed: true,
    globIgnore: ['**/*.{br,gz}'],
    // The names of built files contain their hashes.
    setHeaders: (response, path) => {
      const immutable = path.includes('/assets/')
      response.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}

/** Serves the page's index for unknown URLs outside the API, where the page has its own routes; otherwise 404. */
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

/** Paths of the API and of built files, where the page is never served. */
const apiPaths = /^\/(?:api|assets|feeds|livez|metrics|opds|readyz|v1)(?:[/?]|$)/

function acceptsPage({ method, url, headers }: FastifyRequest): boolean {
  const { accept = '*/*' } = headers
  const acceptsHtml = accept.includes('text/html') || accept.includes('*/*')
  return method === 'GET' && acceptsHtml && !apiPaths.test(url)
}

/**
 * The index page with its URLs below the base path, which a `meta` element passes on to its scripts. A `base` element
 * would also make every `#…` link refer to the front page.
 */
function withBasePath(index: string, base: string): string {
  const prefixed = index.replaceAll(/(\s(?:href|src)=")(?:\.\/|\/)(?!\/)/g, `$1${base}/`)
  return base === ''
    ? prefixed
    : prefixed.replace('<head>', `<head><meta name="nightjar-base" content="${base}" />`)
}

/** A known URL with another method is answered with 405 and `Allow` (RFC 9110, 15.5.6). */
export function rejectUnknownMethods(app: FastifyInstance): void {
  const routes: { readonly url: string; readonly methods: readonly string[] }[] = []
  /** Of the addresses without a parameter. */
  const plain = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = [method].flat()
    routes.push({ url, methods })
    if (!/[:*]/.test(url)) plain.set(url, [...(plain.get(url) ?? []), ...methods])
  })
  const refuse = (reply: FastifyReply, method: string, methods: readonly string[]): never => {
    const allow = [...new Set(methods)].toSorted().join(', ')
    reply.header('allow', allow)
    throw new Failure('request.wrong-method', { method, allow })
  }
  // Hundreds of patterns, which the start of a server need not wait for.
  let patterns: { readonly pattern: RegExp; readonly parameters: number; methods: readonly string[] }[] = []
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.replace(/\?.*$/s, '')
    if (!request.is404) {
      // The router has taken its last part for a parameter of another address: `PATCH /novels/address` for `/novels/:id`.
      const methods = request.routeOptions.url?.includes(':') ? plain.get(path) : undefined
      if (methods?.includes(request.method) === false) refuse(reply, request.method, methods)
      return
    }
    if (patterns.length === 0) {
      patterns = routes.map(({ url, methods }) => {
        return { pattern: patternOf(url), parameters: url.match(/[:*]/g)?.length ?? 0, methods }
      })
    }
    const found = patterns.filter(({ pattern }) => pattern.test(path))
    if (found.length === 0) return
    // The pattern with the fewest parameters wins: `/voices/files` also matches `/voices/:id`.
    const least = Math.min(...found.map(({ parameters }) => parameters))
    const methods = found.filter(({ parameters }) => parameters === least).flatMap((route) => route.methods)
    refuse(reply, request.method, methods)
  })
}

/** A regular expression for a route's URL, e.g. `/novels/:id/book.:form`. */
function patternOf(url: string): RegExp {
  const steps = url
    .split(/(:\w+|\*)/)
    .map((part) =>
      part.startsWith(':') ? '[^/]+?' : part === '*' ? '.*' : part.replaceAll(/[^\w/-]/g, '\\$&'),
    )
  return new RegExp(`^${steps.join('')}$`)
}
