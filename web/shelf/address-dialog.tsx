import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { addresses, send } from '../api.ts'
import { OpenDialog } from '../element/open-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Told } from '../element/told.tsx'
import { keys } from '../keys.ts'
import type { Uploaded } from './upload.ts'
import './paste-dialog.css'

/** A page of the web, or a book that lies there, by its address: over the page as long as it is rendered. */
export function AddressDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <OpenDialog firm title={t`A page of the web`} onClose={onClose}>
      <AddressForm onDone={onClose} />
    </OpenDialog>
  )
}

function AddressForm({ onDone }: { readonly onDone: () => void }) {
  const client = useQueryClient()
  const [, goTo] = useLocation()
  const [address, setAddress] = useState('')
  const under = useRef(new AbortController())
  // Nobody waits for it any more: the server stops too.
  useEffect(() => () => under.current.abort(), [])
  const add = useMutation({
    mutationFn: () => {
      under.current = new AbortController()
      return send<Uploaded>(
        'POST',
        `${addresses.novels}/address`,
        { address },
        { signal: under.current.signal },
      )
    },
    onSuccess: async ({ novel, version }) => {
      await client.invalidateQueries({ queryKey: keys.novels })
      onDone()
      goTo(version ? `/novels/${novel.id}/versions/${version.id}` : `/novels/${novel.id}`)
    },
  })
  const idle = add.isPending || address.trim() === ''
  const stopped = add.error instanceof DOMException && add.error.name === 'AbortError'
  return (
    <form
      className="paste-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!idle) add.mutate()
      }}
    >
      <p className="soft">
        <Trans>
          Of a page Nightjar reads the article, without menus and images. The address may also be that of a
          book’s file.
        </Trans>
      </p>
      <label>
        <span>{t`Address`}</span>
        <input
          type="text"
          inputMode="url"
          maxLength={2048}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="https://…"
          value={address}
          onChange={(event) => setAddress(event.target.value)}
        />
      </label>
      {add.isPending && <progress aria-label={t`Fetching it`} />}
      <Told
        className="figures"
        words={add.isPending ? t`Fetching and reading it…` : stopped && t`Stopped.`}
      />
      {add.isError && !stopped && <Trouble error={add.error} />}
      <div className="dialog-actions">
        {add.isPending && (
          <button type="button" className="button" onClick={() => under.current.abort()}>
            <Trans>Stop</Trans>
          </button>
        )}
        <PushButton type="submit" className="button main" idle={idle}>
          {add.isPending ? t`Fetching it…` : t`Put it on the shelf`}
        </PushButton>
      </div>
    </form>
  )
}
