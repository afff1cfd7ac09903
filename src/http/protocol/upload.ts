import { basename } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

/** Without a boundary there are no parts that could be told apart (RFC 2046, 5.1.1). */
export function isMultipart(request: FastifyRequest): boolean {
  return request.isMultipart() && /;\s*boundary=\s*"?[^\s";]/i.test(request.headers['content-type'] ?? '')
}

/** What the parser says of parts that are none has no status of its own. */
export function throwUploadFailure(cause: unknown): never {
  if (cause instanceof Failure || (cause instanceof Error && 'statusCode' in cause)) throw cause
  throw new Failure('request.cut-off', {}, { cause })
}

/** What breaks the stream of an upload is a sender who went away or counted wrong, not this server. */
export async function* withUploadFailures(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw new Failure('request.cut-off', {}, { cause })
  }
}

/** A file's name is for people only; it never becomes a path. */
export function uploadedFileName(filename: string): string {
  const name = basename(filename.replaceAll('\\', '/')).replaceAll(/\p{Cc}/gu, '')
  return name.slice(0, 255) || 'the file'
}
