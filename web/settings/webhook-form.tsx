import { Trans } from '@lingui/react/macro'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { settingsApi, type WebhookEvent } from './settings-api.ts'
import { allEvents, eventWords } from './webhook-words.ts'

/** `onDone` gets the secret of the new webhook, or nothing if it was left. */
export function WebhookForm({ onDone }: { readonly onDone: (secret?: string) => void }) {
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<ReadonlySet<WebhookEvent>>(new Set(allEvents))
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const add = useMutation({
    mutationFn: () =>
      settingsApi.addWebhook({ url: url.trim(), events: allEvents.filter((type) => events.has(type)) }),
    onSuccess: ({ secret }) => onDone(secret),
  })
  return (
    <form
      className="webhook-form"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <label>
        <Trans>Address of the other program</Trans>
        <input
          ref={first}
          type="url"
          required
          maxLength={2000}
          placeholder="https://"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
      </label>
      <fieldset>
        <legend>
          <Trans>It is told when</Trans>
        </legend>
        <EventChoice chosen={events} onChoose={setEvents} />
      </fieldset>
      {add.isError && <Trouble error={add.error} />}
      <div className="setting-acts">
        <PushButton
          type="submit"
          className="button main"
          idle={add.isPending || url.trim() === '' || events.size === 0}
        >
          <Trans>Add it</Trans>
        </PushButton>
        <button type="button" className="button" onClick={() => onDone()}>
          <Trans>Leave it</Trans>
        </button>
      </div>
    </form>
  )
}

interface EventChoiceProps {
  readonly chosen: ReadonlySet<WebhookEvent>
  readonly onChoose: (chosen: ReadonlySet<WebhookEvent>) => void
}

export function EventChoice({ chosen, onChoose }: EventChoiceProps) {
  return allEvents.map((type) => (
    <label key={type} className="setting-switch">
      <input
        type="checkbox"
        checked={chosen.has(type)}
        onChange={({ target }) => {
          const now = new Set(chosen)
          if (target.checked) now.add(type)
          else now.delete(type)
          onChoose(now)
        }}
      />
      <span>{eventWords(type)}</span>
    </label>
  ))
}
