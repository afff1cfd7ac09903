import type { ChapterRow } from '../database/chapters.ts'
import type { ClipCounts } from '../database/tallies.ts'
import type { SegmentCounts } from '../novel/generation.ts'
import { zeroCounts, sumCounts, type ProgressCounts } from './tally-book.ts'

/** A tally with what there is to hear. */
export interface RenditionCounts extends SegmentCounts, ClipCounts {}

/** The tally of each of these chapters in a recipe, in their order. */
export async function renditionCounts(
  counts: ProgressCounts,
  recipe: string,
  chapters: readonly Pick<ChapterRow, 'id' | 'segmentCount'>[],
): Promise<RenditionCounts[]> {
  const counted = await counts.of(
    recipe,
    chapters.map(({ id }) => id),
  )
  return chapters.map(({ segmentCount }, at) => ({ ...zeroCounts, ...counted[at], total: segmentCount }))
}

/** The tally of these chapters together. Costs next to nothing when the same list was asked for before. */
export async function totalCounts(
  counts: ProgressCounts,
  recipe: string,
  chapters: readonly ChapterRow[],
): Promise<RenditionCounts> {
  let total = 0
  for (const { segmentCount } of chapters) total += segmentCount
  return { total, ...(await counts.sum(recipe, chapters)) }
}

export function sumRenditionCounts(renditions: readonly RenditionCounts[]): RenditionCounts {
  return { ...sumCounts(renditions), total: renditions.reduce((sum, { total }) => sum + total, 0) }
}
