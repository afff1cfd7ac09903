import { basename } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

/** Whether the body is multipart with a boundary, without which it cannot be parsed (RFC 2046, 5.1.1). */
export function isMultipart(request: FastifyRequest): boolean {
  return request.isMultipart() && /;\s*boundary=\s*"?[^\s";]/i.test(request.headers['content-type'] ?? '')
}

/** Rethrows errors with a status; the parser's errors about malformed parts have none and become `request.cut-off`. */
export function throwUploadFailure(cause: unknown): never {
  if (cause instanceof Failure || (cause instanceof Error && 'statusCode' in cause)) throw cause
  throw new Failure('request.cut-off', {}, { cause })
}

/** The file of an upload, in the field "file"; `maxBytes`: of it, else what the server allows. */
export async function requireUpload(request: FastifyRequest, maxBytes?: number) {
  if (!isMultipart(request)) throw new Failure('request.no-file')
  const limits = maxBytes === undefined ? {} : { limits: { fileSize: maxBytes } }
  const upload = await request.file({ throwFileSizeLimit: false, ...limits }).catch(throwUploadFailure)
  if (!upload || upload.fieldname !== 'file') throw new Failure('request.no-file')
  return upload
}

/** Maps stream errors of an upload to `request.cut-off`: the client disconnected or sent a wrong length. */
export async function* withUploadFailures(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    throw new Failure('request.cut-off', {}, { cause })
  }
}

/** The sanitized file name of an upload, for display only; it is never used as a path. */
export function uploadedFileName(filename: string): string {
  const name = basename(filename.replaceAll('\\', '/')).replaceAll(/\p{Cc}/gu, '')
  return name.slice(0, 255) || 'the file'
}
