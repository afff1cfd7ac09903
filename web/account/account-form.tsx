import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { t } from '@lingui/core/macro'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'

interface AccountFormProps {
  readonly label: string
  readonly action: string
  readonly onSend: () => Promise<unknown>
  readonly onSent?: () => void
  readonly children: ReactNode
}

/** A short form with one button: it stays filled in, and says why, when it is refused. */
export function AccountForm({ label, action, onSend, onSent, children }: AccountFormProps) {
  const sending = useMutation({ mutationFn: onSend, ...(onSent && { onSuccess: onSent }) })
  return (
    <form
      className="account-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        if (!sending.isPending) sending.mutate()
      }}
    >
      {children}
      {sending.isError && <Trouble error={sending.error} />}
      <div className="setting-acts">
        <PushButton type="submit" className="button main" idle={sending.isPending}>
          {sending.isPending ? t`One moment…` : action}
        </PushButton>
      </div>
    </form>
  )
}
