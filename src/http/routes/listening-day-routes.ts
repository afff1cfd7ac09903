import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { listenedNovels, listeningDays, saveListening } from '../../storage/queries/listening-day-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { done, failure, novelParams } from '../contract/field-contract.ts'
import {
  hoursQuery,
  listenedNovel,
  listenedRequest,
  listeningDay,
} from '../contract/listening-day-contract.ts'

const tags = ['listening']

/** Hours by day and book. */
export function listeningDayRoutes(app: ApiServer, context: Pick<Application, 'db' | 'eventBus'>): void {
  app.put(
    '/api/novels/:id/listened',
    {
      schema: {
        tags,
        summary:
          'How long was listened on a day in this sitting: totals, so that a report sent twice counts once',
        params: novelParams,
        body: listenedRequest,
        response: { 200: done, '4xx': failure },
      },
    },
    async (request) => {
      const { id: novelId } = await requireNovel(context, request.params.id)
      const listener = listenerOf(request)
      await saveListening(context.db, { listener, novelId, ...request.body })
      context.eventBus.publish({ kind: 'listener', listener, about: 'hours' })
      return { success: true as const }
    },
  )

  app.get(
    '/api/listener/hours',
    {
      schema: {
        tags,
        summary:
          'Time listened by day and novel, and of all days by novel; the year up to today, or the days asked for',
        querystring: hoursQuery,
        response: {
          200: z.object({
            success: z.literal(true),
            days: z.array(listeningDay),
            novels: z.array(listenedNovel),
          }),
          '4xx': failure,
        },
      },
    },
    async (request) => {
      const listener = listenerOf(request)
      // The listener's day may have begun already, or not have ended yet.
      const { first = dayAgo(366), last = dayAgo(-1) } = request.query
      return {
        success: true as const,
        days: await listeningDays(context.db, listener, [first, last]),
        novels: await listenedNovels(context.db, listener),
      }
    },
  )
}

function dayAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}
