import { WebhookOutbox, type WebhookOutboxParts } from '../jobs/webhooks/webhook-outbox.ts'
import { WebhookSender, type WebhookSenderParts } from '../jobs/webhooks/webhook-sender.ts'

/** How events are sent, where it differs from the standard. */
export type WebhookOptions = Pick<WebhookSenderParts, 'delayMs' | 'timeoutMs'>

/** What writes events for webhooks, and sends them; which are wanted is known when it returns. */
export async function composeWebhooks(
  parts: WebhookOutboxParts & { readonly version: string; readonly webhooks: WebhookOptions | undefined },
  closing: AsyncDisposableStack,
): Promise<WebhookOutbox> {
  const outbox = closing.use(new WebhookOutbox(parts))
  await outbox.reload()
  const sender = closing.use(new WebhookSender({ ...parts, ...parts.webhooks }))
  outbox.onWritten(() => sender.wake())
  await sender.start()
  return outbox
}
