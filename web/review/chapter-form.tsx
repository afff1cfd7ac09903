import { useQuery } from '@tanstack/react-query'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import type { ChapterCommandBody, ReviewedChapter } from '../../src/http/contract/review-contract.ts'
import { OpenDialog } from '../element/open-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { chapterQuery } from '../queries.ts'
import { EditForm } from './edit-form.tsx'
import { MergeForm, PartForm, PlaceForm } from './place-forms.tsx'
import { Remade } from './remade.tsx'
import type { Edit } from './use-edits.ts'

interface ChapterFormProps {
  readonly novel: Novel
  readonly chapter: ReviewedChapter
  /** Number of the last chapter. */
  readonly last: number
  readonly edit: Edit
  readonly onClose: () => void
}

/** What can be done to one chapter. Each press is one edit, which can be undone. */
export function ChapterForm({ novel, chapter, last, edit, onClose }: ChapterFormProps) {
  const { t } = useLingui()
  const { number } = chapter
  const [title, setTitle] = useState(chapter.title)
  const range = { first: number, last: number }
  const name = chapter.title || t`Without a title`
  const send = (command: ChapterCommandBody): void => {
    if (!edit.isPending) edit.mutate(command, { onSuccess: onClose })
  }
  const isTitle = title.trim() !== '' && title.trim() !== chapter.title
  return (
    <OpenDialog
      title={
        <>
          {number} · {name}
        </>
      }
      className="wide"
      onClose={onClose}
    >
      {edit.isError && <Trouble error={edit.error} />}
      <EditForm
        label={t`Name`}
        action={t`Rename`}
        busy={edit.isPending}
        onSend={
          isTitle ? () => send({ kind: 'rename', chapterNumber: number, title: title.trim() }) : undefined
        }
      >
        <input type="text" value={title} maxLength={500} onChange={(event) => setTitle(event.target.value)} />
      </EditForm>
      <PartForm
        label={t`Part of the book`}
        range={range}
        now={chapter.part ?? ''}
        busy={edit.isPending}
        onSend={send}
      />
      <PlaceForm
        label={t`Place, from 1 to ${last}`}
        range={range}
        furthest={last}
        busy={edit.isPending}
        onSend={send}
      />
      {number < last && (
        <MergeForm
          novelId={novel.id}
          command={{ kind: 'merge', chapterNumber: number }}
          busy={edit.isPending}
          onSend={send}
        >
          <Trans>Merge with the next chapter</Trans>
        </MergeForm>
      )}
      <Paragraphs novel={novel} number={number} busy={edit.isPending} onSplit={send} />
    </OpenDialog>
  )
}

const mostShown = 200

interface ParagraphsProps {
  readonly novel: Novel
  readonly number: number
  readonly busy: boolean
  readonly onSplit: (command: ChapterCommandBody) => void
}

/** The paragraphs of a chapter: it is split before the one that is chosen. */
function Paragraphs({ novel, number, busy, onSplit }: ParagraphsProps) {
  const { t } = useLingui()
  const chapter = useQuery(chapterQuery(novel.id, number))
  const [shown, setShown] = useState(mostShown)
  const [block, setBlock] = useState<number>()
  const blocks = chapter.data?.blocks.filter(({ index, text }) => index > 0 && text.trim() !== '') ?? []
  if (blocks.length === 0) return null
  return (
    <details className="review-split">
      <summary>
        <Trans>Split the chapter at a paragraph</Trans>
      </summary>
      <fieldset>
        <legend className="unseen">
          <Trans>The second chapter begins with</Trans>
        </legend>
        {blocks.slice(0, shown).map(({ index, text }) => (
          <label key={index} className="review-paragraph" lang={novel.language} dir="auto">
            <input type="radio" name="block" checked={block === index} onChange={() => setBlock(index)} />
            <span>{text.length > 140 ? `${text.slice(0, 139)}…` : text}</span>
          </label>
        ))}
      </fieldset>
      {blocks.length > shown && (
        <button type="button" className="button small" onClick={() => setShown(shown + mostShown)}>
          <Trans>Show more paragraphs</Trans>
        </button>
      )}
      {block !== undefined && (
        <Remade novelId={novel.id} command={{ kind: 'split', chapterNumber: number, block }} />
      )}
      <PushButton
        className="button"
        idle={busy || block === undefined}
        aria-label={t`Split the chapter here`}
        onClick={() => block !== undefined && onSplit({ kind: 'split', chapterNumber: number, block })}
      >
        <Trans>Split here</Trans>
      </PushButton>
    </details>
  )
}
