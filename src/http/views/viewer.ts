import type { FastifyRequest } from 'fastify'
import { listenerOf } from '../../accounts/callers.ts'

/** For whom something is shown. */
export interface Viewer {
  readonly listener: string
  /** Path prefix of this server behind a proxy. */
  readonly base: string
}

export function viewerOf(request: FastifyRequest): Viewer {
  return { listener: listenerOf(request), base: request.basePath }
}
