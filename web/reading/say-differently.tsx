import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import type { LexiconView } from '../../src/http/contract/lexicon-contract.ts'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { useMay } from '../account/account-state.ts'
import { Loading, Trouble } from '../element/page-state.tsx'
import { offerUndo } from '../element/undo.tsx'
import { type Draft, draftOf, emptyDraft, entryFor } from '../lexicon/entry-draft.ts'
import { EntryForm } from '../lexicon/entry-form.tsx'
import { changeLexicon, type LexiconCommand, type Scope, useLexicon } from '../lexicon/lexicon-queries.ts'
import { ScopeSelect } from '../lexicon/scope-select.tsx'
import { useHear } from '../lexicon/use-hear.ts'
import '../element/dialog.css'
import '../lexicon/words.css'
import './say-differently.css'

interface SayDifferentlyProps {
  readonly novel: Novel
  readonly word: string
  /** In which it stands; it is heard there. */
  readonly sentence: string | undefined
  readonly onClose: () => void
}

/** The lexicon's form for a word of the text, over the text; a sheet on the phone. */
export function SayDifferently(props: SayDifferentlyProps) {
  const { novel, onClose } = props
  const lexicon = useLexicon(novel.id)
  return (
    <ModalOverlay className="veil say-veil" isOpen onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal wide say-sheet">
        <Dialog className="dialog">
          <Heading slot="title">
            <Trans>Say it differently</Trans>
          </Heading>
          {lexicon.data ? (
            <WordForm {...props} lexicon={lexicon.data} />
          ) : lexicon.isError ? (
            <Trouble error={lexicon.error} onRetry={() => void lexicon.refetch()} />
          ) : (
            <Loading words={t`Looking up the words…`} />
          )}
          {!lexicon.data && (
            <div className="dialog-actions">
              <button type="button" className="button" onClick={onClose}>
                <Trans>Close</Trans>
              </button>
            </div>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function WordForm({
  novel,
  word,
  sentence,
  onClose,
  lexicon,
}: SayDifferentlyProps & { readonly lexicon: LexiconView }) {
  const client = useQueryClient()
  const hear = useHear(novel)
  const mayEdit = useMay('editor')
  const [known] = useState(() => entryFor(lexicon, word))
  const [scope, setScope] = useState<Scope>(mayEdit ? (known?.scope ?? 'novel') : 'novel')
  const [draft, setDraft] = useState<Draft>(() => {
    const { id, ...said } = known ? draftOf(known.entry) : { ...emptyDraft, written: word }
    // Elsewhere it is an entry of its own.
    const isHere = known?.scope === scope && id !== undefined
    return { ...said, ...(isHere && { id }), ...(sentence !== undefined && { sentence }) }
  })
  const change = useMutation({
    mutationFn: (command: LexiconCommand) => changeLexicon(client, novel.id, command),
  })
  const keep = (command: LexiconCommand): void =>
    change.mutate(command, {
      onSuccess: () => {
        onClose()
        const { written } = draft
        offerUndo({
          words: t`“${written}” is said differently from now on.`,
          undo: () => changeLexicon(client, novel.id, { kind: 'undo', scope }),
        })
      },
    })
  return (
    <div className="words">
      {sentence !== undefined && (
        <blockquote lang={novel.language} dir="auto">
          {sentence}
        </blockquote>
      )}
      <p className="words-acts">
        <ScopeSelect
          scopes={lexicon.scopes}
          scope={scope}
          onScope={(next) => {
            setScope(next)
            // Elsewhere it is an entry of its own.
            const { id: _, ...rest } = draft
            setDraft(next === known?.scope ? { ...rest, id: known.entry.id } : rest)
          }}
        />
      </p>
      <EntryForm
        novelId={novel.id}
        language={novel.language}
        scope={scope}
        draft={draft}
        hear={hear}
        busy={change.isPending}
        error={change.error}
        onDraft={(next) => (next === emptyDraft ? onClose() : setDraft(next))}
        onSave={(wanted) => keep({ kind: 'change', ...wanted })}
      />
    </div>
  )
}
