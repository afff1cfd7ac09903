import type { ChapterRow } from '../database/chapters.ts'
import type { Tally } from '../novel/generation.ts'
import type { TallyBook } from './tally-book.ts'

/** A tally with the length of what is spoken, in AAC frames. */
export interface SpokenTally extends Tally {
  readonly frames: number
}

/** The tally of each of these chapters in a recipe, in their order. */
export async function talliesOf(
  book: TallyBook,
  recipe: string,
  chapters: readonly ChapterRow[],
): Promise<SpokenTally[]> {
  const counted = await book.of(
    recipe,
    chapters.map(({ id }) => id),
  )
  return chapters.map(({ segmentCount }, at) => ({
    total: segmentCount,
    done: counted[at]?.done ?? 0,
    setAside: counted[at]?.setAside ?? 0,
    frames: counted[at]?.frames ?? 0,
  }))
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
  const sum = { total: 0, done: 0, setAside: 0, frames: 0 }
  for (const { total, done, setAside, frames } of tallies) {
    sum.total += total
    sum.done += done
    sum.setAside += setAside
    sum.frames += frames
  }
  return sum
}
