import { type ReactNode, useState } from 'react'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import './dialog.css'

interface FormDialogProps {
  /** A React Aria button. */
  readonly trigger: ReactNode
  readonly title: string
  /** Not closed by a press beside it, with which what is typed would be gone. */
  readonly firm?: boolean
  readonly children: (onDone: () => void) => ReactNode
}

/** Something to fill in or to agree to, over the page; `children` gets what closes it. */
export function FormDialog({ trigger, title, firm = false, children }: FormDialogProps) {
  const [open, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      {trigger}
      <ModalOverlay className="veil" isDismissable={!firm}>
        <Modal className={firm ? 'modal form-modal' : 'modal'}>
          <Dialog className="dialog">
            <Heading slot="title">{title}</Heading>
            {children(() => setOpen(false))}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}
