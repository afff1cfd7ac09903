import type { ReviewedChapter } from '../../src/http/contract/review-contract.ts'
import { foldText } from '../element/fold-text.ts'
import { isWithin, numberRanges } from '../novel/number-ranges.ts'

/** Neighbouring chapters of one part of the book, or of none. */
export interface PartRun {
  readonly title: string | undefined
  readonly first: number
  readonly last: number
}

export type ReviewRowModel =
  | { readonly kind: 'part'; readonly run: PartRun & { readonly title: string } }
  | { readonly kind: 'chapter'; readonly chapter: ReviewedChapter }

/** The parts of a book, in order; what stands in none is between them. */
export function partRuns(chapters: readonly ReviewedChapter[]): readonly PartRun[] {
  const runs: PartRun[] = []
  for (const { number, part } of chapters) {
    const run = runs.at(-1)
    if (run && run.title === part) runs[runs.length - 1] = { ...run, last: number }
    else runs.push({ title: part, first: number, last: number })
  }
  return runs
}

/**
 * The chapters with a row above each part. A search finds titles and parts without accents, single numbers and ranges
 * (`3-7, 12`); then there are no rows of parts, since these are not whole.
 */
export function reviewRows(chapters: readonly ReviewedChapter[], search: string): readonly ReviewRowModel[] {
  const wanted = foldText(search)
  if (wanted === '') {
    const parts = new Map(partRuns(chapters).map((run) => [run.first, run]))
    return chapters.flatMap((chapter): ReviewRowModel[] => {
      const run = parts.get(chapter.number)
      const row: ReviewRowModel = { kind: 'chapter', chapter }
      return run?.title === undefined ? [row] : [{ kind: 'part', run: { ...run, title: run.title } }, row]
    })
  }
  const ranges = numberRanges(wanted)
  return chapters
    .filter(({ number, title, part = '' }) =>
      ranges
        ? isWithin(number, ranges)
        : String(number) === wanted || foldText(`${part} ${title}`).includes(wanted),
    )
    .map((chapter) => ({ kind: 'chapter', chapter }))
}

/** The range that is selected; `undefined`: nothing is, or other chapters stand between. */
export function selectedRange(
  selected: ReadonlySet<number>,
): { readonly first: number; readonly last: number } | undefined {
  if (selected.size === 0) return undefined
  const [first, last] = [Math.min(...selected), Math.max(...selected)]
  return last - first + 1 === selected.size ? { first, last } : undefined
}

/** Where the first chapter of a part stands when the part has changed places with its neighbour; `undefined`: it has none. */
export function placeBeside(runs: readonly PartRun[], first: number, step: -1 | 1): number | undefined {
  const at = runs.findIndex((run) => run.first === first)
  const [own, other] = [runs[at], runs[at + step]]
  if (!own || !other) return undefined
  return step < 0 ? other.first : own.first + other.last - other.first + 1
}
