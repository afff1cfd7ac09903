import { type ReactNode, useState } from 'react'
import { DialogTrigger } from 'react-aria-components/Dialog'
import { ConfirmModal, type Question } from './confirm-modal.tsx'

interface ConfirmProps extends Question {
  /** A React Aria button. */
  readonly trigger: ReactNode
}

/** A question before something that cannot be taken back. */
export function Confirm({ trigger, ...question }: ConfirmProps) {
  const [open, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      {trigger}
      <ConfirmModal {...question} open={open} onOpen={setOpen} />
    </DialogTrigger>
  )
}
