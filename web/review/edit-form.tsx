import type { ReactNode } from 'react'
import { PushButton } from '../element/push-button.tsx'

interface EditFormProps {
  readonly label: string
  readonly action: string
  readonly busy: boolean
  /** `undefined`: there is nothing to send. */
  readonly onSend: (() => void) | undefined
  readonly children: ReactNode
}

/** One thing of a chapter to fill in. */
export function EditForm({ label, action, busy, onSend, children }: EditFormProps) {
  return (
    <form
      className="review-form"
      onSubmit={(event) => {
        event.preventDefault()
        onSend?.()
      }}
    >
      <label>
        {label}
        {children}
      </label>
      <PushButton type="submit" className="button" idle={!onSend || busy}>
        {action}
      </PushButton>
    </form>
  )
}
