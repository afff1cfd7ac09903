import type { ClipKey } from '../novel/recipe.ts'
import { checksumOf } from './clips.ts'
import type { Database } from './database.ts'
import { bytes, hex } from './hash.ts'

/** A clip's sound, as it was put. */
export interface ClipSound {
  readonly adts: Uint8Array
  /** Bytes of each frame. */
  readonly frameSizes: Uint16Array
}

/** The frame sizes of the clips of a chapter's segments `[from, to)`, in order, without reading any audio; empty where there is none. */
export async function frameSizesOf(
  db: Database,
  chapterId: number,
  recipe: string,
  from: number,
  to: number,
): Promise<Uint16Array[]> {
  const rows = await clipRows(db, chapterId, recipe, from, to).select('clip.frameSizes').execute()
  return rows.map((row) => asUint16(row.frameSizes))
}

/**
 * The clips of a chapter's segments `[from, to)`, in order, each with its key; `undefined` where there is none,
 * `'damaged'` where its bytes are not those that were put.
 */
export async function clipRun(
  db: Database,
  chapterId: number,
  recipe: string,
  from: number,
  to: number,
): Promise<{ key: ClipKey; clip: ClipSound | 'damaged' | undefined }[]> {
  const rows = await clipRows(db, chapterId, recipe, from, to)
    .select(['segments.words', 'clip.frameSizes', 'clip.wordTimes', 'clip.checksum', 'clip.adts'])
    .execute()
  return rows.map(({ words, frameSizes, wordTimes, checksum, adts }) => {
    const key = { recipe, words: hex(words) }
    if (!frameSizes || !wordTimes || !adts) return { key, clip: undefined }
    const whole = checksumOf(frameSizes, wordTimes, adts) === checksum
    return { key, clip: whole ? { adts, frameSizes: asUint16(frameSizes) } : 'damaged' }
  })
}

function clipRows(db: Database, chapterId: number, recipe: string, from: number, to: number) {
  return db
    .selectFrom('segments')
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', bytes(recipe)).onRef('clip.words', '=', 'segments.words'),
    )
    .where('segments.chapterId', '=', chapterId)
    .where('segments.idx', '>=', from)
    .where('segments.idx', '<', to)
    .orderBy('segments.idx')
}

/** A column's bytes may begin at any address; typed arrays want theirs aligned. */
function asUint16(column: Uint8Array | null): Uint16Array {
  return new Uint16Array(new Uint8Array(column ?? []).buffer)
}
