import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useEffect, useId, useRef } from 'react'
import type { WantedEntriesBody } from '../../src/http/contract/lexicon-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { remadeWords } from '../plan/plan-words.ts'
import { type Draft, emptyDraft, entryOf } from './entry-draft.ts'
import { HearWord } from './hear-word.tsx'
import { type Scope, useLexiconPlan } from './lexicon-queries.ts'
import { Told } from '../element/told.tsx'
import type { Hear } from './use-hear.ts'

interface EntryFormProps {
  readonly novelId: string
  readonly language: string
  readonly scope: Scope
  readonly draft: Draft
  readonly hear: Hear
  readonly busy: boolean
  readonly error: unknown
  readonly onDraft: (draft: Draft) => void
  readonly onSave: (change: WantedEntriesBody) => void
}

/** How a word is to be said, what that costs, and how it sounds before it is kept. */
export function EntryForm(props: EntryFormProps) {
  const { novelId, language, scope, draft, hear, busy, error, onDraft, onSave } = props
  const id = useId()
  const { written, kind, said } = draft
  const isWhole = written.trim() !== '' && said.trim() !== ''
  const change: WantedEntriesBody = {
    scope,
    put: [{ ...entryOf(draft), ...(draft.id !== undefined && { id: draft.id }) }],
  }
  const plan = useLexiconPlan(novelId, isWhole ? change : undefined)
  const first = useRef<HTMLInputElement>(null)
  // Whoever takes a word from a list goes on writing here.
  useEffect(() => {
    if (draft.sentence === undefined && draft.id === undefined) return
    first.current?.focus()
    first.current?.scrollIntoView({ block: 'center' })
  }, [draft.sentence, draft.id])
  return (
    <form
      className="words-form"
      aria-label={draft.id === undefined ? t`A new word` : t`Change a word`}
      onSubmit={(event) => {
        event.preventDefault()
        if (isWhole && !busy) onSave(change)
      }}
    >
      <label htmlFor={`${id}-written`}>
        <Trans>Word or name</Trans>
      </label>
      <input
        id={`${id}-written`}
        lang={language}
        value={written}
        maxLength={100}
        onChange={({ target }) => onDraft({ ...draft, written: target.value })}
      />
      <label htmlFor={`${id}-kind`}>
        <Trans>is said</Trans>
      </label>
      <select
        id={`${id}-kind`}
        value={kind}
        onChange={({ target }) => onDraft({ ...draft, kind: target.value === 'ipa' ? 'ipa' : 'words' })}
      >
        <option value="words">{t`as other words`}</option>
        <option value="ipa">{t`in these sounds (IPA)`}</option>
      </select>
      <label htmlFor={`${id}-said`}>
        {kind === 'ipa' ? <Trans>Sounds</Trans> : <Trans>Other words</Trans>}
      </label>
      <input
        ref={first}
        id={`${id}-said`}
        lang={kind === 'ipa' ? 'und-fonipa' : language}
        value={said}
        maxLength={200}
        autoCapitalize="off"
        spellCheck={false}
        onChange={({ target }) => onDraft({ ...draft, said: target.value })}
      />
      <p className="words-ticks">
        <label>
          <input
            type="checkbox"
            checked={draft.caseSensitive}
            onChange={({ target }) => onDraft({ ...draft, caseSensitive: target.checked })}
          />
          <Trans>only with these capitals</Trans>
        </label>
        <label>
          <input
            type="checkbox"
            checked={draft.stem}
            onChange={({ target }) => onDraft({ ...draft, stem: target.checked })}
          />
          <Trans>also with endings, as in “Darcy’s”</Trans>
        </label>
      </p>
      <p className="words-acts">
        {isWhole && (
          <HearWord
            hear={hear}
            of="draft"
            label={t`Hear it`}
            word={written}
            onHear={() => hear.entry('draft', entryOf(draft), draft.sentence)}
          />
        )}
        <PushButton type="submit" className="button main" idle={!isWhole || busy}>
          {draft.id === undefined ? <Trans>Keep it</Trans> : <Trans>Keep the change</Trans>}
        </PushButton>
        {(draft.id !== undefined || written !== '' || said !== '') && (
          <button type="button" className="button" onClick={() => onDraft(emptyDraft)}>
            <Trans>Never mind</Trans>
          </button>
        )}
        <Told className="figures" words={plan.data && remadeWords({ remade: plan.data })} />
      </p>
      {plan.isError && <Trouble error={plan.error} />}
      {error !== null && error !== undefined && <Trouble error={error} />}
    </form>
  )
}
