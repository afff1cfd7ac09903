import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { CircleMinus, CirclePlus, Pencil } from 'lucide-react'
import type { CSSProperties } from 'react'
import { Link } from 'wouter'
import type { ReviewedChapter } from '../../src/http/contract/review-contract.ts'
import { reasonWords } from './edit-words.ts'

interface ReviewRowProps {
  readonly novelId: string
  readonly language: string
  readonly chapter: ReviewedChapter
  readonly count: number
  readonly busy: boolean
  /** Its part stands above it. */
  readonly parted: boolean
  readonly selected: boolean
  /** `range`: all between this one and the last that was pressed. */
  readonly onSelect: (number: number, on: boolean, range: boolean) => void
  /** To the next box, or the one before; both and all in between are selected. */
  readonly onStep: (step: -1 | 1) => void
  readonly onNarrate: () => void
  readonly onChange: () => void
  readonly style: CSSProperties
}

/** A chapter: its name, first words and length, and why it is read or not. */
export function ReviewRow({ novelId, language, chapter, count, ...rest }: ReviewRowProps) {
  const { t } = useLingui()
  const { number, title, part, narrated, characters, firstWords } = chapter
  const name = title || t`Without a title`
  return (
    <li
      className="review-row"
      aria-setsize={count}
      aria-posinset={number}
      data-narrated={narrated}
      data-number={number}
      data-selected={rest.selected}
      data-parted={rest.parted}
      style={rest.style}
    >
      <label className="review-select">
        <input
          type="checkbox"
          aria-label={t`Select chapter ${number}, ${name}`}
          checked={rest.selected}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined
            if (!event.shiftKey || step === undefined) return
            event.preventDefault()
            rest.onStep(step)
          }}
          onChange={(event) =>
            rest.onSelect(number, !rest.selected, (event.nativeEvent as MouseEvent).shiftKey)
          }
        />
      </label>
      <span className="figures review-number">{number}</span>
      <div className="review-words">
        <p className="review-title" lang={language}>
          <Link href={`/novels/${novelId}/chapters/${number}`} className="plain">
            {name}
          </Link>
          {part && <span className="soft"> · {part}</span>}
        </p>
        <p className="review-first" lang={language}>
          {firstWords}
        </p>
        <p className="figures">
          {reasonWords(chapter)} · {plural(characters, { one: '# character', other: '# characters' })}
        </p>
      </div>
      <button
        type="button"
        className="icon-button"
        disabled={chapter.segments === 0}
        aria-label={narrated ? t`Leave out: ${name}` : t`Read aloud: ${name}`}
        onClick={() => !rest.busy && rest.onNarrate()}
      >
        {narrated ? (
          <CircleMinus size={18} aria-hidden="true" />
        ) : (
          <CirclePlus size={18} aria-hidden="true" />
        )}
      </button>
      <button
        type="button"
        className="button small review-change"
        aria-label={t`Change ${name}`}
        onClick={rest.onChange}
      >
        <Pencil size={16} aria-hidden="true" />{' '}
        <span>
          <Trans>Change</Trans>
        </span>
      </button>
    </li>
  )
}
