import type { FastifyReply, FastifyRequest } from 'fastify'
import { matchesIfNoneMatch, entityTagOf } from './entity-tag.ts'

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
