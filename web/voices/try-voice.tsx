import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { SpeechServerView } from '../../src/http/contract/voice-contract.ts'
import { keys } from '../keys.ts'
import type { Sample } from '../novel/use-sample.ts'
import { FailedSample, HearButton } from './hear-button.tsx'

interface TryVoiceProps {
  readonly server: SpeechServerView
  readonly sample: Sample
}

/** Lets any voice of a server be heard. */
export function TryVoice({ server: { name, title, voices }, sample }: TryVoiceProps) {
  const [chosen, setChosen] = useState<string>()
  useSpent(name, sample)
  const voice = chosen !== undefined && voices.includes(chosen) ? chosen : voices[0]
  if (voice === undefined) return <p className="soft"><Trans>No voice of it is known. Ask for them, or type them.</Trans></p>
  const id = `server:${name}:${voice}`
  return (
    <div className="server-try">
      <select
        aria-label={t`A voice of ${title}`}
        value={voice}
        onChange={(event) => setChosen(event.target.value)}
      >
        {voices.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <HearButton voice={{ id, name: voice }} sample={sample} word={t`Try it`} />
      <FailedSample sample={sample} id={id} />
    </div>
  )
}

/** A sample takes characters of the month, and shows whether the server is there. */
function useSpent(name: string, { state }: Sample): void {
  const client = useQueryClient()
  const answered =
    (state.kind === 'heard' || state.kind === 'failed') && state.voice.startsWith(`server:${name}:`)
  useEffect(() => {
    if (answered) void client.invalidateQueries({ queryKey: keys.servers })
  }, [answered, client])
}
