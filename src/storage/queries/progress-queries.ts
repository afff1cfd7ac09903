import { sql } from 'kysely'
import { payloadBytes } from '../../audio/codec/adts.ts'
import type { Pause } from '../../novel/segment.ts'
import type { Database } from '../database-tables.ts'
import { segmentsOf } from './chapter-queries.ts'
import { bytesToHash, checksumColumn, hashToBytes } from './column-values.ts'

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

/** Counts a chapter's clips in a recipe. Reads per segment two index entries and the head of its clip's row. */
export async function countClips(db: Database, chapterId: number, recipe: string): Promise<ClipCounts> {
  const { adtsBytes, ...counted } = await db
    .selectFrom('segments')
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', hashToBytes(recipe)).onRef('clip.words', '=', 'segments.words'),
    )
    .leftJoin('failures', (join) =>
      join
        .on('failures.recipe', '=', hashToBytes(recipe))
        .onRef('failures.words', '=', 'segments.words')
        .on('failures.setAside', '=', 1),
    )
    .select(({ fn, val }) => [
      fn.count<number>('clip.frames').as('done'),
      fn.coalesce(fn.sum<number>('clip.frames'), val(0)).as('frames'),
      fn.coalesce(fn.sum<number>(checksumColumn), val(0)).as('checksums'),
      sql<number>`coalesce(sum(length(clip.adts)), 0)`.as('adtsBytes'),
      fn.count<number>('failures.attempts').filterWhere('clip.frames', 'is', null).as('setAside'),
    ])
    .where('segments.chapterId', '=', chapterId)
    .executeTakeFirstOrThrow()
  return { ...counted, bytes: payloadBytes(adtsBytes, counted.frames) }
}

/** Whether a recipe has any clip or failure; if not, all counts are 0. */
export async function recipeIsUsed(db: Database, recipe: string): Promise<boolean> {
  const clip = await db
    .selectFrom('clips.clips')
    .select('frames')
    .where('recipe', '=', hashToBytes(recipe))
    .limit(1)
    .executeTakeFirst()
  if (clip) return true
  const failed = await db
    .selectFrom('failures')
    .select('attempts')
    .where('recipe', '=', hashToBytes(recipe))
    .limit(1)
    .executeTakeFirst()
  return failed !== undefined
}

export interface MissingSegment {
  readonly index: number
  readonly spoken: string
  readonly pause: Pause
  readonly opening?: true
  /** Hex. */
  readonly textHash: string
  /** Epoch milliseconds of the earliest next attempt; 0 if it never failed. */
  readonly nextAt: number
}

/** The segments of a chapter that have no clip in a recipe and are not set aside, in reading order. */
export async function missingSegments(
  db: Database,
  chapterId: number,
  recipe: string,
): Promise<MissingSegment[]> {
  const rows = await db
    .selectFrom('segments')
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', hashToBytes(recipe)).onRef('clip.words', '=', 'segments.words'),
    )
    .leftJoin('failures', (join) =>
      join.on('failures.recipe', '=', hashToBytes(recipe)).onRef('failures.words', '=', 'segments.words'),
    )
    .select(['segments.idx', 'segments.words', 'failures.nextAt'])
    .where('segments.chapterId', '=', chapterId)
    .where('clip.frames', 'is', null)
    .where((row) => row.or([row('failures.setAside', 'is', null), row('failures.setAside', '=', 0)]))
    .orderBy('segments.idx')
    .execute()
  if (rows.length === 0) return []
  const segments = await segmentsOf(db, chapterId)
  return rows.flatMap(({ idx, words, nextAt }) => {
    const segment = segments[idx]
    if (!segment) return []
    const { spoken, pause, opening } = segment
    return [
      {
        index: idx,
        spoken,
        pause,
        ...(opening && { opening }),
        textHash: bytesToHash(words),
        nextAt: nextAt ?? 0,
      },
    ]
  })
}
