import { Trans } from '@lingui/react/macro'
import { Redo2, Undo2 } from 'lucide-react'
import type { Review } from '../../src/http/contract/review-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import { editWords } from './edit-words.ts'
import type { Edit } from './use-edits.ts'

interface RevertButtonProps {
  readonly direction: 'undo' | 'redo'
  /** What would be undone, or done again. */
  readonly entry: Review['undo'] | undefined
  readonly edit: Edit
}

/** Takes the last edit of the chapters back, or does it again. */
export function RevertButton({ direction, entry, edit }: RevertButtonProps) {
  const Sign = direction === 'undo' ? Undo2 : Redo2
  return (
    <PushButton className="button" idle={!entry || edit.isPending} onClick={() => edit.mutate(direction)}>
      <Sign size={18} aria-hidden="true" />{' '}
      {direction === 'undo' ? <Trans>Undo</Trans> : <Trans>Do again</Trans>}
      {entry && <span className="unseen">: {editWords(entry)}</span>}
    </PushButton>
  )
}
