import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import type { SpeechServerParts } from '../../jobs/backends/speech-server-registry.ts'
import { takeBack } from '../../jobs/take-back.ts'
import type { WebhookParts } from '../../jobs/webhooks/webhook-commands.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'

/** Brings back what was removed: a feed, a webhook, a speech server or a catalogue. Novels have the trash, bookmarks are put again. */
export function removalRoutes(
  app: ApiServer,
  application: SpeechServerParts & WebhookParts & Pick<Application, 'opdsFetches'>,
): void {
  app.post(
    '/api/removals/:id/undo',
    {
      schema: {
        tags: ['removals'],
        summary: 'Bring back what was removed, exactly as it was, secrets included; possible for an hour',
        params: z.object({ id: z.uuid().describe('`removal` of the answer to the removal') }),
        response: {
          200: z.object({
            success: z.literal(true),
            kind: z.enum(['feed', 'webhook', 'speech-server', 'opds-source']),
          }),
          '4xx': failure,
        },
      },
    },
    async (request) => ({ success: true as const, kind: await takeBack(application, request.params.id) }),
  )
}
