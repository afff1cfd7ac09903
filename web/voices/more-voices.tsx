import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useDeferredValue, useState } from 'react'
import type { CatalogueVoice } from '../../src/http/contract/voice-contract.ts'
import type { Catalogue } from '../api.ts'
import { languageName, primaryLanguage } from '../element/language-name.ts'
import { Trouble } from '../element/page-state.tsx'
import { figure } from '../element/figure-words.ts'
import type { Sample } from '../novel/use-sample.ts'
import { useCatalogue } from '../queries.ts'
import { FailedSample, HearButton } from './hear-button.tsx'
import { InstallProgress } from './install-progress.tsx'
import { InstallVoice } from './install-voice.tsx'
import type { ShownInstalls } from './use-shown-installs.ts'
import { describedVoice, hasSample } from './voice-words.ts'

interface MoreVoicesProps {
  /** Primary subtag; empty: all. */
  readonly language: string
  readonly onLanguage: (language: string) => void
  readonly shelf: ReadonlySet<string>
  readonly shown: ShownInstalls
  readonly sample: Sample
}

/** So many at first, and so many more at a press. */
const step = 20

/** The catalogue: what can be had, and how it comes here. */
export function MoreVoices({ language, onLanguage, shelf, shown, sample }: MoreVoicesProps) {
  const [search, setSearch] = useState('')
  const words = useDeferredValue(search.trim())
  const catalogue = useCatalogue(words)
  const [most, setMost] = useState(step)
  const voices = (catalogue.data?.voices ?? []).filter(
    (voice) => language === '' || primaryLanguage(voice.language) === language,
  )
  return (
    <section id="more" aria-labelledby="more-title">
      <h2 id="more-title"><Trans>More voices</Trans></h2>
      {catalogue.isError && <Trouble error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
      {catalogue.data && (
        <>
          <p className="soft">
            <Trans><Plural value={totalOf(catalogue.data)} one="# natural voice" other="# natural voices" /> in <Plural value={catalogue.data.languages.length} one="# language" other="# languages" />,
            to be had from {catalogue.data.source}. Each is proved before it reads.</Trans>
          </p>
          <div className="catalogue-tools">
            <LanguageChoice
              languages={catalogue.data.languages}
              shelf={shelf}
              language={language}
              onLanguage={(next) => {
                setMost(step)
                onLanguage(next)
              }}
            />
            <input
              type="search"
              aria-label={t`Search more voices`}
              placeholder={t`Name, quality, female…`}
              value={search}
              onChange={(event) => {
                setMost(step)
                setSearch(event.target.value)
              }}
            />
          </div>
          {voices.length === 0 && <NoneFound search={words} language={language} onAll={() => onLanguage('')} />}
          <ul className="voice-lines">
            {voices.slice(0, most).map((voice) => (
              <Offer key={voice.id} voice={voice} shown={shown} sample={sample} />
            ))}
          </ul>
          {voices.length > most && (
            <button type="button" className="button" onClick={() => setMost(most + step)}>
              <Trans>Show more voices<span className="unseen"> of {figure(voices.length - most)} left</span></Trans>
            </button>
          )}
        </>
      )}
    </section>
  )
}

interface NoneFoundProps {
  readonly search: string
  readonly language: string
  readonly onAll: () => void
}

function NoneFound({ search, language, onAll }: NoneFoundProps) {
  return (
    <p className="soft">
      {noneFound(search, language === '' ? undefined : languageName(language))}{' '}
      {language !== '' && (
        <button type="button" className="link-button" onClick={onAll}>
          <Trans>Search all languages</Trans>
        </button>
      )}
    </p>
  )
}

function noneFound(search: string, language: string | undefined): string {
  if (language === undefined) return search === '' ? t`No voice is to be had.` : t`No voice answers to “${search}”.`
  return search === '' ? t`No ${language} voice is to be had.` : t`No ${language} voice answers to “${search}”.`
}

interface OfferProps extends Pick<MoreVoicesProps, 'shown' | 'sample'> {
  readonly voice: CatalogueVoice
}

function Offer({ voice, shown: { installs, putAway }, sample }: OfferProps) {
  const install = installs.find(({ voiceId }) => voiceId === voice.id)
  return (
    <li className="voice-line">
      <div className="voice-line-words">
        <strong>{voice.name}</strong>
        <span className="figures">{describedVoice(voice)}</span>
      </div>
      {!install && (
        <div className="voice-line-acts">
          {voice.installed ? (
            <>
              <span className="figures"><Trans>Here</Trans></span>
              <HearButton voice={voice} sample={sample} />
            </>
          ) : (
            <>
              {hasSample(voice) && <HearButton voice={voice} sample={sample} offered />}
              <InstallVoice voice={voice} />
            </>
          )}
        </div>
      )}
      {install && (
        <InstallProgress install={install} sample={sample} onPutAway={() => putAway(install.id)} />
      )}
      {!voice.installed && <FailedSample sample={sample} id={voice.id} />}
    </li>
  )
}

interface LanguageChoiceProps extends Pick<MoreVoicesProps, 'language' | 'onLanguage' | 'shelf'> {
  readonly languages: Catalogue['languages']
}

function LanguageChoice({ languages, shelf, language, onLanguage }: LanguageChoiceProps) {
  const onShelf = languages.filter(({ tag }) => shelf.has(tag))
  const others = languages.filter(({ tag }) => !shelf.has(tag))
  const options = (of: Catalogue['languages']) =>
    of.map(({ tag, name, nativeName, count }) => (
      <option key={tag} value={tag}>
        {name === nativeName ? name : `${name}, ${nativeName}`} ({count})
      </option>
    ))
  return (
    <select
      aria-label={t`Language`}
      value={language}
      onChange={(event) => onLanguage(event.target.value)}
    >
      <option value=""><Trans>All languages ({figure(languages.reduce((sum, { count }) => sum + count, 0))})</Trans></option>
      {language !== '' && !languages.some(({ tag }) => tag === language) && (
        <option value={language}>{languageName(language)} ({figure(0)})</option>
      )}
      {onShelf.length > 0 && <optgroup label={t`On your shelf`}>{options(onShelf)}</optgroup>}
      {onShelf.length > 0 ? <optgroup label={t`Others`}>{options(others)}</optgroup> : options(others)}
    </select>
  )
}

function totalOf({ languages }: Catalogue): number {
  return languages.reduce((sum, { count }) => sum + count, 0)
}
