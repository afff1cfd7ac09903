import { useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import type { ChapterCommandBody } from '../../src/http/contract/review-contract.ts'
import { PushButton } from '../element/push-button.tsx'
import { EditForm } from './edit-form.tsx'
import { Remade } from './remade.tsx'

interface ChapterRangeProps {
  /** Numbers of chapters that follow each other; of one the same. */
  readonly range: { readonly first: number; readonly last: number }
  readonly busy: boolean
  readonly onSend: (command: ChapterCommandBody) => void
}

interface PlaceFormProps extends ChapterRangeProps {
  readonly label: string
  /** The last place that the first of them can have. */
  readonly furthest: number
}

/** Where chapters are moved to. */
export function PlaceForm({ range: { first, last }, label, furthest, busy, onSend }: PlaceFormProps) {
  const { t } = useLingui()
  const [to, setTo] = useState(first)
  const isPlace = to >= 1 && to <= furthest && to !== first
  return (
    <EditForm
      label={label}
      action={t`Move`}
      busy={busy}
      onSend={isPlace ? () => onSend({ kind: 'move', first, last, to }) : undefined}
    >
      <input
        type="number"
        min={1}
        max={furthest}
        value={to}
        onChange={(event) => setTo(Number(event.target.value))}
      />
    </EditForm>
  )
}

interface PartFormProps extends ChapterRangeProps {
  readonly label: string
  /** The part that they are in, which is nothing new; left out: any can be sent. */
  readonly now?: string
}

/** Which part of the book chapters belong to. */
export function PartForm({ range: { first, last }, label, now, busy, onSend }: PartFormProps) {
  const { t } = useLingui()
  const [part, setPart] = useState(now ?? '')
  const wanted = part.trim()
  return (
    <EditForm
      label={label}
      action={t`Put there`}
      busy={busy}
      onSend={wanted === now ? undefined : () => onSend({ kind: 'part', first, last, part: wanted || null })}
    >
      <input type="text" value={part} maxLength={500} onChange={(event) => setPart(event.target.value)} />
    </EditForm>
  )
}

interface MergeFormProps {
  readonly novelId: string
  readonly command: ChapterCommandBody
  readonly busy: boolean
  readonly onSend: (command: ChapterCommandBody) => void
  readonly children: ReactNode
}

/** Makes one chapter of several, with what that costs. */
export function MergeForm({ novelId, command, busy, onSend, children }: MergeFormProps) {
  return (
    <section className="review-form">
      <Remade novelId={novelId} command={command} />
      <PushButton className="button" idle={busy} onClick={() => onSend(command)}>
        {children}
      </PushButton>
    </section>
  )
}
