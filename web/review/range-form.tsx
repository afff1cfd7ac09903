import { Trans, useLingui } from '@lingui/react/macro'
import type { ChapterCommandBody } from '../../src/http/contract/review-contract.ts'
import { OpenDialog } from '../element/open-dialog.tsx'
import { Trouble } from '../element/page-state.tsx'
import { MergeForm, PartForm, PlaceForm } from './place-forms.tsx'
import type { Edit } from './use-edits.ts'

interface RangeFormProps {
  readonly novelId: string
  /** How many chapters, in words. */
  readonly title: string
  readonly range: { readonly first: number; readonly last: number }
  /** Number of the last chapter of the book. */
  readonly last: number
  readonly edit: Edit
  readonly onDone: () => void
  readonly onClose: () => void
}

/** What can be done to several chapters that follow each other. Each press is one edit. */
export function RangeForm({ novelId, title, range, last, edit, onDone, onClose }: RangeFormProps) {
  const { t } = useLingui()
  const { first } = range
  const send = (command: ChapterCommandBody): void => {
    if (edit.isPending) return
    edit.mutate(command, {
      onSuccess: () => {
        onDone()
        onClose()
      },
    })
  }
  const furthest = last - (range.last - first)
  return (
    <OpenDialog title={`${title} · ${first}–${range.last}`} className="range-modal" onClose={onClose}>
      {edit.isError && <Trouble error={edit.error} />}
      {furthest > 1 && (
        <PlaceForm
          label={t`Place of the first of them, from 1 to ${furthest}`}
          range={range}
          furthest={furthest}
          busy={edit.isPending}
          onSend={send}
        />
      )}
      <PartForm label={t`Part of the book; empty: none`} range={range} busy={edit.isPending} onSend={send} />
      {range.last > first && (
        <MergeForm
          novelId={novelId}
          command={{ kind: 'merge', chapterNumber: first, last: range.last }}
          busy={edit.isPending}
          onSend={send}
        >
          <Trans>Merge into one chapter</Trans>
        </MergeForm>
      )}
    </OpenDialog>
  )
}
