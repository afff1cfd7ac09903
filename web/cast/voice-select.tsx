import { t } from '@lingui/core/macro'
import { useMemo } from 'react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { voiceGroups } from '../novel/voice-groups.ts'

interface VoiceSelectProps {
  readonly label: string
  readonly voices: readonly Voice[]
  readonly language: string
  /** Left out: none of its own. */
  readonly chosen: string | undefined
  /** What it is without a voice of its own. */
  readonly none: string
  readonly onChoose: (voice: string | null) => void
}

/** A voice of those that are here, the novel's language first. */
export function VoiceSelect({ label, voices, language, chosen, none, onChoose }: VoiceSelectProps) {
  const groups = useMemo(() => voiceGroups(voices, language), [voices, language])
  const isKnown = chosen === undefined || voices.some(({ id }) => id === chosen)
  return (
    <select
      aria-label={label}
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value || null)}
    >
      <option value="">{none}</option>
      {!isKnown && <option value={chosen}>{t`${chosen} (not here)`}</option>}
      {groups.map((group) => (
        <optgroup key={group.language} label={group.name}>
          {group.voices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
