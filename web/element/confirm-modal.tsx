import { t } from '@lingui/core/macro'
import { type ReactNode, useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { Trouble } from './page-state.tsx'
import { PushButton } from './push-button.tsx'
import './dialog.css'

export interface Question {
  readonly title: string
  readonly action: string
  readonly refuse?: string
  readonly children: ReactNode
  readonly onConfirm: () => Promise<unknown>
}

interface ConfirmModalProps extends Question {
  readonly open: boolean
  readonly onOpen: (open: boolean) => void
}

/** The question itself. Stays open, and says why, when the answer is a failure. */
export function ConfirmModal(props: ConfirmModalProps) {
  const { title, action, refuse = t`Keep it`, children, onConfirm, open, onOpen } = props
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function confirm() {
    setBusy(true)
    setError(undefined)
    try {
      await onConfirm()
      onOpen(false)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }

  return (
    <ModalOverlay className="veil" isDismissable={!busy} isOpen={open} onOpenChange={onOpen}>
      <Modal className="modal">
        <Dialog role="alertdialog" className="dialog">
          <Heading slot="title">{title}</Heading>
          <div className="dialog-words">{children}</div>
          {error !== undefined && <Trouble error={error} />}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={() => onOpen(false)}>
              {refuse}
            </button>
            <PushButton className="button danger" idle={busy} onClick={() => void confirm()}>
              {busy ? t`One moment…` : action}
            </PushButton>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
