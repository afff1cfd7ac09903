import { clipsInOrder } from '../database/clips.ts'
import { readMarks } from '../generation/read-marks.ts'
import type { Studio } from '../generation/studio.ts'
import type { Mark } from '../novel/mark.ts'
import { type Rendition, requireComplete } from './rendition.ts'

/** The marks of a finished chapter. Throws `audio.none`, `audio.unfinished`. */
export async function chapterMarks(studio: Studio, rendition: Rendition): Promise<Mark[]> {
  requireComplete(studio, rendition)
  const { chapter, recipe } = rendition
  const { db } = studio
  return readMarks(db, chapter, await clipsInOrder(db, chapter.id, recipe))
}
