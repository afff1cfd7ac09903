import type { Selectable } from 'kysely'
import type { Block, Skip } from '../novel/block.ts'
import type { Edit, Segment } from '../novel/segment.ts'
import type { Database } from './database.ts'
import { bytes, hex } from './hash.ts'
import type { Tables } from './tables.ts'

export type ChapterRow = Selectable<Tables['chapters']>

export async function chaptersOf(db: Database, novelId: string): Promise<ChapterRow[]> {
  return db.selectFrom('chapters').selectAll().where('novelId', '=', novelId).orderBy('number').execute()
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
    .selectAll()
    .where('chapterId', '=', chapterId)
    .executeTakeFirstOrThrow()
  return { blocks: JSON.parse(row.blocks) as Block[], skips: JSON.parse(row.skips) as Skip[] }
}

export interface StoredSegment extends Segment {
  readonly index: number
  /** Hex. */
  readonly words: string
}

export async function segmentsOf(db: Database, chapterId: number): Promise<StoredSegment[]> {
  const rows = await db
    .selectFrom('segments')
    .selectAll()
    .where('chapterId', '=', chapterId)
    .orderBy('idx')
    .execute()
  return rows.map((row) => ({
    index: row.idx,
    block: row.block,
    start: row.start,
    end: row.end,
    spoken: row.spoken,
    edits: row.edits === null ? [] : (JSON.parse(row.edits) as Edit[]),
    pause: row.pause,
    words: hex(row.words),
  }))
}

export async function setNarrated(db: Database, chapterId: number, narrated: boolean): Promise<void> {
  await db
    .updateTable('chapters')
    .set({ narrated: narrated ? 1 : 0 })
    .where('id', '=', chapterId)
    .execute()
}

/** How often these words stand in which chapters, over all novels. */
export async function chaptersWithWords(
  db: Database,
  words: string,
): Promise<{ chapterId: number; times: number }[]> {
  return db
    .selectFrom('segments')
    .select(({ fn }) => ['chapterId', fn.countAll<number>().as('times')])
    .where('words', '=', bytes(words))
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
