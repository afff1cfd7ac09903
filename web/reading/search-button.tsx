import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { SearchPanel } from '../lazy-pages/lazy-panels.ts'
import '../element/dialog.css'
import './search-button.css'

interface SearchButtonProps {
  readonly novel: Novel
  /** Only the sign of it is seen. */
  readonly sign?: boolean
}

/** Opens the search in a novel's text, as the key `/` does. */
export function SearchButton({ novel, sign = false }: SearchButtonProps) {
  const [open, setOpen] = useState(false)
  // What was searched for last is still there when it is opened again.
  const [words, setWords] = useState('')
  useSearchKey(() => setOpen(true))
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button
        className={sign ? 'icon-button' : 'button search-button'}
        aria-keyshortcuts="/"
        {...(sign && { 'aria-label': t`Search in the book` })}
      >
        <Search size={18} aria-hidden="true" />
        {!sign && (
          <>
            <span className="button-words">
              <Trans>Search in the book</Trans>
            </span>
            <kbd aria-hidden="true">/</kbd>
          </>
        )}
      </Button>
      <ModalOverlay className="veil search-veil" isDismissable>
        <Modal className="modal wide">
          <Dialog className="dialog search-dialog" aria-label={t`Search in the book`}>
            <SearchPanel novel={novel} words={words} onWords={setWords} onDone={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}

function useSearchKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey)
        return
      const target = event.target as Element
      if (target.closest('input, textarea, select, [role=dialog], [role=alertdialog], [contenteditable]'))
        return
      event.preventDefault()
      open()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}
