import { type Selectable, sql } from 'kysely'
import type { ChapterTranscode, TranscodeTags } from '../../novel/chapter-transcode.ts'

import { hashToBytes, bytesToHash, parseStoredJson } from './column-values.ts'
import type { Tables, Database } from '../database-tables.ts'

const keysPerStatement = 500

/** Writes down that chapters are wanted, all in one durable commit; what is written down already stays as it is. */
export async function insertTranscodes(db: Database, recordings: readonly ChapterTranscode[]): Promise<void> {
  await db.transaction().execute(async (commit) => {
    for (const { key, recipe, tags, ...same } of recordings) {
      const { bytes: size = null, crc32 = null, errorMessage = null, ...rest } = same
      await commit
        .insertInto('recordings')
        .values({
          ...rest,
          key: hashToBytes(key),
          recipe: hashToBytes(recipe),
          tags: JSON.stringify(tags),
          bytes: size,
          crc32,
          errorMessage,
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute()
    }
  })
}

/** Those of these keys that there are, in no order. */
export async function transcodesByKey(db: Database, keys: readonly string[]): Promise<ChapterTranscode[]> {
  const found: ChapterTranscode[] = []
  for (let at = 0; at < keys.length; at += keysPerStatement) {
    const some = keys.slice(at, at + keysPerStatement).map(hashToBytes)
    const rows = await db.selectFrom('recordings').selectAll().where('key', 'in', some).execute()
    found.push(...rows.map(asTranscode))
  }
  return found
}

/**
 * Bytes of what a novel's chapters were recorded as in a form, by `chapter id/recipe/AAC frames`: what is as long as its
 * chapter is now. Many were asked for one by one; this asks for all.
 */
export async function transcodeSizes(
  db: Database,
  novelId: string,
  form: ChapterTranscode['form'],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('recordings')
    .select(['chapterId', 'recipe', 'frames', 'bytes'])
    .where('novelId', '=', novelId)
    .where('form', '=', form)
    .where('status', '=', 'completed')
    .orderBy('createdAt')
    .execute()
  return new Map(
    rows.map((row) => [`${row.chapterId}/${bytesToHash(row.recipe)}/${row.frames}`, row.bytes ?? 0]),
  )
}

/** What waits, the latest asked for first and in reading order; `but` are left out. */
export async function nextTranscode(
  db: Database,
  but: readonly string[],
): Promise<ChapterTranscode | undefined> {
  const row = await db
    .selectFrom('recordings')
    .selectAll()
    .where('status', '=', 'pending')
    .where('key', 'not in', but.map(hashToBytes))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('novels')
          .select('novels.id')
          .whereRef('novels.id', '=', 'recordings.novelId')
          .where('novels.complete', '=', 1),
      ),
    )
    .orderBy('askedAt', 'desc')
    .orderBy('chapterId')
    .executeTakeFirst()
  return row && asTranscode(row)
}

export async function countPendingTranscodes(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('recordings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow()
  return count
}

/** Those that are whole, the least recently asked for first. */
export async function completedTranscodes(db: Database): Promise<{ key: string; bytes: number }[]> {
  const rows = await db
    .selectFrom('recordings')
    .select(['key', sql<number>`coalesce(bytes, 0)`.as('bytes')])
    .where('status', '=', 'completed')
    .orderBy('askedAt')
    .orderBy('chapterId')
    .execute()
  return rows.map((row) => ({ key: bytesToHash(row.key), bytes: row.bytes }))
}

export async function totalTranscodeBytes(db: Database): Promise<number> {
  const { total } = await db
    .selectFrom('recordings')
    .select(sql<number>`coalesce(sum(bytes), 0)`.as('total'))
    .where('status', '=', 'completed')
    .executeTakeFirstOrThrow()
  return total
}

/** Somebody asks for those that are whole now (epoch milliseconds), so they are kept the longest. */
export async function touchTranscodes(db: Database, keys: readonly string[], now: number): Promise<void> {
  for (let at = 0; at < keys.length; at += keysPerStatement) {
    await db
      .updateTable('recordings')
      .set({ askedAt: now })
      .where('key', 'in', keys.slice(at, at + keysPerStatement).map(hashToBytes))
      .execute()
  }
}

/** Returns whether there still is such a recording: its novel may have gone meanwhile. */
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

/** The keys of all that a novel was recorded as. */
export async function transcodesOfNovel(db: Database, novelId: string): Promise<string[]> {
  const rows = await db.selectFrom('recordings').select('key').where('novelId', '=', novelId).execute()
  return rows.map(({ key }) => bytesToHash(key))
}

/** Deletes some of what a novel was recorded as. Returns whether there may be more. */
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
  const { key, recipe, tags, bytes: size, crc32, errorMessage, ...same } = row
  return {
    ...same,
    key: bytesToHash(key),
    recipe: bytesToHash(recipe),
    tags: parseStoredJson(tags) as TranscodeTags,
    ...(size !== null && { bytes: size }),
    ...(crc32 !== null && { crc32 }),
    ...(errorMessage !== null && { errorMessage }),
  }
}
