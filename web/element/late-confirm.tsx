import { type ReactNode, useState } from 'react'
import type { Question } from './confirm-modal.tsx'
import { lazyPage } from '../lazy-pages/lazy-page.tsx'

/** Dialogs are a fifth of what the page would fetch before it is drawn, and are seen when something is pressed. */
export const LateConfirmModal = lazyPage(async () => (await import('./confirm-modal.tsx')).ConfirmModal)

interface LateConfirmProps extends Question {
  /** Of the button that asks. */
  readonly className: string
  readonly label: string
  readonly sign: ReactNode
}

/** A button with a question behind it, as `Confirm` asks it, for the page that is drawn first. */
export function LateConfirm({ className, label, sign, ...question }: LateConfirmProps) {
  const [open, setOpen] = useState(false)
  const [asked, setAsked] = useState(false)
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => {
          setAsked(true)
          setOpen(true)
        }}
      >
        {sign}
      </button>
      {asked && <LateConfirmModal {...question} open={open} onOpen={setOpen} />}
    </>
  )
}
