import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { useMay } from '../account/account-state.ts'
import { api } from '../api.ts'
import { hasLanguageName, languageName, primaryLanguage } from '../element/language-name.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import type { Sample } from '../novel/use-sample.ts'
import { FailedSample, HearButton } from './hear-button.tsx'
import { RemoveVoice } from './remove-voice.tsx'
import { renewVoices } from './renew-voices.ts'
import { RenameVoice } from './rename-voice.tsx'
import { Speakers } from './speakers.tsx'
import { costWords, describedVoice } from './voice-words.ts'

interface HereVoiceProps {
  readonly voice: Voice
  readonly sample: Sample
  /** Whether another voice reads another region's novels of the same language. */
  readonly byRegion?: boolean
}

/** A voice that can speak now, and what can be done with it; admins alone change it. */
export function HereVoice({ voice, sample, byRegion = false }: HereVoiceProps) {
  const client = useQueryClient()
  const { id, name, source, speakers } = voice
  const isAdmin = useMay('admin')
  const setDefault = useMutation({
    mutationFn: () => api.changeVoice(id, { default: true }),
    onSuccess: () => renewVoices(client),
  })
  const tag = byRegion ? voice.language : primaryLanguage(voice.language)
  const language = hasLanguageName(tag) ? languageName(tag) : t`its language`
  return (
    <li className="voice-line">
      <div className="voice-line-words">
        <strong>{name}</strong>
        {voice.default && (
          <span className="voice-default">
            <Check size={14} aria-hidden="true" /> <Trans>Reads {language}</Trans>
          </span>
        )}
        <span className="figures">
          {describedVoice({ ...voice, speakers: 1 })}
        </span>
        {voice.cost && <span className="figures">{costWords(voice.cost)}</span>}
      </div>
      <div className="voice-line-acts">
        {isAdmin && !voice.default && (
          <PushButton
            className="button small"
            idle={setDefault.isPending}
            onClick={() => setDefault.mutate()}
          >
            <Trans>Make default<span className="unseen"> for {language}: {name}</span></Trans>
          </PushButton>
        )}
        <HearButton voice={voice} sample={sample} />
        {isAdmin && (source === 'public' || source === 'file' || source === 'blend') && (
          <>
            <RenameVoice voice={voice} />
            <RemoveVoice voice={voice} />
          </>
        )}
      </div>
      <FailedSample sample={sample} id={id} />
      {setDefault.isError && <Trouble error={setDefault.error} />}
      {speakers && (
        <Speakers voice={voice}>
          {(speaker) => (
            <li key={speaker.id} className="speaker">
              <span>
                {speaker.name} <span className="figures"><Trans>no. {speaker.number}</Trans></span>
              </span>
              <HearButton voice={{ id: speaker.id, name: `${name}, ${speaker.name}` }} sample={sample} />
              <FailedSample sample={sample} id={speaker.id} />
            </li>
          )}
        </Speakers>
      )}
    </li>
  )
}
