import type { Selectable } from 'kysely'
import type { Block, Skip } from '../../novel/novel.ts'
import type { Segment, SegmentsChange } from '../../novel/segment.ts'
import type { StoredChapter } from '../../novel/stored-chapter.ts'
import type { Database, Tables } from '../database-tables.ts'
import { hashToBytes, parseStoredJson } from './column-values.ts'
import { insertChapter } from './novel-queries.ts'
import { moveHeard, movePosition } from './playback-queries.ts'

export type ChapterRow = Selectable<Tables['chapters']>

export async function chaptersOf(db: Database, novelId: string): Promise<ChapterRow[]> {
  return db.selectFrom('chapters').selectAll().where('novelId', '=', novelId).orderBy('number').execute()
}

/** What of a chapter is needed to count it. */
export type ChapterSize = Pick<ChapterRow, 'id' | 'number' | 'segmentCount' | 'narrated'>

export async function chapterSizes(db: Database, novelId: string): Promise<ChapterSize[]> {
  return db
    .selectFrom('chapters')
    .select(['id', 'number', 'segmentCount', 'narrated'])
    .where('novelId', '=', novelId)
    .orderBy('number')
    .execute()
}

/** Those from one number to another, both included: for few of them, far cheaper than all. */
export async function chaptersBetween(
  db: Database,
  novelId: string,
  [first, last]: readonly [first: number, last: number],
): Promise<ChapterRow[]> {
  return db
    .selectFrom('chapters')
    .selectAll()
    .where('novelId', '=', novelId)
    .where('number', '>=', first)
    .where('number', '<=', last)
    .orderBy('number')
    .execute()
}

export async function chapterByNumber(
  db: Database,
  novelId: string,
  number: number,
): Promise<ChapterRow | undefined> {
  return db
    .selectFrom('chapters')
    .selectAll()
    .where('novelId', '=', novelId)
    .where('number', '=', number)
    .executeTakeFirst()
}

export async function chapterText(
  db: Database,
  chapterId: number,
): Promise<{ blocks: readonly Block[]; skips: readonly Skip[] }> {
  const row = await db
    .selectFrom('chapterTexts')
    .select(['blocks', 'skips'])
    .where('chapterId', '=', chapterId)
    .executeTakeFirstOrThrow()
  return { blocks: parseStoredJson(row.blocks) as Block[], skips: parseStoredJson(row.skips) as Skip[] }
}

/** A chapter's segments, in order. */
export async function segmentsOf(db: Database, chapterId: number): Promise<Segment[]> {
  const row = await db
    .selectFrom('chapterTexts')
    .select('segments')
    .where('chapterId', '=', chapterId)
    .executeTakeFirst()
  return row ? (parseStoredJson(row.segments) as Segment[]) : []
}

/** A chapter's text as it is kept, for who hands it on: JSON of blocks and of segments. */
export async function storedBlocksAndSegments(
  db: Database,
  chapterId: number,
): Promise<{ readonly blocks: string; readonly segments: string }> {
  return db
    .selectFrom('chapterTexts')
    .select(['blocks', 'segments'])
    .where('chapterId', '=', chapterId)
    .executeTakeFirstOrThrow()
}

/** All of a chapter's text as it is kept: JSON. `undefined` if another took the chapter's place. */
export async function storedChapterText(
  db: Database,
  chapterId: number,
): Promise<Pick<Tables['chapterTexts'], 'blocks' | 'skips' | 'segments'> | undefined> {
  return db
    .selectFrom('chapterTexts')
    .select(['blocks', 'skips', 'segments'])
    .where('chapterId', '=', chapterId)
    .executeTakeFirst()
}

export async function setNarrated(db: Database, chapterId: number, narrated: boolean): Promise<void> {
  await db
    .updateTable('chapters')
    .set({ narrated: narrated ? 1 : 0 })
    .where('id', '=', chapterId)
    .execute()
}

/** How often these words stand in which chapters, over all novels. */
export async function chaptersWithText(
  db: Database,
  textHash: string,
): Promise<{ chapterId: number; times: number }[]> {
  return db
    .selectFrom('segments')
    .select(({ fn }) => ['chapterId', fn.countAll<number>().as('times')])
    .where('words', '=', hashToBytes(textHash))
    .groupBy('chapterId')
    .execute()
}

/** The chapters that a generation asks for, in reading order. */
export async function chaptersByGeneration(db: Database, generationId: string): Promise<ChapterRow[]> {
  return db
    .selectFrom('generationChapters')
    .innerJoin('chapters', 'chapters.id', 'chapterId')
    .selectAll('chapters')
    .where('generationId', '=', generationId)
    .orderBy('number')
    .execute()
}

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
