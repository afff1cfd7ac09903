import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { primaryLanguage } from '../element/language-name.ts'
import { findVoice, onServer } from '../voices/find-voice.ts'
import { FailedSample, HearButton } from '../voices/hear-button.tsx'
import { Speakers } from '../voices/speakers.tsx'
import type { Sample } from './use-sample.ts'
import { groupOf, voiceDetails, type VoiceGroup, voiceGroups } from './voice-groups.ts'

interface VoiceListProps {
  readonly voices: readonly Voice[]
  readonly language: string
  readonly chosen: string | null
  readonly sample: Sample
  readonly speed: number
  readonly onChoose: (id: string) => void
}

/** A language with more voices is searched, not scrolled. */
const most = 60

export function VoiceList(props: VoiceListProps) {
  const { voices, language, chosen } = props
  const [search, setSearch] = useState('')
  const groups = useMemo(() => voiceGroups(voices, language, search), [voices, language, search])
  const own = primaryLanguage(language)
  const chosenVoice = findVoice(voices, chosen)
  const chosenGroup = chosenVoice && groupOf(chosenVoice)
  const isOpen = (group: VoiceGroup): boolean =>
    search !== '' || group.language === own || group.language === chosenGroup || groups.length === 1
  return (
    <>
      <label>
        <span className="unseen">{t`Search voices`}</span>
        <input
          type="search"
          className="voice-search"
          placeholder={t`Name, language, female…`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <div className="voice-groups">
        {groups.length === 0 && (
          <p className="soft">
            <Trans>No voice answers to “{search}”.</Trans>
          </p>
        )}
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
        {group.name}{' '}
        <span className="figures">{plural(group.voices.length, { one: '# voice', other: '# voices' })}</span>
      </summary>
      {open && (
        <ul>
          {shown.map((voice) => (
            <VoiceRow key={voice.id} voice={voice} {...props} />
          ))}
          {group.voices.length > most && (
            <li className="figures">
              <Trans>
                And <Plural value={group.voices.length - most} one="# more voice" other="# more voices" />;
                search to find them.
              </Trans>
            </li>
          )}
        </ul>
      )}
    </details>
  )
}

function VoiceRow({ voice, chosen, sample, speed, onChoose }: VoiceListProps & { voice: Voice }) {
  const place = onServer(voice.id)
  const choice = (id: string, name: string, details: string) => (
    <>
      <label>
        <input type="radio" name="voice" checked={chosen === id} onChange={() => onChoose(id)} />
        <span>
          {name}
          <span className="figures">{details}</span>
        </span>
      </label>
      <HearButton voice={{ id, name }} sample={sample} speed={speed} />
      <FailedSample sample={sample} id={id} />
    </>
  )
  return (
    <li className="voice-row">
      {choice(voice.id, place?.voice ?? voice.name, voiceDetails(voice))}
      <Speakers voice={voice} open={chosen?.startsWith(`${voice.id}:`) ?? false}>
        {(speaker) => (
          <li key={speaker.id} className="voice-row">
            {choice(speaker.id, speaker.name, `no. ${speaker.number}`)}
          </li>
        )}
      </Speakers>
    </li>
  )
}
