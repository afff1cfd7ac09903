import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

/** A strong ETag: the SHA-256 of the content, truncated to 128 bits. */
export function entityTagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`
}

/**
 * Whether an If-None-Match header (one tag, a list, or `*`) matches this ETag (RFC 9110, 13.1.2). The comparison is
 * weak, because compressing proxies weaken tags; our own suffix for compressed responses is ignored as well.
 */
export function matchesIfNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return tagsIn(header).includes(uncompressedTag(etag))
}

/** The same for `If-Match`, with strong comparison: a weak or missing tag never matches. */
function matchesIfMatch(header: string, etag: unknown): boolean {
  if (header.trim() === '*') return true
  if (typeof etag !== 'string' || etag.startsWith('W/')) return false
  return tagsIn(header.replaceAll(/W\/"[^"]*"/g, '')).includes(uncompressedTag(etag))
}

const compressedSuffix = '-as-'

/** The ETag of a compressed response, which is a representation of its own. */
export function compressedTag(etag: string, encoding: string): string {
  return etag.replace(/"$/, `${compressedSuffix}${encoding}"`)
}

function uncompressedTag(etag: string): string {
  return etag.replace(/^W\//, '').replace(/-as-\w+"$/, '"')
}

function tagsIn(header: string): readonly string[] {
  return (header.match(/"[^"]*"/g) ?? []).map(uncompressedTag)
}

const modifyingMethods = new Set(['PUT', 'PATCH', 'DELETE'])

const representationHeaders = [
  'content-encoding',
  'content-length',
  'content-range',
  'content-disposition',
  'etag',
  'last-modified',
  'cache-control',
] as const

/**
 * `If-Match` (RFC 9110, 13.1.1): a modifying request is executed, and a GET or HEAD answered, only if the ETag still
 * matches. Otherwise 412 with `request.changed-meanwhile`.
 */
export function checkIfMatch(app: FastifyInstance): void {
  app.addHook('preHandler', async (request) => {
    const wanted = request.headers['if-match']
    if (wanted === undefined || !modifyingMethods.has(request.method)) return
    // With the client's own headers, because the representation depends on host, proxy and encoding.
    const { 'if-match': _, 'content-length': _length, 'content-type': _type, ...headers } = request.headers
    const current = await app.inject({ method: 'GET', url: request.url, headers })
    const exists = current.statusCode === 200
    if (!exists || !matchesIfMatch(wanted, current.headers.etag))
      throw new Failure('request.changed-meanwhile')
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const wanted = request.headers['if-match']
    if (wanted === undefined || !['GET', 'HEAD'].includes(request.method)) return payload
    // If-Match precedes If-None-Match, which may have answered (RFC 9110, 13.2.2).
    const conditional = reply.statusCode < 300 || reply.statusCode === 304
    if (!conditional || matchesIfMatch(wanted, reply.getHeader('etag'))) return payload
    const { code, message } = new Failure('request.changed-meanwhile')
    if (payload && typeof payload === 'object' && 'destroy' in payload)
      (payload as { destroy(): void }).destroy()
    // These describe the discarded body; another hook may have compressed it already.
    for (const name of representationHeaders) reply.removeHeader(name)
    reply.code(412).header('content-type', 'application/json; charset=utf-8')
    return JSON.stringify({ success: false, code, error: message })
  })
}

/**
 * Sends a generated text with its hash as ETag, or 304 if the client has it already. `changedAt` (ISO 8601) becomes
 * `Last-Modified`.
 */
export function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  text: string,
  changedAt?: string,
): FastifyReply {
  const etag = entityTagOf(text)
  reply.headers({ 'content-type': type, 'cache-control': 'private, no-cache', etag })
  if (changedAt !== undefined) reply.header('last-modified', new Date(changedAt).toUTCString())
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers
  // RFC 9110, 13.1.3: If-Modified-Since is ignored when there is an If-None-Match.
  const has = tags === undefined ? notModifiedSince(changedAt, since) : matchesIfNoneMatch(tags, etag)
  return has ? reply.code(304).send() : reply.send(text)
}

/** Compared in whole seconds, the resolution of HTTP dates. */
function notModifiedSince(changedAt: string | undefined, since: string | undefined): boolean {
  if (changedAt === undefined || since === undefined) return false
  return Math.floor(Date.parse(changedAt) / 1000) * 1000 <= Date.parse(since)
}
