import type { ChapterListed, Novel } from '../../src/http/contract/novel-contract.ts'
import type { KeptChapter } from './offline-database.ts'

/** How many chapters the rule keeps ahead of the listener where nobody said another number. */
export const usualAhead = 10

interface Change {
  /** Numbers of chapters that are to be kept, in reading order. */
  readonly add: readonly number[]
  /** Of those that the rule kept and nobody needs any more. */
  readonly remove: readonly number[]
}

/**
 * What the rule *the next N, always* changes: the chapter in which the listener is, if it is not heard to its end, and the
 * N narrated chapters after it are kept. What it kept before them is let go; what was kept by hand stays. `ahead`: N, 0
 * without the rule.
 */
export function keepAhead(
  ahead: number,
  position: Pick<NonNullable<Novel['position']>, 'chapterNumber'> | undefined,
  chapters: readonly ChapterListed[],
  kept: readonly Pick<KeptChapter, 'number' | 'byHand'>[],
): Change {
  const place = position?.chapterNumber ?? 0
  const read = chapters.filter(({ narrated, segmentsTotal }) => narrated && segmentsTotal > 0)
  const here = read.filter(({ number, finished }) => number === place && !finished)
  const next = read.filter(({ number }) => number > place).slice(0, ahead)
  const wanted = ahead > 0 ? [...here, ...next].map(({ number }) => number) : []
  const known = new Set(kept.map(({ number }) => number))
  return {
    add: wanted.filter((number) => !known.has(number)),
    remove: kept
      .filter(({ number, byHand }) => !byHand && !wanted.includes(number))
      .map(({ number }) => number),
  }
}
