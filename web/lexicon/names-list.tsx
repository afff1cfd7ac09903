import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { Link } from 'wouter'
import type { NameToCheckView } from '../../src/http/contract/names-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { Loading, Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { type Draft, emptyDraft } from './entry-draft.ts'
import { HearWord } from './hear-word.tsx'
import { useFine, useNames } from './lexicon-queries.ts'
import { basisWords } from './lexicon-words.ts'
import type { Hear } from './use-hear.ts'

interface NamesListProps {
  readonly novel: Novel
  /** In lower case: they have an entry already. */
  readonly known: ReadonlySet<string>
  readonly hear: Hear
  readonly onEdit: (draft: Draft) => void
}

const shownAtFirst = 40

/** Names and unknown words of the book, those first of which it is least sure that they are said right. */
export function NamesList({ novel, known, hear, onEdit }: NamesListProps) {
  const { data, error, refetch } = useNames(novel.id)
  const fine = useFine(novel.id)
  const [all, setAll] = useState(false)
  const [withFine, setWithFine] = useState(false)
  if (error && !data) return <Trouble error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading words={t`Looking for names in the book…`} />
  if (data.unspaced)
    return (
      <p>
        <Trans>
          In this script no blanks tell words apart, so names cannot be found. You can still say above how a
          word is said.
        </Trans>
      </p>
    )
  const open = data.names.filter((name) => !known.has(name.word.toLowerCase()) && (withFine || !name.fine))
  const hidden = data.names.filter((name) => name.fine).length
  const shown = all ? open : open.slice(0, shownAtFirst)
  const more = open.length - shown.length
  return (
    <>
      {open.length === 0 && (
        <p className="figures">
          <Trans>There is no name left to check.</Trans>
        </p>
      )}
      {hidden > 0 && (
        <p className="words-ticks">
          <label>
            <input
              type="checkbox"
              checked={withFine}
              onChange={({ target }) => setWithFine(target.checked)}
            />
            {plural(hidden, {
              one: 'also show # that is fine as it is',
              other: 'also show # that are fine as they are',
            })}
          </label>
        </p>
      )}
      {fine.isError && <Trouble error={fine.error} />}
      <ul className="words-names">
        {shown.map((name) => (
          <NameRow
            key={name.word}
            novel={novel}
            name={name}
            hear={hear}
            busy={fine.isPending}
            onEdit={onEdit}
            onFine={() => fine.mutate({ word: name.word, fine: !name.fine })}
          />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {plural(more, { one: 'Show # more', other: 'Show # more' })}
        </button>
      )}
    </>
  )
}

interface NameRowProps extends Pick<NamesListProps, 'novel' | 'hear' | 'onEdit'> {
  readonly name: NameToCheckView
  readonly busy: boolean
  readonly onFine: () => void
}

function NameRow({ novel, name, hear, busy, onEdit, onFine }: NameRowProps) {
  const { word, count, forms, first, sentence, said, proposal, isName, fine } = name
  const draft: Draft = { ...emptyDraft, written: word, caseSensitive: isName, sentence }
  const about = [
    plural(count, { one: '# time', other: '# times' }),
    !isName && t`in no dictionary`,
    forms.length > 0 && t`also ${forms.join(', ')}`,
  ].filter(Boolean)
  const entry = proposal && { written: word, ipa: proposal.ipa, caseSensitive: isName, stem: true }
  return (
    <li>
      <h3 lang={novel.language}>{word}</h3>
      <p className="figures">
        {about.join(' · ')}
        {said !== '' && (
          <>
            {' · '}
            {/^(?:zh|ja)\b/.test(novel.language) ? said : <span lang="und-fonipa">/{said}/</span>}
          </>
        )}
      </p>
      <blockquote lang={novel.language}>
        <Link href={`/novels/${novel.id}/chapters/${first.chapterNumber}`}>{sentence}</Link>
      </blockquote>
      <p className="words-acts">
        <HearWord
          hear={hear}
          of={`${word} now`}
          label={t`Hear it`}
          word={word}
          onHear={() => hear.text(`${word} now`, sentence)}
        />
        <button type="button" className="button small" onClick={() => onEdit(draft)}>
          <Trans>Say it differently</Trans>
          <span className="unseen">: {word}</span>
        </button>
        <PushButton className="button small" idle={busy} aria-pressed={fine} onClick={onFine}>
          <Trans>Fine as it is</Trans>
          <span className="unseen">: {word}</span>
        </PushButton>
      </p>
      {proposal && entry && (
        <p className="words-proposal words-acts">
          <span>
            {basisWords(proposal.basis)}: <span lang="und-fonipa">/{proposal.ipa}/</span>
          </span>
          <HearWord
            hear={hear}
            of={`${word} proposed`}
            label={t`Hear it so`}
            word={word}
            onHear={() => hear.entry(`${word} proposed`, entry, sentence)}
          />
          <button
            type="button"
            className="button small"
            onClick={() => onEdit({ ...draft, kind: 'ipa', said: proposal.ipa })}
          >
            <Trans>Take it</Trans>
            <span className="unseen">: {word}</span>
          </button>
        </p>
      )}
    </li>
  )
}
