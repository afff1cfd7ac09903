import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { Spot } from '../../src/http/contract/spot-contract.ts'
import { VoiceSelect } from '../cast/voice-select.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useVoices } from '../queries.ts'
import { useOtherVoice } from './use-spots.ts'

/** Another voice for the sentence of a spot, chosen first and spoken then. */
export function OtherVoice({ novel, spot }: { readonly novel: Novel; readonly spot: Spot }) {
  const { t } = useLingui()
  const [voice, choose] = useState<string | null>(null)
  const voices = useVoices().data ?? []
  const give = useOtherVoice(novel.id, spot)
  const words = spot.text.slice(0, 60)
  return (
    <>
      <p className="spot-acts">
        <VoiceSelect
          label={t`Another voice for “${words}”`}
          voices={voices}
          language={novel.language}
          chosen={voice ?? undefined}
          none={t`Another voice…`}
          onChoose={choose}
        />
        {voice !== null && (
          <PushButton className="button small" idle={give.isPending} onClick={() => give.mutate(voice)}>
            {give.isPending ? <Trans>One moment…</Trans> : <Trans>Have this voice speak it</Trans>}
          </PushButton>
        )}
      </p>
      {give.data?.applied && (
        <p className="figures">
          <Trans>The sentence is spoken by it.</Trans>
        </p>
      )}
      {give.data?.applied === false && (
        <p className="figures">
          <Link href={`/novels/${novel.id}/cast`}>
            <Trans>It waits with other changes of the cast.</Trans>
          </Link>
        </p>
      )}
      {give.isError && <Trouble error={give.error} />}
    </>
  )
}
