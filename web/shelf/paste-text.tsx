import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { PasteDialog } from '../lazy-pages/lazy-pages.ts'

/** A button for a text from the clipboard as a book. */
export function PasteText() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Trans>Paste a text</Trans>
      </button>
      {open && <PasteDialog onClose={() => setOpen(false)} />}
    </>
  )
}
