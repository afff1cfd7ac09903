import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import type { WebhookView } from '../../src/http/contract/webhook-contract.ts'
import { Confirm } from '../element/confirm.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { offerBack } from '../element/offer-back.ts'
import { saidWords } from '../i18n/said-words.ts'
import { keys } from '../keys.ts'
import { settingsApi, type WebhookWishes } from './settings-api.ts'
import { EventChoice } from './webhook-form.tsx'
import { WebhookLog } from './webhook-log.tsx'

interface WebhookLineProps {
  readonly webhook: WebhookView
  readonly onSecret: (secret: string) => void
}

/** One webhook: what it is told, a trial, its log, and how it is switched off or removed. */
export function WebhookLine({ webhook, onSecret }: WebhookLineProps) {
  const { id, url, hasCredentials, events, active, switchedOff, switchedOffSaid } = webhook
  const client = useQueryClient()
  const [logged, setLogged] = useState(false)
  const renew = () => client.invalidateQueries({ queryKey: keys.webhooks })
  const change = useMutation({
    mutationFn: (wishes: WebhookWishes) => settingsApi.changeWebhook(id, wishes),
    onSuccess: renew,
  })
  const trial = useMutation({
    mutationFn: () => settingsApi.tryWebhook(id),
    onSuccess: async () => {
      setLogged(true)
      await client.invalidateQueries({ queryKey: keys.deliveries(id) })
    },
  })
  return (
    <li className="setting-line" data-off={!active || undefined}>
      <h3>{url}</h3>
      {hasCredentials && (
        <p className="figures">
          <Trans>With a name and password, which are not shown.</Trans>
        </p>
      )}
      {switchedOff !== null && <p className="setting-fault">{saidWords(switchedOff, switchedOffSaid)}</p>}
      <label className="setting-switch">
        <input
          type="checkbox"
          checked={(change.isPending ? change.variables.active : undefined) ?? active}
          onChange={({ target }) => change.mutate({ active: target.checked })}
        />
        <span>
          {t`Switched on`}
          <span className="unseen">: {url}</span>
        </span>
      </label>
      <details>
        <summary>
          <Trans>What it is told</Trans>
        </summary>
        <EventChoice
          chosen={new Set((change.isPending ? change.variables.events : undefined) ?? events)}
          onChoose={(chosen) => {
            if (chosen.size > 0) change.mutate({ events: [...chosen] })
          }}
        />
      </details>
      <div className="setting-acts">
        <PushButton className="button small" idle={trial.isPending} onClick={() => trial.mutate()}>
          <Trans>Send a trial event</Trans>
          <span className="unseen"> {url}</span>
        </PushButton>
        <button
          type="button"
          className="button small"
          aria-expanded={logged}
          onClick={() => setLogged(!logged)}
        >
          <Trans>Log</Trans>
          <span className="unseen"> {url}</span>
        </button>
        <Confirm
          trigger={
            <Button className="button small">
              <Trans>New secret</Trans>
              <span className="unseen"> {url}</span>
            </Button>
          }
          title={t`Make a new secret?`}
          action={t`Make a new secret`}
          refuse={t`Keep the old one`}
          onConfirm={async () => onSecret((await settingsApi.renewSecret(id)).secret)}
        >
          <p>
            <Trans>The other program refuses messages until it has the new one. This cannot be undone.</Trans>
          </p>
        </Confirm>
        <Confirm
          trigger={
            <Button className="button small">
              <Trans>Remove</Trans>
              <span className="unseen"> {url}</span>
            </Button>
          }
          title={t`Remove the webhook?`}
          action={t`Remove the webhook`}
          onConfirm={async () => {
            // Nobody asks for the log of one that is gone.
            setLogged(false)
            await client.cancelQueries({ queryKey: keys.deliveries(id) })
            const removed = await settingsApi.removeWebhook(id)
            await renew()
            offerBack(removed, t`The webhook is removed.`, renew)
          }}
        >
          <p>
            <Trans>Its secret and its log go with it.</Trans>
          </p>
        </Confirm>
      </div>
      {change.isError && <Trouble error={change.error} />}
      {trial.isError && <Trouble error={trial.error} />}
      {logged && <WebhookLog id={id} />}
    </li>
  )
}
