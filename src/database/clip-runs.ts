import type { ClipKey } from '../novel/recipe.ts'
import { checksumColumn, isIntactClip, readFrameSizes } from './clip-columns.ts'
import type { Database } from './tables.ts'
import { hashToBytes, bytesToHash } from './hash.ts'

/** A clip's sound, as it was put. */
export interface ClipAudio {
  readonly adts: Uint8Array
  /** Bytes of each frame. */
  readonly frameSizes: Uint16Array
}

/** The frame sizes of the clips of a chapter's segments `[from, to)`, in order, without reading any audio; empty where there is none, or it is damaged. */
export async function frameSizesOf(
  db: Database,
  chapterId: number,
  recipe: string,
  from: number,
  to: number,
): Promise<Uint16Array[]> {
  const rows = await clipRangeRows(db, chapterId, recipe, from, to).select('clip.frameSizes').execute()
  return rows.map((row) => readFrameSizes(row.frameSizes) ?? new Uint16Array())
}

/**
 * The clips of a chapter's segments `[from, to)`, in order, each with its key; `undefined` where there is none,
 * `'damaged'` where its bytes are not those that were put.
 */
export async function clipRange(
  db: Database,
  chapterId: number,
  recipe: string,
  from: number,
  to: number,
): Promise<{ key: ClipKey; clip: ClipAudio | 'damaged' | undefined }[]> {
  const rows = await clipRangeRows(db, chapterId, recipe, from, to)
    .select(['segments.words', 'clip.id', 'clip.frameSizes', 'clip.wordTimes', 'clip.adts'])
    .select(checksumColumn.as('checksum'))
    .execute()
  return rows.map(({ words, id, ...row }) => {
    const key = { recipe, words: bytesToHash(words) }
    if (id === null) return { key, clip: undefined }
    const frameSizes = isIntactClip(row) ? readFrameSizes(row.frameSizes) : undefined
    return { key, clip: row.adts && frameSizes ? { adts: row.adts, frameSizes } : 'damaged' }
  })
}

function clipRangeRows(db: Database, chapterId: number, recipe: string, from: number, to: number) {
  return db
    .selectFrom('segments')
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', hashToBytes(recipe)).onRef('clip.words', '=', 'segments.words'),
    )
    .where('segments.chapterId', '=', chapterId)
    .where('segments.idx', '>=', from)
    .where('segments.idx', '<', to)
    .orderBy('segments.idx')
}
