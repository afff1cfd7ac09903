import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Trouble } from '../element/page-state.tsx'
import { SecretOnce } from '../element/secret-once.tsx'
import { keys } from '../keys.ts'
import { useWebhooks } from './settings-api.ts'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookLine } from './webhook-line.tsx'

/** Other programs that are told what is ready. */
export function Webhooks() {
  const webhooks = useWebhooks()
  const client = useQueryClient()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string>()
  return (
    <section aria-labelledby="webhooks-title">
      <h2 id="webhooks-title">
        <Trans>Webhooks</Trans>
      </h2>
      <p className="soft">
        <Trans>
          Another program, in the house or elsewhere, is told when something is ready: Nightjar sends it a
          short signed message.
        </Trans>
      </p>
      {webhooks.isError && <Trouble error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {secret !== undefined && (
        <SecretOnce
          label={t`Secret, by which messages are proved to be Nightjar’s`}
          secret={secret}
          onTaken={() => setSecret(undefined)}
        >
          <Trans>It is shown this once. Give it to the other program now.</Trans>
        </SecretOnce>
      )}
      {webhooks.data !== undefined && webhooks.data.length > 0 && (
        <ul className="setting-lines">
          {webhooks.data.map((webhook) => (
            <WebhookLine key={webhook.id} webhook={webhook} onSecret={setSecret} />
          ))}
        </ul>
      )}
      {adding ? (
        <WebhookForm
          onDone={(added) => {
            setAdding(false)
            if (added === undefined) return
            setSecret(added)
            void client.invalidateQueries({ queryKey: keys.webhooks })
          }}
        />
      ) : (
        <button type="button" className="button" onClick={() => setAdding(true)}>
          <Trans>Add a webhook</Trans>
        </button>
      )}
    </section>
  )
}
