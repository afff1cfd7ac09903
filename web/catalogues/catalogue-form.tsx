import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { OpdsSourceView } from '../../src/http/contract/opds-source-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import { catalogueApi, type CatalogueWishes } from './catalogue-api.ts'

interface CatalogueFormProps {
  /** Left out: a new one. */
  readonly source?: OpdsSourceView
  readonly onDone: () => void
}

/** A catalogue is added or changed. It is asked for its first page, so that what is kept works. */
export function CatalogueForm({ source, onDone }: CatalogueFormProps) {
  const client = useQueryClient()
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const [address, setAddress] = useState(source?.address ?? '')
  const [title, setTitle] = useState(source?.title ?? '')
  const [user, setUser] = useState(source?.user ?? '')
  const [password, setPassword] = useState('')
  const save = useMutation({
    mutationFn: () => {
      const wishes: CatalogueWishes = {
        ...(address.trim() !== source?.address && { address: address.trim() }),
        ...(title.trim() !== '' && title.trim() !== source?.title && { title: title.trim() }),
        ...(user.trim() !== (source?.user ?? '') && { user: user.trim() === '' ? null : user.trim() }),
        ...(password !== '' && { password }),
      }
      return source ? catalogueApi.change(source.id, wishes) : catalogueApi.add(wishes)
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.opdsSources })
      onDone()
    },
  })
  const idle = save.isPending || address.trim() === ''
  return (
    <form
      className="catalogue-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!idle) save.mutate()
      }}
    >
      <label>
        <Trans>Address of the catalogue</Trans>
        <input
          ref={first}
          type="url"
          required
          maxLength={500}
          placeholder="https://box.local/opds"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      <label>
        <Trans>What you call it</Trans>
        <input
          type="text"
          maxLength={80}
          autoComplete="off"
          placeholder={t`As it calls itself`}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <label>
        <Trans>Name, if it wants one</Trans>
        <input
          type="text"
          maxLength={200}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
      </label>
      <label>
        <Trans>Password</Trans>
        <input
          type="password"
          maxLength={500}
          autoComplete="new-password"
          placeholder={source?.hasPassword ? t`Kept as it is` : ''}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <small>
          <Trans>
            It is kept on this server, sent to this address only, and never shown again. Another address or
            name needs it anew.
          </Trans>
        </small>
      </label>
      {save.isError && <Trouble error={save.error} />}
      <div className="setting-acts">
        <PushButton type="submit" className="button main" idle={idle}>
          {save.isPending ? t`Asking the catalogue…` : source ? t`Save` : t`Add it`}
        </PushButton>
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
      </div>
    </form>
  )
}
