import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Play, Square } from 'lucide-react'
import { useId, useState } from 'react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { Told } from '../element/told.tsx'
import { isSounding, type Sample } from '../novel/use-sample.ts'
import { FailedSample } from './hear-button.tsx'
import { renewVoices } from './renew-voices.ts'

/** The sample that is a blend which is not kept. */
const blendId = 'blend'

/** Two of Kokoro's voices become one: heard first, and then kept. Nothing is shown where there are not two. */
export function BlendVoices({ voices, sample }: { readonly voices: readonly Voice[]; readonly sample: Sample }) {
  const parts = voices.filter(({ engine }) => engine === 'kokoro' || engine === 'kokoro-zh')
  const [first, second] = parts
  if (!first || !second) return null
  return (
    <section id="blend" aria-labelledby="blend-title">
      <h2 id="blend-title"><Trans>A voice of two</Trans></h2>
      <p className="soft">
        <Trans>Voices of Kokoro can be mixed. Hear the mixture before you keep it; it is a voice like any other then.</Trans>
      </p>
      <Blend voices={parts} first={first.id} second={second.id} sample={sample} />
    </section>
  )
}

interface BlendProps {
  readonly voices: readonly Voice[]
  readonly first: string
  readonly second: string
  readonly sample: Sample
}

function Blend({ voices, sample, ...usual }: BlendProps) {
  const client = useQueryClient()
  const [first, setFirst] = useState(usual.first)
  const [second, setSecond] = useState(usual.second)
  const [percent, setPercent] = useState(60)
  const [name, setName] = useState('')
  const [shareId, nameId] = [useId(), useId()]
  const parts = [
    { voice: first, percent },
    { voice: second, percent: 100 - percent },
  ]
  const keep = useMutation({
    mutationFn: () => api.keepBlend(parts, name.trim() === '' ? undefined : name.trim()),
    onSuccess: async () => {
      setName('')
      await renewVoices(client)
    },
  })
  const { state } = sample
  const heard = isSounding(state, blendId)
  const hereWords = keep.data && t`${keep.data.name} is here.`
  const nameOf = (id: string) => voices.find((voice) => voice.id === id)?.name ?? id
  return (
    <div className="blend">
      <Part label={t`First voice`} voices={voices.filter(({ id }) => id !== second)} voice={first} onVoice={setFirst} />
      <Part label={t`Second voice`} voices={voices.filter(({ id }) => id !== first)} voice={second} onVoice={setSecond} />
      <div className="blend-share">
        <label htmlFor={shareId}>
          <Trans>{nameOf(first)} {percent} %, {nameOf(second)} {100 - percent} %</Trans>
        </label>
        <input
          id={shareId}
          type="range"
          min={5}
          max={95}
          step={5}
          value={percent}
          onChange={(event) => setPercent(event.target.valueAsNumber)}
        />
      </div>
      <label htmlFor={nameId}>
        <Trans>Name, if it shall have one of its own</Trans>
        <input id={nameId} type="text" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <div className="blend-acts">
        <button
          type="button"
          className="button hear"
          aria-label={heard ? t`Stop the mixture` : t`Hear the mixture`}
          onClick={() =>
            heard ? sample.stop() : void sample.hear(blendId, { speak: (signal) => api.blendSample(parts, signal) })
          }
        >
          {heard ? <Square size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}{' '}
          {!heard ? t`Hear` : state.kind === 'asked' ? t`Speaking…` : t`Stop`}
        </button>
        <PushButton className="button main" idle={keep.isPending} onClick={() => keep.mutate()}>
          {keep.isPending ? t`Being proved…` : t`Keep this voice`}
        </PushButton>
        <Told words={hereWords} />
      </div>
      {keep.isError && <Trouble error={keep.error} />}
      <FailedSample sample={sample} id={blendId} />
    </div>
  )
}

interface PartProps {
  readonly label: string
  readonly voices: readonly Voice[]
  readonly voice: string
  readonly onVoice: (id: string) => void
}

function Part({ label, voices, voice, onVoice }: PartProps) {
  return (
    <label>
      {label}
      <select value={voice} onChange={(event) => onVoice(event.target.value)}>
        {voices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
