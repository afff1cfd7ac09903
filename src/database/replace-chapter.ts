import type { SegmentsChange } from '../novel/segment.ts'
import type { StoredChapter } from '../novel/written-chapter.ts'
import type { ChapterRow } from './chapters.ts'
import type { Database } from './tables.ts'
import { moveHeard } from './heard.ts'
import { insertChapter } from './novels.ts'
import { movePosition } from './positions.ts'

/** `being-spoken`: a generation that is not over has the chapter; `gone`: another took its place, or its novel went. */
type ReplaceOutcome = 'replaced' | 'being-spoken' | 'gone'

/**
 * Puts a chapter in the place of another, under an id of its own, so that nothing that was kept of the old one is ever
 * taken for the new one's; where listeners are and what they heard moves with its segments. Changes all of it or
 * nothing. Generations that are over and had no other chapter go with it; clips stay, for they belong to their words.
 */
export async function replaceChapter(
  db: Database,
  { id, novelId, number }: Pick<ChapterRow, 'id' | 'novelId' | 'number'>,
  chapter: StoredChapter,
  change: SegmentsChange,
): Promise<ReplaceOutcome> {
  return db.transaction().execute(async (commit) => {
    const now = await commit.selectFrom('chapters').select('narrated').where('id', '=', id).executeTakeFirst()
    if (now === undefined) return 'gone'
    const asked = await commit
      .selectFrom('generations')
      .innerJoin('generationChapters', 'generationId', 'generations.id')
      .select(['generations.id', 'wish', 'completedAt'])
      .where('chapterId', '=', id)
      .execute()
    if (asked.some(({ wish, completedAt }) => completedAt === null && wish !== 'cancelled'))
      return 'being-spoken'
    await commit.deleteFrom('chapters').where('id', '=', id).execute()
    await insertChapter(commit, novelId, number, { ...chapter, narrated: now.narrated === 1 }, new Map())
    await moveHeard(commit, novelId, number, change)
    await movePosition(commit, novelId, number, change)
    for (const generation of asked) {
      const left = await commit
        .selectFrom('generationChapters')
        .select('chapterId')
        .where('generationId', '=', generation.id)
        .executeTakeFirst()
      if (left === undefined) await commit.deleteFrom('generations').where('id', '=', generation.id).execute()
    }
    return 'replaced'
  })
}
