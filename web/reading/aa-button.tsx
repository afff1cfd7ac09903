import { t } from '@lingui/core/macro'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { ReadingPanel } from '../lazy-pages/lazy-panels.ts'
import './aa-button.css'

/** How the text is set: a panel beside the text, or below it on a phone, so that each change is seen. */
export function AaButton() {
  return (
    <DialogTrigger>
      <Button className="icon-button aa-button" aria-label={t`How the text is set`}>
        <span aria-hidden="true">Aa</span>
      </Button>
      <ModalOverlay className="aa-veil" isDismissable>
        <Modal className="aa-panel">
          <Dialog className="dialog" aria-label={t`How the text is set`}>
            <ReadingPanel />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
