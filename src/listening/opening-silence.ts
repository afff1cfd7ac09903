import { leadSamples } from '../audio/clip.ts'
import type { Database } from '../database/tables.ts'
import { recipeByHash } from '../database/recipes.ts'
import { sampleRate } from '../novel/clip.ts'
import type { Segment } from '../novel/segment.ts'
import type { Rendition } from './rendition.ts'

/** Seconds of silence at the beginning of a chapter's first clip; 0 of novels that were begun before there was any. */
export async function openingSilenceSeconds(
  db: Database,
  { recipe }: Pick<Rendition, 'recipe'>,
  first: Pick<Segment, 'opening'> | undefined,
): Promise<number> {
  const opening = first?.opening && (await recipeByHash(db, recipe))?.recipe.pauses.opening
  return opening === undefined ? 0 : leadSamples(opening) / sampleRate
}
