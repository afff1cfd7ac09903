import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'
import { type ChapterRow, chapterSizes } from './chapter-queries.ts'
import type { NovelRow } from './novel-queries.ts'

/** By what a novel on the shelf may be known. */
export type KnownNovel = Pick<NovelRow, 'id' | 'title' | 'author' | 'language' | 'metadata' | 'sourceName'>

/** Novels on the shelf that `keeper` alone sees, or that everybody does (`null`): the first `limit` with ids above `after`. */
export async function novelHeads(
  db: Database,
  keeper: string | null,
  after: string,
  limit: number,
): Promise<KnownNovel[]> {
  return db
    .selectFrom('novels')
    .select(['id', 'title', 'author', 'language', 'metadata', 'sourceName'])
    .where('complete', '=', novelState.shelved)
    .where('keeper', 'is not distinct from', keeper)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Chapters that texts are taken from, and how many texts in all. */
const [sampledChapters, sampledTexts] = [100, 400]

/** Text hashes of segments from all over a novel, each once. */
export async function sampleTexts(db: Database, novelId: string): Promise<string[]> {
  const spoken = (await chapterSizes(db, novelId)).filter(({ segmentCount }) => segmentCount > 0)
  const count = Math.min(sampledChapters, spoken.length)
  const each = Math.ceil(sampledTexts / Math.max(1, count))
  const found = new Set<string>()
  for (let nth = 0; nth < count; nth++) {
    const chapter = spoken[Math.floor((nth * spoken.length) / count)]!
    for (const hash of await textsFromMiddle(db, chapter, each)) found.add(hash)
  }
  return [...found]
}

/** Where a chapter begins and ends it may say what every chapter of every book does; it begins with its heading. */
async function textsFromMiddle(
  db: Database,
  { id, segmentCount }: Pick<ChapterRow, 'id' | 'segmentCount'>,
  count: number,
): Promise<string[]> {
  const first = Math.max(segmentCount > 1 ? 1 : 0, Math.floor((segmentCount - count) / 2))
  const rows = await db
    .selectFrom('segments')
    .select('words')
    .where('chapterId', '=', id)
    .where('idx', '>=', first)
    .where('idx', '<', first + count)
    .execute()
  return rows.map(({ words }) => bytesToHash(words))
}

const hashesPerStatement = 50

/** How many of these texts a novel has. */
export async function countTextsIn(
  db: Database,
  novelId: string,
  hashes: readonly string[],
): Promise<number> {
  let found = 0
  for (let at = 0; at < hashes.length; at += hashesPerStatement) {
    const { count } = await db
      .selectFrom('segments')
      .innerJoin('chapters', 'chapters.id', 'segments.chapterId')
      .select(({ fn }) => fn.count<number>('segments.words').distinct().as('count'))
      .where('segments.words', 'in', hashes.slice(at, at + hashesPerStatement).map(hashToBytes))
      .where('chapters.novelId', '=', novelId)
      .executeTakeFirstOrThrow()
    found += count
  }
  return found
}

/** Texts that stand in so many places tell no novel from another. */
const mostPlaces = 50

/** Novels on the shelf of the same keeper, but one, that have some of these texts, with how many. */
export async function novelsWithTexts(
  db: Database,
  keeper: string | null,
  hashes: readonly string[],
  except: string,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  for (const hash of hashes) {
    const rows = await db
      .selectFrom('segments')
      .innerJoin('chapters', 'chapters.id', 'segments.chapterId')
      .innerJoin('novels', 'novels.id', 'chapters.novelId')
      .select('novels.id')
      .where('segments.words', '=', hashToBytes(hash))
      .where('novels.complete', '=', novelState.shelved)
      .where('novels.keeper', 'is not distinct from', keeper)
      .where('novels.id', '!=', except)
      .limit(mostPlaces)
      .execute()
    if (rows.length === mostPlaces) continue
    for (const id of new Set(rows.map((row) => row.id))) found.set(id, (found.get(id) ?? 0) + 1)
  }
  return found
}
