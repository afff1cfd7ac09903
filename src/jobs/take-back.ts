import { Failure } from '../novel/failure.ts'
import { bringBack, type RemovalKind } from '../storage/queries/removal-queries.ts'
import { restoredSpeechServer, type SpeechServerParts } from './backends/speech-server-registry.ts'
import type { Application } from './application.ts'
import type { WebhookParts } from './webhooks/webhook-commands.ts'

/**
 * Brings back what was removed within the last hour, exactly as it was, and has it work again. Throws `removal.unknown`,
 * `removal.replaced`.
 */
export async function takeBack(
  parts: SpeechServerParts & WebhookParts & Pick<Application, 'opdsFetches'>,
  id: string,
): Promise<RemovalKind> {
  const removal = await bringBack(parts.db, id)
  if (removal === 'unknown') throw new Failure('removal.unknown', { id })
  if (removal === 'replaced') throw new Failure('removal.replaced')
  if (removal.kind === 'speech-server') await restoredSpeechServer(parts, removal.subject)
  if (removal.kind === 'webhook') {
    await parts.webhooks.reload()
    parts.eventBus.publish({ kind: 'webhooks' })
  }
  if (removal.kind === 'opds-source') parts.opdsFetches.work()
  return removal.kind
}
