import { Trans } from '@lingui/react/macro'
import { useAccount } from '../account/account-state.ts'

interface KeepChoiceProps {
  readonly kept: boolean
  readonly onKept: (kept: boolean) => void
  /** What stands beside the box, if not of one thing. */
  readonly words?: string
}

/** Whether what is added is seen by who adds it alone: an editor's choice, and how it is for a listener. */
export function KeepChoice({ kept, onKept, words }: KeepChoiceProps) {
  const role = useAccount()?.person?.role
  // Where nobody signs in there is nobody to keep it from.
  if (role === undefined) return null
  if (role === 'listener')
    return (
      <p className="soft">
        <Trans>You alone see what you add.</Trans>
      </p>
    )
  return (
    <label className="keep-choice">
      <input type="checkbox" checked={kept} onChange={({ target }) => onKept(target.checked)} />{' '}
      {words ?? <Trans>Keep it to myself</Trans>}
    </label>
  )
}
