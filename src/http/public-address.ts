import type { FastifyRequest } from 'fastify'
import { Failure } from '../novel/failure.ts'

/**
 * Where the one who asks has reached this server, e.g. `http://box.local:4747` or `https://home/nightjar`: what stands in feeds and codes has to
 * be whole addresses. What a proxy says of it counts only where a setting trusts one. Throws `request.invalid`.
 */
export function publicBaseUrl({ protocol, host, basePath }: FastifyRequest): string {
  const address = `${protocol}://${host}`
  if (!/^https?:\/\/[\w.:[\]-]+$/.test(address) || !URL.canParse(address)) {
    throw new Failure('request.invalid', { detail: 'its Host header names no server' })
  }
  return new URL(address).origin + basePath
}
