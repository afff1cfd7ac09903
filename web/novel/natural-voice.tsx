import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { CatalogueVoice, Voice } from '../../src/http/contract/voice-contract.ts'
import { api } from '../api.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { useOffers, useVoices } from '../queries.ts'
import { FailedSample, HearButton } from '../voices/hear-button.tsx'
import { InstallProgress } from '../voices/install-progress.tsx'
import { InstallVoice } from '../voices/install-voice.tsx'
import { useShownInstalls } from '../voices/use-shown-installs.ts'
import { hasSample } from '../voices/voice-words.ts'
import { isPlain, isPlainKept, keepPlain } from './plain-voice.ts'
import { renewReading } from './renew-reading.ts'
import { useSample } from './use-sample.ts'
import { naturalHere } from './voice-groups.ts'

/**
 * A natural voice for a novel that a plain one would read: one that is here already, else the best that could be
 * installed. Neither also while nobody knows.
 */
export function useBetterVoice({ language, voice }: Pick<Novel, 'language' | 'voice'>) {
  const plain = voice === null || isPlain(voice)
  const own = primaryLanguage(language)
  const voices = useVoices()
  const here = plain && voices.data ? naturalHere(voices.data, language) : undefined
  const asks = plain && voices.data !== undefined && !here
  const { data, isPending, failureCount } = useOffers(own, asks)
  return {
    // Without a server there is nothing to wait for.
    waiting:
      plain && ((voices.isPending && voices.failureCount === 0) || (asks && isPending && failureCount === 0)),
    here,
    // The best that a small machine speaks without trouble, which can be heard before, stands first in the catalogue.
    better: asks ? data?.[0] : undefined,
    more: (data?.length ?? 0) - 1,
  }
}

interface VoiceHereProps {
  readonly novel: Novel
  readonly voice: Voice
}

/**
 * Offers a natural voice that is here to a novel that a plain one reads: a request pins the voice that was the best on
 * that day, and it stays when a better one is installed. Whoever wants the plain one says so once.
 */
export function NaturalVoiceHere({ novel, voice }: VoiceHereProps) {
  const client = useQueryClient()
  const sample = useSample(novel.language)
  const [away, setAway] = useState(() => isPlainKept(novel.id, voice.id))
  const choose = useMutation({
    mutationFn: () => api.patchNovel(novel.id, { voice: voice.id }),
    onSuccess: () => renewReading(client, novel.id),
  })
  if (away) return null
  return (
    <section className="natural-voice" aria-labelledby="natural-voice">
      <h2 id="natural-voice">
        <Trans>A natural voice for {languageName(primaryLanguage(novel.language))}</Trans>
      </h2>
      <p>
        <Trans>
          A plain voice reads this book so far. {voice.name} sounds like a person. It is here. Let it read
          this book?
        </Trans>
        {novel.segmentsDone > 0 && (
          <>
            {' '}
            <Trans>
              It reads what is asked for from then on; what the plain voice has spoken is kept, and spoken
              anew when it is asked for again.
            </Trans>
          </>
        )}
      </p>
      <div className="natural-voice-acts">
        <HearButton voice={voice} sample={sample} speed={novel.speed} />
        <PushButton className="button small main" idle={choose.isPending} onClick={() => choose.mutate()}>
          {choose.isPending ? t`Saving…` : t`Let it read this book`}
        </PushButton>
        <button
          type="button"
          className="button small"
          onClick={() => {
            keepPlain(novel.id, voice.id)
            setAway(true)
          }}
        >
          <Trans>Keep the plain one</Trans>
        </button>
      </div>
      {choose.isError && <Trouble error={choose.error} />}
      <FailedSample sample={sample} id={voice.id} />
    </section>
  )
}

interface NaturalVoiceProps {
  readonly novel: Novel
  readonly better: CatalogueVoice
  /** How many others there are. */
  readonly more: number
}

/** Says, before a book is spoken, that a natural voice can be had for it; both can be heard. */
export function NaturalVoice({ novel, better, more }: NaturalVoiceProps) {
  const sample = useSample(novel.language)
  const { installs, putAway } = useShownInstalls()
  const install = installs.find(({ voiceId }) => voiceId === better.id)
  const language = languageName(primaryLanguage(novel.language))
  return (
    <section className="natural-voice" aria-labelledby="natural-voice">
      <h2 id="natural-voice">
        <Trans>A natural voice for {language}</Trans>
      </h2>
      <p>
        {novel.voice === null
          ? t`No voice here speaks this language.`
          : t`A plain voice reads this book so far.`}{' '}
        <Trans>{better.name} sounds like a person and can be installed.</Trans>
      </p>
      {install ? (
        <InstallProgress install={install} sample={sample} onPutAway={() => putAway(install.id)} />
      ) : (
        <div className="natural-voice-acts">
          {hasSample(better) && <HearButton voice={better} sample={sample} offered word={t`Hear it`} />}
          {novel.voice !== null && (
            <HearButton
              voice={{ id: novel.voice, name: t`the plain voice` }}
              sample={sample}
              speed={novel.speed}
              word={t`Hear the plain one`}
            />
          )}
          <InstallVoice voice={better} />
          {more > 0 && (
            <Link href={`/voices?language=${primaryLanguage(novel.language)}`}>
              {plural(more, { one: '# other voice', other: '# other voices' })}
            </Link>
          )}
        </div>
      )}
      <FailedSample sample={sample} id={better.id} />
      {novel.voice !== null && <FailedSample sample={sample} id={novel.voice} />}
    </section>
  )
}
