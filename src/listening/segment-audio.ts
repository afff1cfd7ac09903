import { adtsPayload } from '../audio/adts.ts'
import { fragment } from '../audio/fragment.ts'
import { segmentsOf } from '../database/chapters.ts'
import { clipLengths, getClip } from '../database/clips.ts'
import type { Application } from '../generation/studio.ts'
import { frameSamples } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import { discardClip } from './lose-clip.ts'
import { textHash } from '../novel/recipe.ts'
import type { Rendition } from './rendition.ts'

/**
 * A segment as one movie fragment for Media Source players. Its decode time is where it stands in the chapter if all
 * before it is spoken; otherwise it counts from the first segment of the unbroken run that it belongs to, and the
 * player sets its own offset. Throws `segment.unknown`, `segment.unspoken`.
 */
export async function segmentFragment(
  studio: Application,
  { chapter, recipe }: Rendition,
  index: number,
): Promise<Uint8Array> {
  const segment = (await segmentsOf(studio.db, chapter.id))[index]
  if (!segment) throw new Failure('segment.unknown', { index, last: chapter.segmentCount - 1 })
  const key = { recipe, words: textHash(segment.spoken, segment.pause, segment.opening) }
  const clip = await getClip(studio.db, key)
  if (clip === 'damaged') await discardClip(studio, key)
  if (clip === undefined || clip === 'damaged') throw new Failure('segment.unspoken')
  const lengths = await clipLengths(studio.db, chapter.id, recipe)
  let frames = 0
  for (let previous = index - 1; previous >= 0; previous--) {
    const length = lengths[previous]
    if (length === undefined) break
    frames += length
  }
  return fragment(index + 1, frames * frameSamples, adtsPayload(clip.adts, clip.frameSizes), clip.frameSizes)
}
