import { plural, t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import type { Voice } from '../../src/http/contract/voice-contract.ts'
import { findSpeakers, type Speaker } from './find-speakers.ts'
import './voices.css'

interface SpeakersProps {
  readonly voice: Voice
  /** Whether they are in sight from the beginning. */
  readonly open?: boolean
  readonly children: (speaker: Speaker) => ReactNode
}

/** A model may have hundreds: they are searched, not scrolled. */
const most = 24

/** The speakers of a model that has several, folded away; `children` makes the row of each. */
export function Speakers({ voice, open: wanted = false, children }: SpeakersProps) {
  const [open, setOpen] = useState(wanted)
  const [search, setSearch] = useState('')
  const all = voice.speakers?.length ?? 0
  if (all < 2) return null
  const found = open ? findSpeakers(voice, search) : []
  return (
    <details className="speakers" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {plural(all, { one: '# speaker', other: '# speakers' })}
        <span className="unseen"> {' '}<Trans>of {voice.name}</Trans></span>
      </summary>
      {open && (
        <>
          {all > most && (
            <input
              type="search"
              aria-label={t`Search the speakers of ${voice.name}`}
              placeholder={t`Name or number`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          {found.length === 0 && <p className="soft"><Trans>No speaker is called “{search}”.</Trans></p>}
          <ul>{found.slice(0, most).map(children)}</ul>
          {found.length > most && (
            <p className="figures"><Trans>And <Plural value={found.length - most} one="# more speaker" other="# more speakers" />; search to find them.</Trans></p>
          )}
        </>
      )}
    </details>
  )
}
