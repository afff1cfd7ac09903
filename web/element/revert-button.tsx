import { Trans } from '@lingui/react/macro'
import { Redo2, Undo2 } from 'lucide-react'
import { PushButton } from './push-button.tsx'

interface RevertButtonProps {
  readonly direction: 'undo' | 'redo'
  readonly idle: boolean
  /** What would be undone, or done again, for screen readers. */
  readonly what?: string | null | undefined
  readonly onRevert: (direction: 'undo' | 'redo') => void
}

/** Takes the last change back, or does it again. */
export function RevertButton({ direction, idle, what, onRevert }: RevertButtonProps) {
  const Sign = direction === 'undo' ? Undo2 : Redo2
  return (
    <PushButton className="button" idle={idle} onClick={() => onRevert(direction)}>
      <Sign size={18} aria-hidden="true" />{' '}
      {direction === 'undo' ? <Trans>Undo</Trans> : <Trans>Do again</Trans>}
      {what && <span className="unseen">: {what}</span>}
    </PushButton>
  )
}
