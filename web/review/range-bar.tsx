import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import type { ChapterCommandBody } from '../../src/http/contract/review-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import { selectWords } from '../novel/selection.ts'
import { RangeForm } from './range-form.tsx'
import { selectedRange } from './review-rows.ts'
import type { Edit } from './use-edits.ts'

interface RangeBarProps {
  readonly novelId: string
  /** Number of the last chapter. */
  readonly last: number
  /** Numbers of the chapters in the list. */
  readonly order: readonly number[]
  /** Whether a search has found these. */
  readonly isSearch: boolean
  readonly selected: ReadonlySet<number>
  readonly onSelected: (selected: ReadonlySet<number>) => void
  readonly edit: Edit
}

/** What can be done to the chapters that are selected, each as one edit. */
export function RangeBar({ novelId, last, order, isSearch, selected, onSelected, edit }: RangeBarProps) {
  const { t } = useLingui()
  const [isOpen, setOpen] = useState(false)
  const range = selectedRange(selected)
  const all = order.length > 0 && order.every((number) => selected.has(number))
  const send = (command: ChapterCommandBody): void => {
    if (!edit.isPending) edit.mutate(command, { onSuccess: () => onSelected(new Set()) })
  }
  const narrate = (narrated: boolean): void =>
    send({ kind: 'narrate', chapterNumbers: [...selected].toSorted((a, b) => a - b), narrated })
  return (
    <fieldset className="range-bar" aria-label={t`Selected chapters`}>
      <label className="range-all">
        <input
          type="checkbox"
          checked={all}
          disabled={order.length === 0}
          ref={(box) => {
            if (box) box.indeterminate = selected.size > 0 && !all
          }}
          onChange={() => onSelected(selected.size > 0 ? new Set() : new Set(order))}
        />
        <span>{selectWords(selected.size, isSearch ? order.length : undefined)}</span>
      </label>
      {selected.size > 0 && (
        <>
          <PushButton className="button small" idle={edit.isPending} onClick={() => narrate(true)}>
            <Trans>Read aloud</Trans>
          </PushButton>
          <PushButton className="button small" idle={edit.isPending} onClick={() => narrate(false)}>
            <Trans>Leave out</Trans>
          </PushButton>
          <PushButton
            className="button small"
            idle={edit.isPending || !range}
            aria-describedby={range ? undefined : 'range-told'}
            onClick={() => setOpen(true)}
          >
            <Trans>Move, merge …</Trans>
          </PushButton>
          {!range && (
            <span id="range-told" className="figures">
              {t`Only chapters that follow each other can be moved or merged.`}
            </span>
          )}
        </>
      )}
      {isOpen && range && (
        <RangeForm
          novelId={novelId}
          title={plural(selected.size, { one: '# chapter', other: '# chapters' })}
          range={range}
          last={last}
          edit={edit}
          onDone={() => onSelected(new Set())}
          onClose={() => setOpen(false)}
        />
      )}
    </fieldset>
  )
}
