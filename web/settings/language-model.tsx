import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChatView } from '../../src/http/contract/chat-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Told } from '../element/told.tsx'
import { keys } from '../keys.ts'
import { type ChatWishes, settingsApi, useChatModel } from './settings-api.ts'

/** The language model that may be asked who speaks what a book leaves open: off unless somebody wants it. */
export function LanguageModel() {
  const { data, isError, error, refetch } = useChatModel()
  return (
    <section aria-labelledby="chat-title">
      <h2 id="chat-title">
        <Trans>Language model</Trans>
      </h2>
      <p className="soft">
        <Trans>
          It may propose who speaks the lines that a book leaves open. Passages of the book are sent to its
          server, in the house or elsewhere; without one nothing is sent, and nothing else needs it.
        </Trans>
      </p>
      {isError && <Trouble error={error} onRetry={() => void refetch()} />}
      {data && <ChatForm key={JSON.stringify(data)} chat={data} />}
    </section>
  )
}

function ChatForm({ chat }: { readonly chat: ChatView }) {
  const client = useQueryClient()
  const [address, setAddress] = useState(chat.address)
  const [model, setModel] = useState(chat.model)
  const [key, setKey] = useState('')
  const [requests, setRequests] = useState(String(chat.maxRequests))
  const [tokens, setTokens] = useState(String(chat.maxTokens))
  const save = useMutation({
    mutationFn: (wishes: ChatWishes) => settingsApi.changeChat(wishes),
    onSuccess: ({ chat: now }) => client.setQueryData(keys.chatModel, now),
  })
  const trial = useMutation({ mutationFn: () => settingsApi.tryChat() })
  const typed: ChatWishes = {
    ...(address.trim() !== chat.address && { address: address.trim() }),
    ...(model.trim() !== chat.model && { model: model.trim() }),
    ...(key !== '' && { key }),
    ...(Number(requests) !== chat.maxRequests && { maxRequests: Number(requests) }),
    ...(Number(tokens) !== chat.maxTokens && { maxTokens: Number(tokens) }),
  }
  const isSame = Object.keys(typed).length === 0
  return (
    <form
      className="webhook-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isSame && !save.isPending) save.mutate(typed)
      }}
    >
      {chat.setBy === 'environment' && (
        <p className="soft">
          <Trans>So it stands in NIGHTJAR_CHAT. What is saved here goes before it.</Trans>
        </p>
      )}
      <label className="setting-switch">
        <input
          type="checkbox"
          checked={(save.isPending ? save.variables.on : undefined) ?? chat.on}
          onChange={({ target }) => save.mutate({ ...typed, on: target.checked })}
        />
        <span>{t`It may be asked about books`}</span>
      </label>
      <label>
        <Trans>Address of the chat server</Trans>
        <input
          type="url"
          maxLength={500}
          placeholder="http://desk:11434/v1"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <label>
        <Trans>Name of the model</Trans>
        <input
          type="text"
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={model}
          onChange={(event) => setModel(event.target.value)}
        />
      </label>
      <label>
        <Trans>Key, if it wants one</Trans>
        <input
          type="password"
          maxLength={500}
          autoComplete="new-password"
          placeholder={chat.hasKey ? t`Kept as it is` : ''}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <small>
          <Trans>It is kept on this server, sent to this address only, and never shown again.</Trans>
        </small>
      </label>
      <label>
        <Trans>Requests that one book may cost</Trans>
        <input
          type="number"
          required
          min={1}
          max={1_000_000}
          value={requests}
          onChange={(event) => setRequests(event.target.value)}
        />
      </label>
      <label>
        <Trans>Tokens that one book may cost</Trans>
        <input
          type="number"
          required
          min={1000}
          max={1_000_000_000}
          value={tokens}
          onChange={(event) => setTokens(event.target.value)}
        />
      </label>
      {save.isError && <Trouble error={save.error} />}
      <div className="setting-acts">
        <PushButton type="submit" className="button main" idle={save.isPending || isSame}>
          <Trans>Save</Trans>
        </PushButton>
        <PushButton
          className="button"
          idle={trial.isPending || !isSame || chat.address === ''}
          onClick={() => trial.mutate()}
        >
          {trial.isPending ? t`Asking it…` : t`Try it`}
        </PushButton>
        {chat.hasKey && (
          <PushButton className="button" idle={save.isPending} onClick={() => save.mutate({ key: null })}>
            <Trans>Forget its key</Trans>
          </PushButton>
        )}
      </div>
      <Told
        className="figures"
        words={trial.data && t`It answered in ${trial.data.ms} ms: “${trial.data.answer}”`}
      />
      {trial.isError && <Trouble error={trial.error} />}
    </form>
  )
}
