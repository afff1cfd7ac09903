import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import { Failure } from '../../novel/failure.ts'
import { checkDatabase } from '../../storage/queries/database-check.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'

const fine = z.object({ success: z.literal(true) })

/**
 * Probes for whatever supervises or balances servers. `/livez` fails when the process has to be restarted, `/readyz`
 * when requests should go to another server. Neither fails because speaking is disturbed, which `/api/health` reports:
 * a restart would not help, and the rest of
 * the API works.
 */
export function probeRoutes(
  app: ApiServer,
  application: Pick<Application, 'db' | 'voices'>,
  closing: AbortSignal,
): void {
  const { voices, db } = application
  let voicesKnown = false
  void voices.ready.then(() => (voicesKnown = true))

  app.get(
    '/livez',
    {
      schema: {
        tags: ['health'],
        summary: 'Liveness: the process answers; reads nothing',
        response: { 200: fine, '4xx': failure, '5xx': failure },
      },
    },
    () => ({ success: true as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['health'],
        summary:
          'Readiness: requests can be served; 503 while it starts, while it stops, and without a database',
        response: { 200: fine, '4xx': failure, '5xx': failure },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      if (closing.aborted) throw new Failure('server.stopping')
      if (!voicesKnown) throw new Failure('server.starting')
      await checkDatabase(db).catch((cause: unknown) => {
        if (cause instanceof Failure) throw cause
        throw new Failure('storage.failing', { detail: String(cause) }, { cause })
      })
      return { success: true as const }
    },
  )
}
