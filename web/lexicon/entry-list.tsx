import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import type { LexiconEntryView } from '../../src/http/contract/lexicon-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import { type Draft, draftOf, entryOf } from './entry-draft.ts'
import { HearWord } from './hear-word.tsx'
import { saidWords } from './lexicon-words.ts'
import type { Hear } from './use-hear.ts'

interface EntryListProps {
  readonly entries: readonly LexiconEntryView[]
  readonly language: string
  readonly hear: Hear
  readonly busy: boolean
  readonly onEdit: (draft: Draft) => void
  readonly onRemove: (id: string) => void
  readonly onSwitch: (entry: LexiconEntryView) => void
}

/** More are shown when they are searched for. */
const mostShown = 200

/** The words of a scope. */
export function EntryList({ entries, language, hear, busy, onEdit, onRemove, onSwitch }: EntryListProps) {
  const [sought, seek] = useState('')
  const found = useMemo(() => {
    const small = sought.trim().toLowerCase()
    return entries.filter(({ written, words = '' }) => `${written}\n${words}`.toLowerCase().includes(small))
  }, [entries, sought])
  if (entries.length === 0)
    return (
      <p className="figures">
        <Trans>No words yet. Those that you keep are said so wherever they stand.</Trans>
      </p>
    )
  const hidden = found.length - mostShown
  return (
    <>
      {entries.length > 8 && (
        <p>
          <label>
            <Trans>Find a word</Trans>{' '}
            <input type="search" value={sought} onChange={({ target }) => seek(target.value)} />
          </label>
        </p>
      )}
      <ul className="words-list">
        {found.slice(0, mostShown).map((entry) => {
          const draft = draftOf(entry)
          const { id, written, fromBook, off = false } = entry
          return (
            <li key={id} data-off={off || undefined}>
              <strong lang={language}>{written}</strong>
              <span lang={draft.kind === 'ipa' ? 'und-fonipa' : language}>{saidWords(entry)}</span>
              {(fromBook !== undefined || off) && (
                <span className="figures">
                  {fromBook === undefined ? '' : t`from the book`}
                  {off && (fromBook === undefined ? t`off` : ` · ${t`off`}`)}
                </span>
              )}
              <span className="words-acts">
                <HearWord
                  hear={hear}
                  of={id}
                  label={t`Hear`}
                  word={written}
                  onHear={() => hear.entry(id, entryOf(draft))}
                />
                <button type="button" className="button small" onClick={() => onEdit(draft)}>
                  <Trans>Change</Trans>
                  <span className="unseen">: {written}</span>
                </button>
                {fromBook === undefined && !off ? (
                  <PushButton className="button small" idle={busy} onClick={() => onRemove(id)}>
                    <Trans>Remove</Trans>
                    <span className="unseen">: {written}</span>
                  </PushButton>
                ) : (
                  <PushButton className="button small" idle={busy} onClick={() => onSwitch(entry)}>
                    {off ? <Trans>Switch on</Trans> : <Trans>Switch off</Trans>}
                    <span className="unseen">: {written}</span>
                  </PushButton>
                )}
              </span>
            </li>
          )
        })}
      </ul>
      {hidden > 0 && <p className="figures">{plural(hidden, { one: '# more', other: '# more' })}</p>}
    </>
  )
}
