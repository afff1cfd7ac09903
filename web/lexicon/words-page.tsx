import { t } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useMemo, useState } from 'react'
import type { LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { BackLink } from '../element/back-link.tsx'
import { Loading, PageTrouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { RevertButton } from '../element/revert-button.tsx'
import { useTitle } from '../element/use-title.ts'
import { NoSuchBook } from '../novel/no-such-book.tsx'
import { leadsNowhere, useNovel } from '../queries.ts'
import { type Draft, emptyDraft } from './entry-draft.ts'
import { EntryForm } from './entry-form.tsx'
import { EntryList } from './entry-list.tsx'
import { type Scope, useLexicon, useLexiconCommand } from './lexicon-queries.ts'
import { stateWords } from './lexicon-words.ts'
import { NamesList } from './names-list.tsx'
import { PlsTransfer } from './pls-transfer.tsx'
import { ScopeSelect } from './scope-select.tsx'
import { useHear } from './use-hear.ts'
import '../element/sticky-bar.css'
import { Told } from '../element/told.tsx'
import './words.css'

/** How the names and words of a book are said. */
export function WordsPage({ id }: { readonly id: string }) {
  const { t: say } = useLingui()
  const known = useNovel(id)
  const lexicon = useLexicon(id)
  const title = known.data?.novel.title ?? ''
  useTitle(title && say`The words of ${title}`)
  if (leadsNowhere(known.error)) return <NoSuchBook />
  const error = known.error ?? lexicon.error
  if (error && !lexicon.data)
    return <PageTrouble title={say`Names and words`} error={error} onRetry={() => void lexicon.refetch()} />
  if (!known.data || !lexicon.data) return <Loading words={say`Looking up the words…`} />
  return <Words novel={known.data.novel} lexicon={lexicon.data} />
}

interface WordsProps {
  readonly novel: Novel
  readonly lexicon: LexiconView
}

function Words({ novel, lexicon }: WordsProps) {
  const change = useLexiconCommand(novel.id)
  const hear = useHear(novel)
  const [scope, setScope] = useState<Scope>('novel')
  const [draft, setDraft] = useState<Draft>(emptyDraft)
  const { scopes, state } = lexicon
  const here = scopes.find((one) => one.scope === scope)
  const { mutate, isPending: busy } = change
  const known = useMemo(
    () => new Set(scopes.flatMap(({ entries }) => entries.map(({ written }) => written.toLowerCase()))),
    [scopes],
  )
  return (
    <div className="words">
      <BackLink href={`/novels/${novel.id}`}>{novel.title}</BackLink>
      <h1>
        <Trans>Names and words</Trans>
      </h1>
      <p>
        <Trans>
          Say here how a name is said. Only what has the word in it is spoken again, and what was spoken
          before is there still if you take it back.
        </Trans>
      </p>
      <div className="sticky-bar words-bar">
        <ScopeSelect scopes={scopes} scope={scope} onScope={setScope} />
        <RevertButton
          direction="undo"
          idle={!here?.undo || busy}
          onRevert={(kind) => mutate({ kind, scope })}
        />
        <RevertButton
          direction="redo"
          idle={!here?.redo || busy}
          onRevert={(kind) => mutate({ kind, scope })}
        />
        {(state === 'undone' || state === 'failed') && (
          <PushButton className="button" idle={busy} onClick={() => mutate({ kind: 'apply' })}>
            <Trans>Have the book said so</Trans>
          </PushButton>
        )}
        <Told className="figures" words={busy ? t`One moment…` : stateWords(lexicon)} />
      </div>
      <EntryForm
        novelId={novel.id}
        language={novel.language}
        scope={scope}
        draft={draft}
        hear={hear}
        busy={busy}
        error={change.error}
        onDraft={setDraft}
        onSave={(wanted) => mutate({ kind: 'change', ...wanted }, { onSuccess: () => setDraft(emptyDraft) })}
      />
      <EntryList
        entries={here?.entries ?? []}
        language={novel.language}
        hear={hear}
        busy={busy}
        onEdit={setDraft}
        onRemove={(entry) => mutate({ kind: 'change', scope, remove: [entry] })}
        onSwitch={(switched) => {
          const { fromBook: _, off = false, ...entry } = switched
          mutate({ kind: 'change', scope, put: [{ ...entry, off: !off }] })
        }}
      />
      <PlsTransfer key={scope} novelId={novel.id} scope={scope} />
      <h2>
        <Trans>Names to check</Trans>
      </h2>
      <NamesList novel={novel} known={known} hear={hear} onEdit={setDraft} />
    </div>
  )
}
