import type { FastifyRequest } from 'fastify'
import { eyesOf, listenerOf, personOf } from '../../accounts/callers.ts'
import type { Keeper } from '../../jobs/import/keep-novel.ts'
import type { Eyes } from '../../storage/queries/kept-novel-queries.ts'
import { isListener } from '../access/listener-limits.ts'

/** For whom something is shown. */
export interface Viewer {
  readonly listener: string
  readonly eyes: Eyes
  /** Left out: nobody signs in, so nobody keeps anything to themselves. */
  readonly keeper?: Keeper
  /** Path prefix of this server behind a proxy. */
  readonly base: string
}

export function viewerOf(request: FastifyRequest): Viewer {
  const person = personOf(request.caller)
  return {
    listener: listenerOf(request),
    eyes: eyesOf(request),
    base: request.basePath,
    ...(person && {
      keeper: {
        listener: person.listener,
        isAdmin: person.role === 'admin',
        isListener: isListener(request),
      },
    }),
  }
}
