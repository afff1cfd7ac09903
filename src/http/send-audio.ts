import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ChapterAudio } from '../listening/chapter-audio.ts'
import { namesTag } from './entity-tag.ts'
import { parseRange } from './range.ts'

/**
 * Answers GET and HEAD with a computed file: whole, in the part that is asked for, or not at all for who has it. The
 * route needs its own HEAD: the one that Fastify derives from a GET tells no length.
 */
export function sendAudio(
  request: FastifyRequest,
  reply: FastifyReply,
  { size, etag, read }: ChapterAudio,
  type: string,
): FastifyReply {
  reply.headers({
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag,
  })
  if (namesTag(request.headers['if-none-match'], etag)) return reply.code(304).send()
  const fresh = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const range = fresh ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send()
  const { start, end } = range ?? { start: 0, end: size }
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`)
  reply.header('content-length', end - start)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(Readable.from(read(start, end), { objectMode: false }))
}
