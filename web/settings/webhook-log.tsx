import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DeliveryView } from '../../src/http/contract/webhook-contract.ts'
import { Loading, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { ago } from '../element/time-words.ts'
import { useNow } from '../element/use-now.ts'
import { keys } from '../keys.ts'
import { settingsApi, useDeliveries } from './settings-api.ts'
import { deliveryWords, eventWords, subjectOf } from './webhook-words.ts'

/** The last events of a webhook, and what became of each. */
export function WebhookLog({ id }: { readonly id: string }) {
  const deliveries = useDeliveries(id)
  if (deliveries.isPending) return <Loading words={t`Asking for the log…`} />
  if (!deliveries.data) return <Trouble error={deliveries.error} onRetry={() => void deliveries.refetch()} />
  if (deliveries.data.length === 0)
    return (
      <p className="soft">
        <Trans>Nothing has been sent yet.</Trans>
      </p>
    )
  return (
    <ol className="webhook-log">
      {deliveries.data.map((delivery) => (
        <LogLine key={delivery.id} webhookId={id} delivery={delivery} />
      ))}
    </ol>
  )
}

function LogLine({ webhookId, delivery }: { readonly webhookId: string; readonly delivery: DeliveryView }) {
  const client = useQueryClient()
  const now = useNow()
  const again = useMutation({
    mutationFn: () => settingsApi.sendAgain(webhookId, delivery.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.deliveries(webhookId) }),
  })
  const subject = subjectOf(delivery)
  return (
    <li data-status={delivery.status}>
      <p>
        <strong>{eventWords(delivery.type)}</strong>
        {subject && (
          <>
            {' · '}
            <span lang={subject.language}>{subject.title}</span>
          </>
        )}
      </p>
      <p className="figures">
        {ago(Date.parse(delivery.createdAt), now)} · {deliveryWords(delivery)}
      </p>
      {delivery.status !== 'pending' && (
        <PushButton className="link-button" idle={again.isPending} onClick={() => again.mutate()}>
          <Trans>Send again</Trans>
        </PushButton>
      )}
      {again.isError && <Trouble error={again.error} />}
    </li>
  )
}
