import { chapterText, segmentsOf } from '../database/chapters.ts'
import type { Database } from '../database/tables.ts'
import { type SectionMark, sectionMarks } from '../novel/mark.ts'

/** The marks of a chapter that is spoken in these clips, one of each segment. */
export async function readChapterMarks(
  db: Database,
  { id, title }: { readonly id: number; readonly title: string },
  clips: readonly { readonly frames: number }[],
): Promise<SectionMark[]> {
  const { blocks } = await chapterText(db, id)
  const segments = await segmentsOf(db, id)
  return sectionMarks({ title, blocks, segments, lengths: clips.map(({ frames }) => frames) })
}
