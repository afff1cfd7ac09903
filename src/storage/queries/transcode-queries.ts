import { type Selectable, sql } from 'kysely'
import type { ChapterTranscode, TranscodeTags } from '../../novel/chapter-transcode.ts'
import type { Database, Tables } from '../database-tables.ts'
import { bytesToHash, hashToBytes, parseStoredJson } from './column-values.ts'
import { lockNovel } from './novel-queries.ts'
import { novelState } from '../novel-state.ts'

const keysPerStatement = 500

/**
 * Inserts transcodes in one durable commit; existing ones are not changed. Those of chapters that were deleted or replaced
 * since they were read are left out.
 */
export async function insertTranscodes(db: Database, transcodes: readonly ChapterTranscode[]): Promise<void> {
  const insert = async (commit: Database): Promise<void> => {
    const novelIds = [...new Set(transcodes.map(({ novelId }) => novelId))].toSorted()
    for (const novelId of novelIds) await lockNovel(commit, novelId)
    const rows = await commit.selectFrom('chapters').select('id').where('novelId', 'in', novelIds).execute()
    const chapters = new Set(rows.map(({ id }) => id))
    for (const { key, casting, tags, ...same } of transcodes) {
      if (!chapters.has(same.chapterId)) continue
      const { bytes: size = null, crc32 = null, errorMessage = null, ...rest } = same
      await commit
        .insertInto('recordings')
        .values({
          ...rest,
          key: hashToBytes(key),
          casting: hashToBytes(casting),
          tags: JSON.stringify(tags),
          bytes: size,
          crc32,
          errorMessage,
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute()
    }
  }
  await (db.isTransaction ? insert(db) : db.transaction().execute(insert))
}

/** The existing transcodes with these keys, in no particular order. */
export async function transcodesByKey(db: Database, keys: readonly string[]): Promise<ChapterTranscode[]> {
  const found: ChapterTranscode[] = []
  for (let at = 0; at < keys.length; at += keysPerStatement) {
    const batch = keys.slice(at, at + keysPerStatement).map(hashToBytes)
    const rows = await db.selectFrom('recordings').selectAll().where('key', 'in', batch).execute()
    found.push(...rows.map(asTranscode))
  }
  return found
}

/**
 * File sizes in bytes of a novel's completed transcodes in one format, by `chapter id/casting/AAC frames`: a transcode
 * is current if its frames are those of the chapter now. One query for all chapters.
 */
export async function transcodeSizes(
  db: Database,
  novelId: string,
  form: ChapterTranscode['form'],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('recordings')
    .select(['chapterId', 'casting', 'frames', 'bytes'])
    .where('novelId', '=', novelId)
    .where('form', '=', form)
    .where('status', '=', 'completed')
    .orderBy('createdAt')
    .execute()
  return new Map(
    rows.map((row) => [`${row.chapterId}/${bytesToHash(row.casting)}/${row.frames}`, row.bytes ?? 0]),
  )
}

/** The pending transcodes, in the order in which they are made: the latest requested first, in reading order. */
export async function pendingTranscodes(db: Database): Promise<{ key: string; askedAt: number }[]> {
  const rows = await pendingQuery(db)
    .select(['key', 'askedAt'])
    .orderBy('askedAt', 'desc')
    .orderBy('chapterId')
    .execute()
  return rows.map(({ key, askedAt }) => ({ key: bytesToHash(key), askedAt }))
}

/** A transcode, if it is still to be made. */
export async function pendingTranscode(db: Database, key: string): Promise<ChapterTranscode | undefined> {
  const row = await pendingQuery(db).selectAll().where('key', '=', hashToBytes(key)).executeTakeFirst()
  return row && asTranscode(row)
}

/** Of novels that were not deleted. */
function pendingQuery(db: Database) {
  return db
    .selectFrom('recordings')
    .where('status', '=', 'pending')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('novels')
          .select('novels.id')
          .whereRef('novels.id', '=', 'recordings.novelId')
          .where('novels.complete', '=', novelState.shelved),
      ),
    )
}

export async function countPendingTranscodes(db: Database): Promise<number> {
  const { count } = await pendingQuery(db)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/**
 * Keys and sizes of the completed transcodes, the least recently requested first. `before`: only those that were not
 * requested since (epoch milliseconds).
 */
export async function completedTranscodes(
  db: Database,
  before?: number,
): Promise<{ key: string; bytes: number }[]> {
  const rows = await db
    .selectFrom('recordings')
    .select(['key', sql<number>`coalesce(bytes, 0)`.as('bytes')])
    .where('status', '=', 'completed')
    .$if(before !== undefined, (query) => query.where('askedAt', '<', before ?? 0))
    .orderBy('askedAt')
    .orderBy('chapterId')
    .execute()
  return rows.map((row) => ({ key: bytesToHash(row.key), bytes: row.bytes }))
}

/** Keys of all transcodes, also of those that are not completed yet. */
export async function transcodeKeys(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('recordings').select('key').execute()
  return rows.map(({ key }) => bytesToHash(key))
}

export async function totalTranscodeBytes(db: Database): Promise<number> {
  const { total } = await db
    .selectFrom('recordings')
    .select(sql<number>`coalesce(sum(bytes), 0)`.as('total'))
    .where('status', '=', 'completed')
    .executeTakeFirstOrThrow()
  return total
}

/** Sets the time of the last request (epoch milliseconds): the cache evicts the least recently requested first. */
export async function touchTranscodes(db: Database, keys: readonly string[], now: number): Promise<void> {
  for (let at = 0; at < keys.length; at += keysPerStatement) {
    await db
      .updateTable('recordings')
      .set({ askedAt: now })
      .where('key', 'in', keys.slice(at, at + keysPerStatement).map(hashToBytes))
      .execute()
  }
}

/** Returns whether the transcode still exists: its novel may have been deleted meanwhile. */
export async function updateTranscode(
  db: Database,
  key: string,
  change: Pick<ChapterTranscode, 'status' | 'bytes' | 'crc32' | 'errorMessage'>,
): Promise<boolean> {
  const { status, bytes: size = null, crc32 = null, errorMessage = null } = change
  const { numUpdatedRows } = await db
    .updateTable('recordings')
    .set({ status, bytes: size, crc32, errorMessage })
    .where('key', '=', hashToBytes(key))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function deleteTranscode(db: Database, key: string): Promise<void> {
  await db.deleteFrom('recordings').where('key', '=', hashToBytes(key)).execute()
}

/** Keys of a novel's transcodes. */
export async function transcodesOfNovel(db: Database, novelId: string): Promise<string[]> {
  const rows = await db.selectFrom('recordings').select('key').where('novelId', '=', novelId).execute()
  return rows.map(({ key }) => bytesToHash(key))
}

/** Deletes up to `rows` of a novel's transcodes. Returns whether there may be more. */
export async function deleteSomeTranscodes(db: Database, novelId: string, rows: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('recordings')
    .where('key', 'in', (query) =>
      query.selectFrom('recordings').select('key').where('novelId', '=', novelId).limit(rows),
    )
    .executeTakeFirstOrThrow()
  return numDeletedRows >= rows
}

function asTranscode(row: Selectable<Tables['recordings']>): ChapterTranscode {
  const { key, casting, tags, bytes: size, crc32, errorMessage, ...same } = row
  return {
    ...same,
    key: bytesToHash(key),
    casting: bytesToHash(casting),
    tags: parseStoredJson(tags) as TranscodeTags,
    ...(size !== null && { bytes: size }),
    ...(crc32 !== null && { crc32 }),
    ...(errorMessage !== null && { errorMessage }),
  }
}
