import { type ComponentType, type ReactNode, useState } from 'react'

interface DialogButtonProps {
  readonly dialog: ComponentType<{ readonly onClose: () => void }>
  readonly children: ReactNode
}

/** A button that opens a dialog. */
export function DialogButton({ dialog: Opened, children }: DialogButtonProps) {
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
        {children}
      </button>
      {open && <Opened onClose={() => setOpen(false)} />}
    </>
  )
}
