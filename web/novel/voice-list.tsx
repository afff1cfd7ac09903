import { Play, Square } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Voice } from '../../src/http/voice-contract.ts'
import { primaryLanguage } from '../element/language-name.ts'
import { Trouble } from '../element/page-state.tsx'
import { counted } from '../element/time-words.ts'
import type { useSample } from './use-sample.ts'
import { voiceDetails, type VoiceGroup, voiceGroups } from './voice-groups.ts'

interface VoiceListProps {
  readonly voices: readonly Voice[]
  readonly language: string
  readonly chosen: string | null
  readonly sample: ReturnType<typeof useSample>['state']
  readonly onChoose: (id: string) => void
  readonly onHear: (id: string) => void
  readonly onStop: () => void
}

/** A model with hundreds of speakers is searched, not scrolled. */
const most = 60

export function VoiceList(props: VoiceListProps) {
  const { voices, language, chosen } = props
  const [search, setSearch] = useState('')
  const groups = useMemo(() => voiceGroups(voices, language, search), [voices, language, search])
  const own = primaryLanguage(language)
  const chosenLanguage = primaryLanguage(voices.find(({ id }) => id === chosen)?.language ?? '')
  const isOpen = (group: VoiceGroup): boolean =>
    search !== '' || group.language === own || group.language === chosenLanguage || groups.length === 1
  return (
    <>
      <label>
        <span className="unseen">Search voices</span>
        <input
          type="search"
          className="voice-search"
          placeholder="Name, language, female…"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <div className="voice-groups">
        {groups.length === 0 && <p className="soft">No voice answers to “{search}”.</p>}
        {groups.map((group) => (
          <Group key={group.language} group={group} open={isOpen(group)} {...props} />
        ))}
      </div>
    </>
  )
}

function Group({ group, open: wanted, ...props }: VoiceListProps & { group: VoiceGroup; open: boolean }) {
  const [toggled, setToggled] = useState<boolean>()
  const open = toggled ?? wanted
  const shown = group.voices.slice(0, most)
  return (
    <details open={open} onToggle={(event) => setToggled(event.currentTarget.open)}>
      <summary>
        {group.name} <span className="figures">{counted(group.voices.length, 'voice')}</span>
      </summary>
      {open && (
        <ul>
          {shown.map((voice) => (
            <VoiceRow key={voice.id} voice={voice} {...props} />
          ))}
          {group.voices.length > most && (
            <li className="figures">
              And {counted(group.voices.length - most, 'more voice')}; search to find them.
            </li>
          )}
        </ul>
      )}
    </details>
  )
}

function VoiceRow({ voice, chosen, sample, onChoose, onHear, onStop }: VoiceListProps & { voice: Voice }) {
  const mine = sample.kind !== 'silent' && sample.voice === voice.id
  const heard = mine && sample.kind !== 'failed'
  return (
    <li className="voice-row">
      <label>
        <input type="radio" name="voice" checked={chosen === voice.id} onChange={() => onChoose(voice.id)} />
        <span>
          {voice.name}
          <span className="figures">{voiceDetails(voice)}</span>
        </span>
      </label>
      <button
        type="button"
        className="button small"
        aria-label={heard ? `Stop the sample of ${voice.name}` : `Hear ${voice.name}`}
        onClick={() => (heard ? onStop() : onHear(voice.id))}
      >
        {heard ? <Square size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
        {mine && sample.kind === 'asked' ? 'Speaking…' : heard ? 'Stop' : 'Hear'}
      </button>
      {mine && sample.kind === 'failed' && <Trouble error={sample.error} />}
    </li>
  )
}
