import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'
import { addresses, send } from '../api.ts'
import { Told } from '../element/told.tsx'
import { AddDialog } from './add-dialog.tsx'
import type { Uploaded } from './upload.ts'

/** A page of the web, or a book that lies there, by its address. */
export function AddressDialog({ onClose }: { readonly onClose: () => void }) {
  const [address, setAddress] = useState('')
  const under = useRef(new AbortController())
  // Nobody waits for it any more: the server stops too.
  useEffect(() => () => under.current.abort(), [])
  async function add(kept: boolean): Promise<string> {
    under.current = new AbortController()
    const { novel, version } = await send<Uploaded>(
      'POST',
      `${addresses.novels}/address`,
      { address, kept },
      { signal: under.current.signal },
    )
    return version ? `/novels/${novel.id}/versions/${version.id}` : `/novels/${novel.id}`
  }
  return (
    <AddDialog
      title={t`A page of the web`}
      ready={address.trim() !== ''}
      busyWords={t`Fetching it…`}
      onAdd={add}
      onClose={onClose}
      renderProgress={({ busy, stopped }) => (
        <>
          {busy && <progress aria-label={t`Fetching it`} />}
          <Told className="figures" words={busy ? t`Fetching and reading it…` : stopped && t`Stopped.`} />
        </>
      )}
      actions={
        <button type="button" className="button" onClick={() => under.current.abort()}>
          <Trans>Stop</Trans>
        </button>
      }
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
    </AddDialog>
  )
}
