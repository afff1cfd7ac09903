import { setImmediate as breathe } from 'node:timers/promises'
import { type ChapterRow, chapterText, segmentsOf } from '../database/chapters.ts'
import { replaceChapter } from '../database/replace-chapter.ts'
import { Failure } from '../novel/failure.ts'
import { writeChapter } from '../novel/written-chapter.ts'
import { restoreSkip } from '../segmenter/restore-skip.ts'
import type { Studio } from './studio.ts'

/**
 * Takes a skipped text into its chapter, to be spoken with it; only its own segments are new. Throws `skip.unknown`, and
 * `chapter.being-spoken` while somebody waits for the chapter as it is.
 */
export async function takeInSkip(
  { db }: Studio,
  chapter: ChapterRow,
  language: string,
  index: number,
): Promise<void> {
  const text = await chapterText(db, chapter.id)
  const before = { ...text, segments: await segmentsOf(db, chapter.id) }
  const after = await restoreSkip(before, index, language, breathe)
  if (after === undefined) throw new Failure('skip.unknown', { index })
  const { title, part, matter, number } = chapter
  const { blocks, skips, segments } = after
  const written = writeChapter(
    { title, ...(part !== null && { part }), matter, blocks, skips },
    { segments, skips },
  )
  if (!(await replaceChapter(db, chapter, written)))
    throw new Failure('chapter.being-spoken', { chapterNumber: number })
}
