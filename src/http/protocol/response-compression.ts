import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { compressedTag, entityTagOf, matchesIfNoneMatch } from './conditional-requests.ts'

/** About one network packet; smaller responses are not compressed. */
const minimumBytes = 1400
/** Text types. Audio and images are compressed already; streams are never compressed. */
const compressibleTypes =
  /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml)\b|application\/x-subrip|image\/svg)/

/** 400 kB of JSON: gzip 32 kB in 5 ms, Brotli 27 kB in 7 ms, both in libuv's thread pool. */
const compressors = {
  br: (text: Uint8Array) =>
    promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text: Uint8Array) => promisify(gzip)(text, { level: 6 }),
} as const
type Encoding = keyof typeof compressors

/** Adds an ETag to text responses that are not streamed, answers 304 if it matches, and compresses the others. */
export function compressResponses(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const text = typeof payload === 'string' ? Buffer.from(payload) : payload
    const type = String(reply.getHeader('content-type') ?? '')
    if (
      !(text instanceof Uint8Array) ||
      !compressibleTypes.test(type) ||
      type.startsWith('text/event-stream')
    )
      return payload
    if (isNotModified(request, reply, text)) {
      reply.code(304).removeHeader('content-type').removeHeader('content-length')
      return null
    }
    const { length } = text
    if (length < minimumBytes || reply.getHeader('content-encoding') !== undefined) return payload
    reply.header('vary', 'accept-encoding')
    const encoding = acceptedEncoding(request.headers['accept-encoding'])
    if (!encoding) return payload
    const etag = reply.getHeader('etag')
    if (typeof etag === 'string') reply.header('etag', compressedTag(etag, encoding))
    reply.header('content-encoding', encoding).removeHeader('content-length')
    return compressors[encoding](text)
  })
}

/** Adds an ETag if there is none, and returns whether the client has this version already. */
function isNotModified({ method, headers }: FastifyRequest, reply: FastifyReply, text: Uint8Array): boolean {
  if (reply.statusCode !== 200 || !['GET', 'HEAD'].includes(method)) return false
  if (reply.hasHeader('etag') || reply.getHeader('cache-control') === 'no-store') return false
  const etag = entityTagOf(text)
  reply.header('etag', etag)
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache')
  return matchesIfNoneMatch(headers['if-none-match'], etag)
}

/** The preferred encoding that the client accepts (RFC 9110, 12.5.3); weight 0 means not accepted. */
function acceptedEncoding(header: string | undefined): Encoding | undefined {
  const weights = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const weight = parameters.find((each) => each.startsWith('q='))
      return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const
    }),
  )
  const accepts = (encoding: Encoding): boolean => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0
  return accepts('br') ? 'br' : accepts('gzip') ? 'gzip' : undefined
}
