import { t } from '@lingui/core/macro'
import { Play, Square } from 'lucide-react'
import { isSounding } from '../novel/use-sample.ts'
import { FailedSample } from '../voices/hear-button.tsx'
import type { Hear } from './use-hear.ts'

interface HearWordProps {
  readonly hear: Hear
  readonly of: string
  /** What stands on it. */
  readonly label: string
  /** Which word, for screen readers. */
  readonly word: string
  readonly onHear: () => void
}

/** Lets a word be heard, and stops it. */
export function HearWord({ hear, of, label, word, onHear }: HearWordProps) {
  const { state } = hear
  if (!hear.canHear) return null
  const heard = isSounding(state, of)
  return (
    <>
      <button type="button" className="button small" onClick={() => (heard ? hear.stop() : onHear())}>
        {heard ? <Square size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
        {heard ? (state.kind === 'asked' ? t`Speaking…` : t`Stop`) : label}
        <span className="unseen">: {word}</span>
      </button>
      <FailedSample sample={hear} id={of} />
    </>
  )
}
