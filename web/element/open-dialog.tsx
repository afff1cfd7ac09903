import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import './dialog.css'

interface OpenDialogProps {
  readonly title: ReactNode
  /** Of the modal, beside its own. */
  readonly className?: string
  /** Not closed by a press beside it, with which what is typed would be gone. */
  readonly firm?: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Over the page as long as it is rendered, until somebody closes it by key, button or a press beside it. */
export function OpenDialog({ title, className = '', firm = false, onClose, children }: OpenDialogProps) {
  return (
    <ModalOverlay className="veil" isDismissable={!firm} isOpen onOpenChange={(open) => !open && onClose()}>
      <Modal className={`modal ${className}`.trim()}>
        <Dialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>
              <Trans>Close</Trans>
            </button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
