import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useMemo, useRef } from 'react'
import { useSearchParams } from 'wouter'
import { isUnanswered } from '../answer-error.ts'
import { useMay } from '../account/account-state.ts'
import { primaryLanguage } from '../element/language-name.ts'
import { Loading, PageTrouble, Trouble } from '../element/page-state.tsx'
import { useTitle } from '../element/use-title.ts'
import { useSample } from '../novel/use-sample.ts'
import { useCatalogue, useInstalls, useShelf, useSpeechServers, useVoices } from '../queries.ts'
import { BlendVoices } from './blend-voices.tsx'
import { MoreVoices } from './more-voices.tsx'
import { OnTheirWay } from './on-their-way.tsx'
import { OwnFiles } from './own-files.tsx'
import { SpeechServers } from './speech-servers.tsx'
import type { useOwnVoices } from './use-own-voices.ts'
import { useShownInstalls } from './use-shown-installs.ts'
import { VoicesHere } from './voices-here.tsx'
import './voices.css'

interface VoicesPageProps {
  readonly own: ReturnType<typeof useOwnVoices>
}

/** The room of voices: who speaks here, who could, and who speaks elsewhere for us. */
export function VoicesPage({ own }: VoicesPageProps) {
  useTitle(t`Voices`)
  const { data, error, refetch } = useVoices()
  if (isUnanswered(error) && !data)
    return <PageTrouble title={t`Voices`} error={error} onRetry={() => void refetch()} />
  return <Voices own={own} />
}

function Voices({ own }: VoicesPageProps) {
  const isAdmin = useMay('admin')
  const [voices, catalogue, shelf] = [useVoices(), useCatalogue(''), useShelf('')]
  // All that stands on the page comes at once, so that nothing moves.
  const waiting = [voices, catalogue, shelf, useInstalls(), useSpeechServers(isAdmin)].some(
    ({ isLoading }) => isLoading,
  )
  const onShelf = useMemo(
    () => new Set(shelf.data?.pages.flat().map(({ language }) => primaryLanguage(language))),
    [shelf.data],
  )
  const offered = useMemo(
    () => new Map(catalogue.data?.languages.map(({ tag, count }) => [tag, count])),
    [catalogue.data],
  )
  const [language, onLanguage] = useLanguage([...offered.keys()].find((tag) => onShelf.has(tag)) ?? '')
  const shown = useShownInstalls()
  const sample = useSample()
  const more = useRef<HTMLDivElement>(null)
  useShown(more, !waiting)
  if (waiting) return <Loading words={t`Asking who is here…`} />

  const showMore = (wanted: string): void => {
    onLanguage(wanted)
    more.current?.scrollIntoView()
    more.current?.querySelector('select')?.focus({ preventScroll: true })
  }
  return (
    <div className="voices">
      <h1><Trans>Voices</Trans></h1>
      {isAdmin && (
      <nav className="voices-ways" aria-label={t`On this page`}>
        <a href="#here"><Trans>Here now</Trans></a>
        <a href="#more"><Trans>More voices</Trans></a>
        <a href="#files"><Trans>From your files</Trans></a>
        <a href="#servers"><Trans>Speech servers</Trans></a>
      </nav>
)}
      <OnTheirWay shown={shown} sample={sample} />
      {voices.isError && <Trouble error={voices.error} onRetry={() => void voices.refetch()} />}
      {voices.data && (
        <VoicesHere
          voices={voices.data}
          offered={offered}
          shelf={onShelf}
          sample={sample}
          onMore={showMore}
        />
      )}
      {isAdmin && (
<>
      <div ref={more}>
        <MoreVoices
          language={language}
          onLanguage={onLanguage}
          shelf={onShelf}
          shown={shown}
          sample={sample}
        />
      </div>
      {voices.data && <BlendVoices voices={voices.data} sample={sample} />}
      <OwnFiles own={own} sample={sample} />
      <SpeechServers sample={sample} />
</>
)}
    </div>
  )
}

/** The language of the catalogue: it stands in the address, so that others can point to it. */
function useLanguage(usual: string) {
  const [parameters, setParameters] = useSearchParams()
  const language = parameters.get('language') ?? usual
  const set = (wanted: string): void => setParameters({ language: wanted }, { replace: true })
  return [language, set] as const
}

/** Who comes for the voices of a language, or for a part of the page, finds it before him. */
function useShown(more: React.RefObject<HTMLElement | null>, ready: boolean): void {
  const came = useRef(new URL(location.href))
  useEffect(() => {
    if (!ready) return undefined
    const { hash, searchParams } = came.current
    const place = hash === '' ? searchParams.has('language') && more.current : document.querySelector(hash)
    if (!place) return undefined
    // After the page has begun at its top.
    const frame = requestAnimationFrame(() => place.scrollIntoView())
    return () => cancelAnimationFrame(frame)
  }, [more, ready])
}
