import { Failure } from '../novel/failure.ts'
import type { Database } from '../storage/database-tables.ts'
import { chapterByNumber, type ChapterRow, countChapters } from '../storage/queries/chapter-queries.ts'
import { novelById, type NovelRow } from '../storage/queries/novel-queries.ts'

interface HasDatabase {
  readonly db: Database
}

/** Throws `novel.unknown`. */
export async function requireNovel({ db }: HasDatabase, novelId: string): Promise<NovelRow> {
  const novel = await novelById(db, novelId)
  if (!novel) throw new Failure('novel.unknown', { novelId })
  return novel
}

/** Throws `novel.unknown`, `chapter.unknown`. */
export async function requireChapter(
  context: HasDatabase,
  novelId: string,
  chapterNumber: number,
): Promise<{ novel: NovelRow; chapter: ChapterRow }> {
  const novel = await requireNovel(context, novelId)
  const chapter = await chapterByNumber(context.db, novelId, chapterNumber)
  if (!chapter) {
    const chapterCount = await countChapters(context.db, novelId)
    throw new Failure('chapter.unknown', { chapterNumber, chapterCount })
  }
  return { novel, chapter }
}
