import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'

interface AccountFormProps {
  readonly label: string
  readonly action: string
  readonly onSend: () => Promise<unknown>
  readonly onSent?: () => void
  /** It is not filled in: a press does nothing. */
  readonly idle?: boolean
  /** Left out: there is nothing to go back to. */
  readonly onLeave?: () => void
  readonly children: ReactNode
}

/** A short form with one button that sends it: it stays filled in, and says why, when it is refused. */
export function AccountForm({
  label,
  action,
  onSend,
  onSent,
  idle = false,
  onLeave,
  children,
}: AccountFormProps) {
  const sending = useMutation({ mutationFn: onSend, ...(onSent && { onSuccess: onSent }) })
  return (
    <form
      className="account-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        if (!sending.isPending && !idle) sending.mutate()
      }}
    >
      {children}
      {sending.isError && <Trouble error={sending.error} />}
      <div className="setting-acts">
        <PushButton type="submit" className="button main" idle={sending.isPending || idle}>
          {sending.isPending ? t`One moment…` : action}
        </PushButton>
        {onLeave && (
          <button type="button" className="button" onClick={onLeave}>
            <Trans>Leave it</Trans>
          </button>
        )}
      </div>
    </form>
  )
}
