import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { matchesIfNoneMatch } from './entity-tag.ts'
import { parseRange } from './range.ts'

/** A file that need not exist as long as any range of it can be read. */
interface ComputedFile {
  /** Bytes. */
  readonly size: number
  readonly etag: string
  read(start: number, end: number): AsyncGenerator<Uint8Array>
}

/** Answers GET and HEAD with all of a file or the range that is asked for (RFC 9110, 13 and 14). */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  { size, etag, read }: ComputedFile,
): FastifyReply {
  reply.headers({
    'content-type': type,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag,
  })
  if (matchesIfNoneMatch(request.headers['if-none-match'], etag)) return reply.code(304).send()
  const fresh = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const range = fresh ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${size}`).send()
  const { start, end } = range ?? { start: 0, end: size }
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`)
  reply.header('content-length', end - start)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(Readable.from(read(start, end), { objectMode: false }))
}
