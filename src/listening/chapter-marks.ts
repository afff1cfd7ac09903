import { clipsInOrder } from '../database/clips.ts'
import { readChapterMarks } from '../generation/read-marks.ts'
import type { Application } from '../generation/studio.ts'
import type { SectionMark } from '../novel/mark.ts'
import { type Rendition, requireComplete } from './rendition.ts'

/** The marks of a finished chapter. Throws `audio.none`, `audio.unfinished`. */
export async function chapterMarks(studio: Application, rendition: Rendition): Promise<SectionMark[]> {
  requireComplete(studio, rendition)
  const { chapter, recipe } = rendition
  const { db } = studio
  return readChapterMarks(db, chapter, await clipsInOrder(db, chapter.id, recipe))
}
