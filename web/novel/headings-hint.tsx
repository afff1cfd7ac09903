import { plural } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Link } from 'wouter'
import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { hasHeadingRules } from './has-heading-rules.ts'

interface HeadingsHintProps {
  readonly novel: Pick<Novel, 'id' | 'report'>
  readonly chapters: number
  readonly characters: number
}

/** A single chapter that is longer than most novels' are. */
const longChapter = 100_000
/** So many chapters of less than a page each are rather lines that look like headings. */
const [manyChapters, shortChapter] = [40, 400]

/** Of a plain text whose chapters are hardly those of the book: where that can be mended. */
export function HeadingsHint({ novel, chapters, characters }: HeadingsHintProps) {
  const { id } = novel
  const isOne = chapters === 1 && characters >= longChapter
  const isMany = chapters >= manyChapters && characters / chapters < shortChapter
  if (!hasHeadingRules(novel) || (!isOne && !isMany)) return null
  const size = plural(characters, { one: '# character', other: '# characters' })
  const count = plural(chapters, { one: '# chapter', other: '# chapters' })
  return (
    <p className="headings-hint">
      {isOne ? (
        <Trans>
          The whole book is one chapter of {size}.{' '}
          <Link href={`/novels/${id}/headings`}>Choose where chapters begin</Link>
        </Trans>
      ) : (
        <Trans>
          The book has {count} of a few lines each.{' '}
          <Link href={`/novels/${id}/headings`}>Choose where chapters begin</Link>
        </Trans>
      )}
    </p>
  )
}
