import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Trouble } from './page-state.tsx'
import { PushButton } from './push-button.tsx'
import './dialog.css'

interface ConfirmProps {
  /** A React Aria button. */
  readonly trigger: ReactNode
  readonly title: string
  readonly action: string
  readonly refuse?: string
  readonly children: ReactNode
  readonly onConfirm: () => Promise<unknown>
}

/** A question before something that cannot be taken back. Stays open, and says why, when the answer is a failure. */
export function Confirm({ trigger, title, action, refuse = t`Keep it`, children, onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function confirm() {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      setOpen(false)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      {trigger}
      <ModalOverlay className="veil" isDismissable={!busy}>
        <Modal className="modal">
          <Dialog role="alertdialog" className="dialog">
            <Heading slot="title">{title}</Heading>
            <div className="dialog-words">{children}</div>
            {error !== undefined && <Trouble error={error} />}
            <div className="dialog-actions">
              <button type="button" className="button" onClick={() => setOpen(false)}>
                {refuse}
              </button>
              <PushButton className="button danger" idle={busy} onClick={() => void confirm()}>
                {busy ? t`One moment…` : action}
              </PushButton>
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
