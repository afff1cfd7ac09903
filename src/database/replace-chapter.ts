import type { WrittenChapter } from '../novel/written-chapter.ts'
import type { ChapterRow } from './chapters.ts'
import type { Database } from './database.ts'
import { insertChapter } from './novels.ts'

/**
 * Puts a chapter in the place of another, under an id of its own, so that nothing that was kept of the old one is ever
 * taken for the new one's. False if a generation that is not over has the old one: then nothing is changed. Generations
 * that are over and had no other chapter go with it; clips stay, for they belong to their words.
 */
export async function replaceChapter(
  db: Database,
  { id, novelId, number, narrated }: ChapterRow,
  chapter: WrittenChapter,
): Promise<boolean> {
  return db.transaction().execute(async (commit) => {
    const asked = await commit
      .selectFrom('generations')
      .innerJoin('generationChapters', 'generationId', 'generations.id')
      .select(['generations.id', 'wish', 'completedAt'])
      .where('chapterId', '=', id)
      .execute()
    if (asked.some(({ wish, completedAt }) => completedAt === null && wish !== 'cancelled')) return false
    await commit.deleteFrom('chapters').where('id', '=', id).execute()
    await insertChapter(commit, novelId, number, { ...chapter, narrated: narrated === 1 }, new Map())
    for (const generation of asked) {
      const left = await commit
        .selectFrom('generationChapters')
        .select('chapterId')
        .where('generationId', '=', generation.id)
        .executeTakeFirst()
      if (left === undefined) await commit.deleteFrom('generations').where('id', '=', generation.id).execute()
    }
    return true
  })
}
