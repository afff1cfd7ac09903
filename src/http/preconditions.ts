import type { FastifyInstance } from 'fastify'
import { Failure } from '../novel/failure.ts'
import { matchesIfMatch } from './entity-tag.ts'

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
