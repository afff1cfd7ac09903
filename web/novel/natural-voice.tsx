import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract.ts'
import type { CatalogueVoice } from '../../src/http/voice-contract.ts'
import { counted } from '../element/figure-words.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'
import { useOffers, useVoices } from '../queries.ts'
import { FailedSample, HearButton } from '../voices/hear-button.tsx'
import { InstallProgress } from '../voices/install-progress.tsx'
import { InstallVoice } from '../voices/install-voice.tsx'
import { useShownInstalls } from '../voices/use-shown-installs.ts'
import { hasSample } from '../voices/voice-words.ts'
import { useSample } from './use-sample.ts'

const qualities = ['x_low', 'low', 'medium', 'high']

/**
 * The voice that could be installed for a novel that a plain one would read: the best of its language, unless a natural
 * one is here already. `undefined` also while nobody knows.
 */
export function useBetterVoice({ language, voice }: Pick<Novel, 'language' | 'voice'>) {
  // Voices tell their engine; eSpeak's are the plain ones.
  const plain = voice === null || voice.startsWith('espeak:')
  const own = primaryLanguage(language)
  const voices = useVoices()
  const { data, isPending } = useOffers(own, plain)
  const here = voices.data?.some((each) => each.neural && primaryLanguage(each.language) === own) ?? true
  return {
    waiting: plain && (isPending || voices.isPending),
    better: plain && !here ? data?.toSorted(byQuality)[0] : undefined,
    more: (data?.length ?? 0) - 1,
  }
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
      <h2 id="natural-voice">A natural voice for {language}</h2>
      <p>
        {novel.voice === null
          ? 'No voice here speaks this language.'
          : 'A plain voice reads this book so far.'}{' '}
        {better.name} sounds like a person and can be installed.
      </p>
      {install ? (
        <InstallProgress install={install} sample={sample} onPutAway={() => putAway(install.id)} />
      ) : (
        <div className="natural-voice-acts">
          {hasSample(better) && <HearButton voice={better} sample={sample} offered word="Hear it" />}
          {novel.voice !== null && (
            <HearButton
              voice={{ id: novel.voice, name: 'the plain voice' }}
              sample={sample}
              speed={novel.speed}
              word="Hear the plain one"
            />
          )}
          <InstallVoice voice={better} />
          {more > 0 && (
            <Link href={`/voices?language=${primaryLanguage(novel.language)}`}>
              {counted(more, 'other voice')}
            </Link>
          )}
        </div>
      )}
      <FailedSample sample={sample} id={better.id} />
      {novel.voice !== null && <FailedSample sample={sample} id={novel.voice} />}
    </section>
  )
}

function byQuality(a: CatalogueVoice, b: CatalogueVoice): number {
  return qualities.indexOf(b.quality) - qualities.indexOf(a.quality)
}
