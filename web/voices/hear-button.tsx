import { t } from '@lingui/core/macro'
import { Play, Square } from 'lucide-react'
import { Trouble } from '../element/page-state.tsx'
import { isSounding, type Sample } from '../novel/use-sample.ts'
import './voices.css'

interface HearButtonProps {
  readonly voice: { readonly id: string; readonly name: string }
  readonly sample: Sample
  readonly speed?: number
  /** Not installed, only to be had. */
  readonly offered?: boolean
  /** What stands on it. */
  readonly word?: string
  /** What it says, instead of the sample of its language; the voice's name stands on the button then. */
  readonly text?: string | undefined
}

/** Lets a voice be heard, and stops it. */
export function HearButton(props: HearButtonProps) {
  const { voice, sample, speed = 1, offered = false, word, text } = props
  const { id, name } = voice
  const { state } = sample
  const heard = isSounding(state, id)
  const label = word === undefined ? t`Hear ${name}` : t`${word}: hear ${name}`
  return (
    <button
      type="button"
      className="button small hear"
      aria-label={heard ? t`Stop the sample of ${name}` : label}
      onClick={() => (heard ? sample.stop() : void sample.hear(id, { speed, offered, text }))}
    >
      {heard ? <Square size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
      {!heard ? (word ?? (text === undefined ? t`Hear` : name)) : state.kind === 'asked' ? t`Speaking…` : t`Stop`}
    </button>
  )
}

interface FailedSampleProps {
  readonly sample: Pick<Sample, 'state'>
  readonly id: string
}

/** Why a voice could not be heard, when it could not. */
export function FailedSample({ sample: { state }, id }: FailedSampleProps) {
  return state.kind === 'failed' && state.voice === id ? <Trouble error={state.error} /> : null
}
