import { sql } from 'kysely'
import { payloadBytes } from '../../audio/codec/adts.ts'
import type { Pause } from '../../novel/segment.ts'
import { segmentsOf } from './chapter-queries.ts'
import { checksumColumn, hashToBytes, bytesToHash } from './column-values.ts'
import type { Database } from '../database-tables.ts'

/** What of a rendition exists: counted, never stored. */
export interface ClipCounts {
  readonly done: number
  /** Length of what exists, in AAC frames. */
  readonly frames: number
  /** Bytes of these frames, without ADTS headers. */
  readonly bytes: number
  /** Sum of the clips' checksums: another number when one of them is another. */
  readonly checksums: number
  readonly setAside: number
}

/** Counts a chapter's clips in a recipe: two index probes a segment and the head of its clip's row. */
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

/** Whether anything at all was ever spoken or set aside in a recipe; when not, there is nothing to count. */
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
  /** Epoch milliseconds before which it is not tried again; 0 if it never failed. */
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
