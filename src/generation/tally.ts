import type { ChapterRow } from '../database/chapters.ts'
import type { CountedClips } from '../database/tallies.ts'
import type { Tally } from '../novel/generation.ts'
import { nothing, sumCounts, type TallyBook } from './tally-book.ts'

/** A tally with what there is to hear. */
export interface SpokenTally extends Tally, CountedClips {}

/** The tally of each of these chapters in a recipe, in their order. */
export async function talliesOf(
  book: TallyBook,
  recipe: string,
  chapters: readonly Pick<ChapterRow, 'id' | 'segmentCount'>[],
): Promise<SpokenTally[]> {
  const counted = await book.of(
    recipe,
    chapters.map(({ id }) => id),
  )
  return chapters.map(({ segmentCount }, at) => ({ ...nothing, ...counted[at], total: segmentCount }))
}

/** The tally of these chapters together. Costs next to nothing when the same list was asked for before. */
export async function tallyOf(
  book: TallyBook,
  recipe: string,
  chapters: readonly ChapterRow[],
): Promise<SpokenTally> {
  let total = 0
  for (const { segmentCount } of chapters) total += segmentCount
  return { total, ...(await book.sum(recipe, chapters)) }
}

export function sumTallies(tallies: readonly SpokenTally[]): SpokenTally {
  return { ...sumCounts(tallies), total: tallies.reduce((sum, { total }) => sum + total, 0) }
}
