import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useDeferredValue, useMemo, useState } from 'react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { useMay } from '../account/account-state.ts'
import { figure } from '../element/figure-words.ts'
import type { Sample } from '../novel/use-sample.ts'
import { type HereGroup, hereGroups, plainVoices } from './here-groups.ts'
import { HereVoice } from './here-voice.tsx'

interface VoicesHereProps {
  readonly voices: readonly Voice[]
  /** Languages in the order of the catalogue, as primary subtags, with how many voices each has there. */
  readonly offered: ReadonlyMap<string, number>
  readonly shelf: ReadonlySet<string>
  readonly sample: Sample
  /** Shows the catalogue of a language. */
  readonly onMore: (language: string) => void
}

export function VoicesHere({ voices, offered, shelf, sample, onMore }: VoicesHereProps) {
  const groups = useMemo(
    () => hereGroups(voices, { order: [...offered.keys()], shelf }),
    [voices, offered, shelf],
  )
  return (
    <section id="here" aria-labelledby="here-title">
      <h2 id="here-title"><Trans>Here now</Trans></h2>
      {groups.map((group) => (
        <Group
          key={group.language}
          group={group}
          offered={offered.get(group.language) ?? 0}
          sample={sample}
          onMore={onMore}
        />
      ))}
      <PlainVoices voices={voices} sample={sample} />
    </section>
  )
}

interface GroupProps extends Pick<VoicesHereProps, 'sample' | 'onMore'> {
  readonly group: HereGroup
  readonly offered: number
}

function Group({ group: { language, name, voices, natural }, offered, sample, onMore }: GroupProps) {
  const isAdmin = useMay('admin')
  const byRegion = voices.filter((voice) => voice.default).length > 1
  return (
    <section className="voice-language" aria-label={name}>
      <h3>{name}</h3>
      {!natural && (
        <p className="soft">
          <Trans>Only a plain voice reads {name} so far.</Trans>{' '}
          {isAdmin && offered > 0 && (
            <button type="button" className="link-button" onClick={() => onMore(language)}>
              <Trans>See <Plural value={offered} one="# natural voice" other="# natural voices" /></Trans>
            </button>
          )}
        </p>
      )}
      <ul className="voice-lines">
        {voices.map((voice) => (
          <HereVoice key={voice.id} voice={voice} sample={sample} byRegion={byRegion} />
        ))}
      </ul>
    </section>
  )
}

/** More are searched for. */
const most = 20

/** The hundred and more of eSpeak, folded away. */
function PlainVoices({ voices, sample }: { readonly voices: readonly Voice[]; readonly sample: Sample }) {
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const words = useDeferredValue(search)
  const found = useMemo(() => plainVoices(voices, words), [voices, words])
  const all = useMemo(() => plainVoices(voices, '').length, [voices])
  if (all === 0) return null
  return (
    <details className="plain-voices" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Trans>Plain voices <span className="figures">{figure(all)} that speak almost any language at once, without beauty</span></Trans>
      </summary>
      {open && (
        <>
          <input
            type="search"
            aria-label={t`Search plain voices`}
            placeholder={t`Language`}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          {found.length === 0 && <p className="soft"><Trans>No plain voice answers to “{search}”.</Trans></p>}
          <ul className="voice-lines">
            {found.slice(0, most).map((voice) => (
              <HereVoice key={voice.id} voice={voice} sample={sample} />
            ))}
          </ul>
          {found.length > most && (
            <p className="figures"><Trans>And <Plural value={found.length - most} one="# more voice" other="# more voices" />; search to find them.</Trans></p>
          )}
        </>
      )}
    </details>
  )
}
