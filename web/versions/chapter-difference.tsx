import { plural } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import type { ChapterDifferenceView } from '../../src/http/contract/version-contract.ts'
import { chapterWords } from './version-words.ts'

interface ChapterDifferenceProps {
  readonly chapter: ChapterDifferenceView
  readonly language: string
}

/** A chapter that does not stay as it is, with its sentences before and after. */
export function ChapterDifference({ chapter, language }: ChapterDifferenceProps) {
  const { title, number, numberBefore, changes, moreChanges } = chapter
  const head = (
    <>
      <span className="figures">{number ?? numberBefore}</span>{' '}
      <span lang={language} dir="auto">
        {title}
      </span>{' '}
      <span className="figures">· {chapterWords(chapter)}</span>
    </>
  )
  if (changes.length === 0) return <li className="version-chapter">{head}</li>
  return (
    <li className="version-chapter">
      <details>
        <summary>{head}</summary>
        <ol className="version-changes">
          {changes.map(({ before, after }, at) => (
            <li key={at} lang={language} dir="auto">
              {before.length > 0 && <Sentences of="before" sentences={before} />}
              {after.length > 0 && <Sentences of="after" sentences={after} />}
            </li>
          ))}
        </ol>
        {moreChanges > 0 && (
          <p className="figures">
            {plural(moreChanges, { one: 'And # more change.', other: 'And # more changes.' })}
          </p>
        )}
      </details>
    </li>
  )
}

function Sentences({
  of,
  sentences,
}: {
  readonly of: 'before' | 'after'
  readonly sentences: readonly string[]
}) {
  const Sign = of === 'before' ? 'del' : 'ins'
  return (
    <p className={`version-${of}`}>
      <span className="unseen">{of === 'before' ? <Trans>Before:</Trans> : <Trans>After:</Trans>} </span>
      <Sign>{sentences.join(' ')}</Sign>
    </p>
  )
}
