import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

/** The tag of a text, or of the bytes of one. */
export function entityTagOf(content: string | Uint8Array): string {
  return `"${createHash('sha256').update(content).digest('hex').slice(0, 32)}"`
}

/**
 * Whether an If-None-Match header names this tag (RFC 9110, 13.1.2): one, a list, or `*`. A proxy that packs what it
 * passes on makes tags weak, and for this header that is no difference; so is the form in which it was packed here.
 */
export function matchesIfNoneMatch(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return tagsIn(header).includes(uncompressedTag(etag))
}

/** The same for `If-Match`, which compares strictly: what is no tag at all, or a weak one, is never matched. */
function matchesIfMatch(header: string, etag: unknown): boolean {
  if (header.trim() === '*') return true
  if (typeof etag !== 'string' || etag.startsWith('W/')) return false
  return tagsIn(header.replaceAll(/W\/"[^"]*"/g, '')).includes(uncompressedTag(etag))
}

/** A packed answer is another representation and has another tag. */
export function compressedTag(etag: string, encoding: string): string {
  return etag.replace(/"$/, `${compressedSuffix}${encoding}"`)
}

const compressedSuffix = '-as-'

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
 * RFC 9110, 13.1.1: `If-Match`. Who changes or removes something may say which state of it was seen last; who fetches a
 * part may say of which file. If that is no longer so, nothing happens.
 */
export function checkIfMatch(app: FastifyInstance): void {
  app.addHook('preHandler', async (request) => {
    const wanted = request.headers['if-match']
    if (wanted === undefined || !modifyingMethods.has(request.method)) return
    // As the one who asks sees it: by the same address, behind the same proxy.
    const { 'if-match': _, 'content-length': _length, 'content-type': _type, ...headers } = request.headers
    const { statusCode, headers: now } = await app.inject({ method: 'GET', url: request.url, headers })
    const there = statusCode === 200
    if (!there || !matchesIfMatch(wanted, now.etag)) throw new Failure('request.changed-meanwhile')
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const wanted = request.headers['if-match']
    if (wanted === undefined || !['GET', 'HEAD'].includes(request.method)) return payload
    if (reply.statusCode >= 300 || matchesIfMatch(wanted, reply.getHeader('etag'))) return payload
    const { code, message } = new Failure('request.changed-meanwhile')
    if (payload && typeof payload === 'object' && 'destroy' in payload)
      (payload as { destroy(): void }).destroy()
    // What was said of the body that does not go out; another hook may have packed it already.
    for (const name of representationHeaders) reply.removeHeader(name)
    reply.code(412).header('content-type', 'application/json; charset=utf-8')
    return JSON.stringify({ success: false, code, error: message })
  })
}

/**
 * Answers with a text that was made on the spot; its tag is its hash, so who has it already gets 304. `changedAt` (ISO
 * 8601) is told where it is known.
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
  // RFC 9110, 13.1.3: a tag, where there is one, decides alone.
  const has = tags === undefined ? notModifiedSince(changedAt, since) : matchesIfNoneMatch(tags, etag)
  return has ? reply.code(304).send() : reply.send(text)
}

/** HTTP's dates have whole seconds. */
function notModifiedSince(changedAt: string | undefined, since: string | undefined): boolean {
  if (changedAt === undefined || since === undefined) return false
  return Math.floor(Date.parse(changedAt) / 1000) * 1000 <= Date.parse(since)
}
