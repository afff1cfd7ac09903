import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { CastView } from '../../src/http/contract/cast-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { useVoices } from '../queries.ts'
import type { CastChange } from './cast-queries.ts'
import { VoiceSelect } from './voice-select.tsx'

interface OwnVoicesProps {
  readonly novel: Novel
  readonly cast: CastView
  readonly change: CastChange
}

/** As much of a sentence tells it from others. */
const shownCharacters = 80

/** The sentences that somebody gave a voice of their own. */
export function OwnVoices({ novel, cast, change }: OwnVoicesProps) {
  const voices = useVoices().data ?? []
  if (cast.sentences.length === 0) return null
  return (
    <section aria-labelledby="own-voices">
      <h2 id="own-voices">
        <Trans>Sentences with a voice of their own</Trans>
      </h2>
      <ul className="cast-list">
        {cast.sentences.map(({ id, text, voice }) => (
          <li key={id} className="cast-row">
            <q lang={novel.language} dir="auto">
              {text}
            </q>
            <p className="cast-voice">
              <VoiceSelect
                label={t`Voice of “${text.slice(0, shownCharacters)}”`}
                voices={voices}
                language={novel.language}
                chosen={voice}
                none={t`as the rest of the book`}
                onChoose={(wanted) => change.mutate({ kind: 'sentence', id, voice: wanted })}
              />
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
