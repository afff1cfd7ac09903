import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { CSSProperties } from 'react'
import { PushButton } from '../element/push-button.tsx'
import type { PartRun } from './review-rows.ts'

interface PartRowProps {
  readonly language: string
  readonly run: PartRun & { readonly title: string }
  readonly isSelected: boolean
  readonly onSelect: (on: boolean) => void
  /** Moves it before or behind what stands beside it; `undefined`: nothing does. */
  readonly onUp: (() => void) | undefined
  readonly onDown: (() => void) | undefined
  readonly style: CSSProperties
}

/** A part of the book: all of its chapters can be selected or moved at once. */
export function PartRow({ language, run, isSelected, onSelect, onUp, onDown, style }: PartRowProps) {
  const { t } = useLingui()
  const { title, first, last } = run
  return (
    <li className="review-row review-part" style={style}>
      <label className="review-select">
        <input
          type="checkbox"
          aria-label={t`Select the part ${title}`}
          checked={isSelected}
          onChange={() => onSelect(!isSelected)}
        />
      </label>
      <h2 className="review-words" lang={language}>
        {title}
      </h2>
      <span className="figures">{plural(last - first + 1, { one: '# chapter', other: '# chapters' })}</span>
      <PushButton
        className="icon-button"
        idle={!onUp}
        aria-label={t`Move the part ${title} up`}
        onClick={onUp}
      >
        <ArrowUp size={18} aria-hidden="true" />
      </PushButton>
      <PushButton
        className="icon-button"
        idle={!onDown}
        aria-label={t`Move the part ${title} down`}
        onClick={onDown}
      >
        <ArrowDown size={18} aria-hidden="true" />
      </PushButton>
    </li>
  )
}
