import { type Selectable, sql } from 'kysely'
import type { Block, Skip } from '../../novel/novel.ts'
import type { Segment } from '../../novel/segment.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { bytesToHash, hashToBytes, parseStoredJson } from './column-values.ts'

export type ChapterRow = Selectable<Tables['chapters']>

export async function chaptersOf(db: Database, novelId: string): Promise<ChapterRow[]> {
  return db.selectFrom('chapters').selectAll().where('novelId', '=', novelId).orderBy('number').execute()
}

/** The columns that figures of a novel need. */
export type ChapterSize = Pick<ChapterRow, 'id' | 'number' | 'segmentCount' | 'narrated' | 'characters'>

export async function chapterSizes(db: Database, novelId: string): Promise<readonly ChapterSize[]> {
  const [sizes] = await chapterSizesOf(db, [novelId])
  return sizes!
}

/** Those of several novels, in their order; one statement. */
export async function chapterSizesOf(
  db: Database,
  novelIds: readonly string[],
): Promise<readonly (readonly ChapterSize[])[]> {
  if (novelIds.length === 0) return []
  const rows = await db
    .selectFrom('chapters')
    .select(['novelId', 'id', 'number', 'segmentCount', 'narrated', 'characters'])
    .where('novelId', 'in', novelIds)
    .orderBy('novelId')
    .orderBy('number')
    .execute()
  const byNovel = Map.groupBy(rows, ({ novelId }) => novelId)
  return novelIds.map((id) => byNovel.get(id) ?? [])
}

/** From 1, among the chapters of the story. */
export async function placeInStory(
  db: Database,
  { novelId, number }: Pick<ChapterRow, 'novelId' | 'number'>,
): Promise<number> {
  const { place } = await db
    .selectFrom('chapters')
    .select(({ fn }) => fn.countAll<number>().as('place'))
    .where('novelId', '=', novelId)
    .where('matter', '=', 'body')
    .where('number', '<=', number)
    .executeTakeFirstOrThrow()
  return place
}

/** How many chapters a novel has; edits make it another than the import report's. */
export async function countChapters(db: Database, novelId: string): Promise<number> {
  const { chapters } = await db
    .selectFrom('chapters')
    .select(({ fn }) => fn.countAll<number>().as('chapters'))
    .where('novelId', '=', novelId)
    .executeTakeFirstOrThrow()
  return chapters
}

/** The titles of a novel's chapters, by number. */
export async function chapterTitles(db: Database, novelId: string): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('chapters')
    .select(['number', 'title'])
    .where('novelId', '=', novelId)
    .execute()
  return new Map(rows.map(({ number, title }) => [number, title]))
}

/** The chapters numbered `first` to `last`, both included. Far cheaper than reading all. */
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

/** Reads, of a novel's chapters, what a search through all of them needs. */
export async function chaptersToSearch(
  db: Database,
  novelId: string,
): Promise<Pick<ChapterRow, 'id' | 'number' | 'title' | 'characters'>[]> {
  return db
    .selectFrom('chapters')
    .select(['id', 'number', 'title', 'characters'])
    .where('novelId', '=', novelId)
    .orderBy('number')
    .execute()
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

/** What was left out of a chapter; nothing if the chapter was replaced. */
export async function skipsOf(db: Database, chapterId: number): Promise<readonly Skip[]> {
  const row = await db
    .selectFrom('chapterTexts')
    .select('skips')
    .where('chapterId', '=', chapterId)
    .executeTakeFirst()
  return row ? (parseStoredJson(row.skips) as Skip[]) : []
}

/** The blocks of chapters as stored JSON, by chapter id; without those that were replaced. */
export async function storedBlocks(
  db: Database,
  chapterIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await db
    .selectFrom('chapterTexts')
    .select(['chapterId', 'blocks'])
    .where('chapterId', 'in', chapterIds)
    .execute()
  return new Map(rows.map(({ chapterId, blocks }) => [chapterId, blocks]))
}

/** Blocks and skips of chapters as stored JSON, by chapter id; without those that were replaced. */
export async function storedTexts(
  db: Database,
  chapterIds: readonly number[],
): Promise<ReadonlyMap<number, { readonly blocks: string; readonly skips: string }>> {
  const rows = await db
    .selectFrom('chapterTexts')
    .select(['chapterId', 'blocks', 'skips'])
    .where('chapterId', 'in', chapterIds)
    .execute()
  return new Map(rows.map(({ chapterId, ...text }) => [chapterId, text]))
}

/** A chapter's segments, in order; empty if the chapter was replaced. */
export async function segmentsOf(db: Database, chapterId: number): Promise<Segment[]> {
  const row = await db
    .selectFrom('chapterTexts')
    .select('segments')
    .where('chapterId', '=', chapterId)
    .executeTakeFirst()
  return row ? (parseStoredJson(row.segments) as Segment[]) : []
}

/** A chapter's text as stored JSON; `undefined` if the chapter was replaced. */
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

/** The text hashes of all segments of these chapters. */
export async function textHashesOf(db: Database, chapterIds: readonly number[]): Promise<string[]> {
  const rows = await db
    .selectFrom('segments')
    .select('words')
    .distinct()
    .where('chapterId', 'in', sql<number>`(SELECT value FROM ${sqlDialect(db).numbers(chapterIds)})`)
    .execute()
  return rows.map(({ words }) => bytesToHash(words))
}

/** In a chapter, how many segments of a role have a text. */
export interface Occurrence {
  readonly chapterId: number
  readonly role: number
  readonly times: number
}

/** Where a text occurs, in the chapters of all novels. */
export async function occurrencesOf(db: Database, textHash: string): Promise<Occurrence[]> {
  return db
    .selectFrom('segments')
    .select(({ fn }) => ['chapterId', 'role', fn.countAll<number>().as('times')])
    .where('words', '=', hashToBytes(textHash))
    .groupBy(['chapterId', 'role'])
    .execute()
}

/** A generation's chapters, in reading order. */
export async function chaptersByGeneration(db: Database, generationId: string): Promise<ChapterRow[]> {
  return db
    .selectFrom('generationChapters')
    .innerJoin('chapters', 'chapters.id', 'chapterId')
    .selectAll('chapters')
    .where('generationId', '=', generationId)
    .orderBy('number')
    .execute()
}

/** The same of several generations, by id; one without chapters is left out. */
export async function chaptersByGenerations(
  db: Database,
  generationIds: readonly string[],
): Promise<ReadonlyMap<string, ChapterRow[]>> {
  if (generationIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('generationChapters')
    .innerJoin('chapters', 'chapters.id', 'chapterId')
    .selectAll('chapters')
    .select('generationId')
    .where('generationId', 'in', generationIds)
    .orderBy('number')
    .execute()
  const byGeneration = new Map<string, ChapterRow[]>()
  for (const { generationId, ...chapter } of rows) {
    const chapters = byGeneration.get(generationId)
    if (chapters) chapters.push(chapter)
    else byGeneration.set(generationId, [chapter])
  }
  return byGeneration
}
