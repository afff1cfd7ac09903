import { type ChapterRow, storedChapterText } from '../database/chapters.ts'
import { replaceChapter } from '../database/replace-chapter.ts'
import { restoreSkipInWorker } from '../library/restore-skip.ts'
import { Failure } from '../novel/failure.ts'
import type { Application } from './studio.ts'

/**
 * Takes a skipped text into its chapter, to be spoken with it; only its own segments are new. Throws `skip.unknown`, also
 * if the chapter was changed meanwhile, whose skips are others then, and `chapter.being-spoken` while somebody waits for
 * the chapter as it is.
 */
export async function restoreSkippedText(
  { db, folder, requestMutex }: Pick<Application, 'db' | 'folder' | 'requestMutex'>,
  chapter: ChapterRow,
  language: string,
  index: number,
): Promise<void> {
  const text = await storedChapterText(db, chapter.id)
  if (text === undefined) throw new Failure('skip.unknown', { index })
  const { title, part, matter, number } = chapter
  const { wordList } = folder
  const restored = await restoreSkipInWorker({ title, part, matter, text, index, language, words: wordList })
  if (restored === undefined) throw new Failure('skip.unknown', { index })
  const { written, change } = restored
  // A request that has chosen this chapter is written down first, and then it is being spoken.
  const outcome = await requestMutex.run(() => replaceChapter(db, chapter, written, change))
  if (outcome === 'gone') throw new Failure('skip.unknown', { index })
  if (outcome === 'being-spoken') throw new Failure('chapter.being-spoken', { chapterNumber: number })
}
