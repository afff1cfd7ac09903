import type { Casting } from '../../novel/casting.ts'
import type { Clip, ClipKey } from '../../novel/clip.ts'
import type { ChooseClips, ClipStore, DiscardOptions, NewClip, SegmentClip } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import { checksumColumn, framesColumn, isIntactClip, readFrameSizes } from '../queries/column-values.ts'
import {
  castKeyOf,
  clipOfRow,
  clipRangeRows,
  clipRowOf,
  clipRows,
  deleteUnreferencedClips,
  insertClips,
} from '../queries/clip-queries.ts'

/** Read from the database at once, about: a few milliseconds of the event loop. */
const batchBytes = 256 * 1024
const firstBatch = 8
const largestBatch = 64

/** Clips whose audio is a column of their row, in `clips.db` or in Postgres. */
export class RowClipStore implements ClipStore {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  async put(clips: readonly NewClip[], choose?: ChooseClips): Promise<(number | undefined)[]> {
    if (!choose) return insertClips(this.#db, clips.map(rowOf))
    return this.#db.transaction().execute(async (commit) => {
      const chosen = await choose(commit)
      const some = clips.filter((each) => chosen.has(each))
      const written = some.length > 0 ? await insertClips(commit, some.map(rowOf)) : []
      const checksums = new Map(some.map((each, at) => [each, written[at]]))
      return clips.map((each) => checksums.get(each))
    })
  }

  async get(key: ClipKey): Promise<Clip | 'damaged' | undefined> {
    const row = await clipRows(this.#db, key)
      .select([framesColumn.as('frames'), 'frameSizes', 'wordTimes', checksumColumn.as('checksum'), 'adts'])
      .executeTakeFirst()
    return row && clipOfRow(row)
  }

  async *range(chapterId: number, casting: Casting, from: number, to: number): AsyncGenerator<SegmentClip> {
    let batch = firstBatch
    for (let at = from; at < to;) {
      const end = Math.min(to, at + batch)
      const rows = await clipRangeRows(this.#db, chapterId, casting, at, end)
        .select([
          'segments.role',
          'segments.words',
          'clip.id',
          'clip.frameSizes',
          'clip.wordTimes',
          'clip.adts',
        ])
        .select([framesColumn.as('frames'), checksumColumn.as('checksum')])
        .execute()
      let bytes = 0
      for (const { role, words, id, ...row } of rows) {
        const key = castKeyOf(casting, { role, words })
        const frameSizes = id !== null && isIntactClip(row) ? readFrameSizes(row) : undefined
        bytes += row.adts?.length ?? 0
        if (id === null) yield { key, clip: undefined }
        else yield { key, clip: row.adts && frameSizes ? { adts: row.adts, frameSizes } : 'damaged' }
      }
      if (rows.length < end - at) return
      const average = Math.max(1, bytes / rows.length)
      batch = Math.min(largestBatch, Math.max(1, Math.round(batchBytes / average)))
      at = end
    }
  }

  async discard(key: ClipKey, { intact = false }: DiscardOptions = {}): Promise<boolean> {
    const clip = await this.get(key)
    if (clip === undefined || (clip !== 'damaged' && !intact)) return false
    await this.#db.deleteFrom('clips.clips').where('id', 'in', clipRows(this.#db, key).select('id')).execute()
    return true
  }

  deleteUnreferenced(limit: number): Promise<{ removed: number; more: boolean }> {
    return deleteUnreferencedClips(this.#db, limit)
  }
}

function rowOf({ key, clip }: NewClip) {
  return { ...clipRowOf(key, clip), adts: clip.adts }
}
