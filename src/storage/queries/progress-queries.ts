import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { payloadBytes } from '../../audio/codec/adts.ts'
import { type Casting, recipeForRole, recipesOf } from '../../novel/casting.ts'
import type { Pause } from '../../novel/segment.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { castSegments, spokenByParts } from './casting-queries.ts'
import { segmentsOf } from './chapter-queries.ts'
import { bytesToHash, checksumColumn, framesColumn, hashToBytes } from './column-values.ts'

/** Counts of a rendition's existing clips. Always counted, never stored. */
export interface ClipCounts {
  readonly done: number
  /** Total length in AAC frames. */
  readonly frames: number
  /** Bytes of these frames, without ADTS headers. */
  readonly bytes: number
  /** Sum of the clips' checksums, which changes when a clip does. */
  readonly checksums: number
  readonly setAside: number
}

/** Counts a chapter's clips in a casting. Reads per segment two index entries and the head of its clip's row. */
export async function countClips(db: Database, chapterId: number, casting: Casting): Promise<ClipCounts> {
  const query = clipCounts(db, casting).where('segments.chapterId', '=', chapterId)
  return countsOf(await query.executeTakeFirstOrThrow())
}

/**
 * The same for several chapters, by id; one without segments is left out. One statement where each is a way to another
 * machine.
 */
export async function countClipsOfChapters(
  db: Database,
  chapterIds: readonly number[],
  casting: Casting,
): Promise<ReadonlyMap<number, ClipCounts>> {
  const counted = new Map<number, ClipCounts>()
  if (!sqlDialect(db).shared) {
    for (const id of chapterIds) counted.set(id, await countClips(db, id, casting))
    return counted
  }
  const rows = await clipCounts(db, casting)
    .select('segments.chapterId')
    .where(isOneOf(chapterIds))
    .groupBy('segments.chapterId')
    .execute()
  for (const { chapterId, ...row } of rows) counted.set(chapterId, countsOf(row))
  return counted
}

/**
 * Condition, of Postgres: a segment is in one of these chapters. Not in a row source of them: where it joins one, it may
 * read all segments there are.
 */
function isOneOf(chapterIds: readonly number[]): RawBuilder<SqlBool> {
  return sql`segments."chapterId" = ANY(${chapterIds}::bigint[])`
}

function countsOf({ adtsBytes, ...counted }: Omit<ClipCounts, 'bytes'> & { adtsBytes: number }): ClipCounts {
  return { ...counted, bytes: payloadBytes(adtsBytes, counted.frames) }
}

/** Query: counts over segments, to be restricted to some. */
function clipCounts(db: Database, casting: Casting) {
  const { segments, recipe } = castSegments(db, casting)
  return segments
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', recipe).onRef('clip.words', '=', 'segments.words'),
    )
    .leftJoin('failures', (join) =>
      join
        .on('failures.recipe', '=', recipe)
        .onRef('failures.words', '=', 'segments.words')
        .on('failures.setAside', '=', 1),
    )
    .select(({ fn, val }) => [
      fn.count<number>('clip.id').as('done'),
      fn.coalesce(fn.sum<number>(framesColumn), val(0)).as('frames'),
      fn.coalesce(fn.sum<number>(checksumColumn), val(0)).as('checksums'),
      sql<number>`coalesce(sum(${sqlDialect(db).clipBytes}), 0)`.as('adtsBytes'),
      fn.count<number>('failures.attempts').filterWhere('clip.id', 'is', null).as('setAside'),
    ])
}

/** Whether a recipe of a casting has any clip or failure; if none has, all counts are 0. */
export async function castingIsUsed(db: Database, casting: Casting): Promise<boolean> {
  const recipes = recipesOf(casting).map(hashToBytes)
  const clip = await db
    .selectFrom('clips.clips')
    .select('id')
    .where('recipe', 'in', recipes)
    .limit(1)
    .executeTakeFirst()
  if (clip) return true
  const failed = await db
    .selectFrom('failures')
    .select('attempts')
    .where('recipe', 'in', recipes)
    .limit(1)
    .executeTakeFirst()
  return failed !== undefined
}

export interface MissingIndex {
  readonly chapterId: number
  readonly index: number
  readonly role: number
}

/**
 * Where the segments are that `missingSegments` returns, of several chapters; of each in reading order. Reads indexes
 * alone.
 */
export async function missingIndexes(
  db: Database,
  chapterIds: readonly number[],
  casting: Casting,
): Promise<MissingIndex[]> {
  return missingRows(db, chapterIds, casting)
    .select(['segments.chapterId', 'segments.idx as index', 'segments.role'])
    .execute()
}

/**
 * Query: the segments of chapters that have no clip in a casting and are not set aside; of each in reading order. The ids
 * are a list, because Postgres may read all segments there are where it joins them with a row source.
 */
function missingRows(db: Database, chapterIds: readonly number[], casting: Casting) {
  const { segments, recipe } = castSegments(db, casting)
  return segments
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', recipe).onRef('clip.words', '=', 'segments.words'),
    )
    .leftJoin('failures', (join) =>
      join.on('failures.recipe', '=', recipe).onRef('failures.words', '=', 'segments.words'),
    )
    .where('segments.chapterId', 'in', chapterIds)
    .where('clip.id', 'is', null)
    .where((row) => row.or([row('failures.setAside', 'is', null), row('failures.setAside', '=', 0)]))
    .orderBy('segments.idx')
}

export interface MissingSegment {
  readonly index: number
  readonly spoken: string
  readonly pause: Pause
  readonly opening?: true
  /** The halves of its clip's key, hex. */
  readonly recipe: string
  readonly textHash: string
  readonly role: number
  /** Epoch milliseconds of the earliest next attempt; 0 if it never failed. */
  readonly nextAt: number
}

/** The segments of a chapter that have no clip in a casting and are not set aside, in reading order. */
export async function missingSegments(
  db: Database,
  chapterId: number,
  casting: Casting,
): Promise<MissingSegment[]> {
  const rows = await missingRows(db, [chapterId], casting)
    .select(['segments.idx', 'segments.role', 'segments.words', 'failures.nextAt'])
    .execute()
  if (rows.length === 0) return []
  const segments = await segmentsOf(db, chapterId)
  return rows.flatMap(({ idx, role, words, nextAt }) => {
    const segment = segments[idx]
    if (!segment) return []
    const { spoken, pause, opening } = segment
    return [
      {
        index: idx,
        spoken,
        pause,
        ...(opening && { opening }),
        recipe: recipeForRole(casting, role),
        textHash: bytesToHash(words),
        role,
        nextAt: nextAt ?? 0,
      },
    ]
  })
}

/**
 * Number of segments in chapters that have a clip in one casting and none in the other, by chapter; none: left out. One
 * statement where each is a way to another machine.
 */
export async function countRemade(
  db: Database,
  chapterIds: readonly number[],
  from: Casting,
  to: Casting,
): Promise<ReadonlyMap<number, number>> {
  const counted = db
    .selectFrom('segments')
    // SQLite takes the tables of cross joins in their order.
    .crossJoin('clips.clips as before')
    .leftJoin('clips.clips as after', (join) =>
      join.on('after.recipe', '=', spokenByParts(to)).onRef('after.words', '=', 'segments.words'),
    )
    .select(['segments.chapterId', ({ fn }) => fn.countAll<number>().as('count')])
    .where('before.recipe', '=', spokenByParts(from))
    .whereRef('before.words', '=', 'segments.words')
    .where('after.id', 'is', null)
    .groupBy('segments.chapterId')
  const rows = sqlDialect(db).shared
    ? await counted.where(isOneOf(chapterIds)).execute()
    : await counted.where('segments.chapterId', 'in', chapterIds).execute()
  return new Map(rows.map(({ chapterId, count }) => [chapterId, count]))
}
