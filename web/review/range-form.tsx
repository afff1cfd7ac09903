import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { Dialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import type { ChapterCommandBody } from '../../src/http/contract/review-contract.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { EditForm } from './edit-form.tsx'
import { Remade } from './remade.tsx'
import type { Edit } from './use-edits.ts'
import '../element/dialog.css'

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
  const [to, setTo] = useState(first)
  const [part, setPart] = useState('')
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
  const isPlace = to >= 1 && to <= furthest && to !== first
  const merge: ChapterCommandBody = { kind: 'merge', chapterNumber: first, last: range.last }
  return (
    <ModalOverlay className="veil" isDismissable isOpen onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal range-modal">
        <Dialog className="dialog">
          <Heading slot="title">{`${title} · ${first}–${range.last}`}</Heading>
          {edit.isError && <Trouble error={edit.error} />}
          {furthest > 1 && (
            <EditForm
              label={t`Place of the first of them, from 1 to ${furthest}`}
              action={t`Move`}
              busy={edit.isPending}
              onSend={isPlace ? () => send({ kind: 'move', first, last: range.last, to }) : undefined}
            >
              <input
                type="number"
                min={1}
                max={furthest}
                value={to}
                onChange={(event) => setTo(Number(event.target.value))}
              />
            </EditForm>
          )}
          <EditForm
            label={t`Part of the book; empty: none`}
            action={t`Put there`}
            busy={edit.isPending}
            onSend={() => send({ kind: 'part', first, last: range.last, part: part.trim() || null })}
          >
            <input
              type="text"
              value={part}
              maxLength={500}
              onChange={(event) => setPart(event.target.value)}
            />
          </EditForm>
          {range.last > first && (
            <section className="review-form">
              <Remade novelId={novelId} command={merge} />
              <PushButton className="button" idle={edit.isPending} onClick={() => send(merge)}>
                <Trans>Merge into one chapter</Trans>
              </PushButton>
            </section>
          )}
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>
              <Trans>Close</Trans>
            </button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
