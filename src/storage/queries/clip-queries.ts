import { type Insertable, sql } from 'kysely'
import { type Casting, recipeForRole } from '../../novel/casting.ts'
import type { Clip, ClipKey, WordTime } from '../../novel/clip.ts'
import type { Database, Tables } from '../database-tables.ts'
import { clipsTopic, sqlDialect } from '../sql-dialect.ts'
import { castSegments } from './casting-queries.ts'
import {
  bytesToHash,
  type ClipColumns,
  clipChecksum,
  framesColumn,
  hashToBytes,
  isIntactClip,
  readFrameSizes,
  readWordTimes,
} from './column-values.ts'

/** The columns of a new clip's row, except where its audio is. */
export function clipRowOf(key: ClipKey, { frameSizes, words, adts }: Clip) {
  const sizes = new Uint8Array(new Uint16Array(frameSizes).buffer)
  const wordTimes = new Uint8Array(
    new Float64Array(words.flatMap(({ start, end, from, to }) => [start, end, from, to])).buffer,
  )
  return {
    recipe: hashToBytes(key.recipe),
    words: hashToBytes(key.words),
    frames: frameSizes.length,
    frameSizes: sizes,
    wordTimes,
    checksum: clipChecksum(sizes, wordTimes, adts),
  }
}

/**
 * Inserts rows in one durable commit. An existing one is not overwritten. Returns for each its CRC-32, or `undefined` if
 * its key existed already.
 */
export async function insertClips(
  db: Database,
  rows: readonly Insertable<Tables['clips.clips']>[],
): Promise<(number | undefined)[]> {
  const inserted = await db
    .insertInto('clips.clips')
    .values(rows.toSorted(byKey))
    .onConflict((conflict) => conflict.columns(['recipe', 'words']).doNothing())
    .returning(['recipe', 'words'])
    .execute()
  return checksumsOfInserted(rows, inserted)
}

/** The CRC-32 of each row that was inserted. If a key is given twice, the first clip is stored. */
export function checksumsOfInserted(
  rows: readonly Insertable<Tables['clips.clips']>[],
  inserted: readonly ClipHashes[],
): (number | undefined)[] {
  const insertedKeys = new Set(inserted.map((row) => `${bytesToHash(row.recipe)}/${bytesToHash(row.words)}`))
  return rows.map(({ recipe, words, checksum }) =>
    insertedKeys.delete(`${bytesToHash(recipe)}/${bytesToHash(words)}`) ? checksum : undefined,
  )
}

/** In one order, so that two servers that insert the same keys wait for each other instead of stopping each other. */
export function byKey(one: ClipHashes, other: ClipHashes): number {
  return Buffer.compare(one.recipe, other.recipe) || Buffer.compare(one.words, other.words)
}

interface ClipHashes {
  readonly recipe: Uint8Array
  readonly words: Uint8Array
}

/** Query: the row of a key. */
export function clipRows(db: Database, key: ClipKey) {
  return db
    .selectFrom('clips.clips')
    .where('recipe', '=', hashToBytes(key.recipe))
    .where('words', '=', hashToBytes(key.words))
}

/** The clip of a row's columns; `'damaged'` if they fail their checksum. */
export function clipOfRow(row: { readonly [Column in keyof ClipColumns]: unknown }): Clip | 'damaged' {
  if (!isIntactClip(row)) return 'damaged'
  const frameSizes = Array.from(readFrameSizes(row) ?? [])
  return { adts: row.adts, frameSizes, words: readWordTimes(row.wordTimes) ?? [] }
}

export async function hasClip(db: Database, key: ClipKey): Promise<boolean> {
  return (await clipRows(db, key).select('id').executeTakeFirst()) !== undefined
}

export interface ClipLayout {
  /** Index of the segment in its chapter. */
  readonly index: number
  readonly key: ClipKey
  /** Bytes of each AAC frame, without ADTS headers; `undefined` if damaged. */
  readonly frameSizes: readonly number[] | undefined
}

/** Query: the segments of a chapter that have a clip in a casting, in order, joined with it. */
function spokenSegments(db: Database, chapterId: number, casting: Casting) {
  const { segments, recipe } = castSegments(db, casting)
  return segments
    .innerJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', recipe).onRef('clip.words', '=', 'segments.words'),
    )
    .where('segments.chapterId', '=', chapterId)
    .orderBy('segments.idx')
}

/** The text hashes of a chapter's segments that have a clip, in order. */
export async function clipsAmong(db: Database, chapterId: number, casting: Casting): Promise<string[]> {
  const rows = await spokenSegments(db, chapterId, casting).select('segments.words').execute()
  return rows.map(({ words }) => bytesToHash(words))
}

/** The frame sizes of a chapter's existing clips, in order. Reads no audio. */
export async function clipLayouts(db: Database, chapterId: number, casting: Casting): Promise<ClipLayout[]> {
  const rows = await spokenSegments(db, chapterId, casting)
    .select(['segments.idx', 'segments.role', 'segments.words', 'clip.frameSizes', framesColumn.as('frames')])
    .execute()
  return rows.map((row) => {
    const sizes = readFrameSizes(row)
    return { index: row.idx, key: castKeyOf(casting, row), frameSizes: sizes && Array.from(sizes) }
  })
}

/**
 * The key and number of AAC frames of each existing clip of a chapter, in order; 0 frames where the number is damaged.
 * Reads only the index.
 */
export async function clipsInOrder(
  db: Database,
  chapterId: number,
  casting: Casting,
): Promise<(ClipKey & { readonly frames: number })[]> {
  const rows = await spokenSegments(db, chapterId, casting)
    .select(['segments.role', 'segments.words', framesColumn.as('frames')])
    .execute()
  return rows.map((row) => ({ ...castKeyOf(casting, row), frames: row.frames ?? 0 }))
}

/** The key of a segment's clip in a casting. */
export function castKeyOf(casting: Casting, { role, words }: { role: number; words: Uint8Array }): ClipKey {
  return { recipe: recipeForRole(casting, role), words: bytesToHash(words) }
}

/**
 * For each segment of a chapter the length of its clip in AAC frames, 0 where it is damaged; `undefined` where there is
 * none.
 */
export async function clipLengths(
  db: Database,
  chapterId: number,
  casting: Casting,
): Promise<(number | undefined)[]> {
  const { segments, recipe } = castSegments(db, casting)
  const rows = await segments
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', recipe).onRef('clip.words', '=', 'segments.words'),
    )
    .select(['clip.id', framesColumn.as('frames')])
    .where('segments.chapterId', '=', chapterId)
    .orderBy('segments.idx')
    .execute()
  return rows.map(({ id, frames }) => (id === null ? undefined : (frames ?? 0)))
}

/**
 * The word times of a chapter's existing clips, or of those of its segments `[from, to)`, by segment index; empty where
 * they are damaged.
 */
export async function clipWordTimes(
  db: Database,
  chapterId: number,
  casting: Casting,
  range?: readonly [from: number, to: number],
): Promise<ReadonlyMap<number, readonly WordTime[]>> {
  const spoken = spokenSegments(db, chapterId, casting).select(['segments.idx', 'clip.wordTimes'])
  const rows = await (
    range ? spoken.where('segments.idx', '>=', range[0]).where('segments.idx', '<', range[1]) : spoken
  ).execute()
  // Damaged times count as none; the clip itself is found to be damaged when its audio is read.
  return new Map(rows.map((row) => [row.idx, readWordTimes(row.wordTimes) ?? []]))
}

/**
 * The frame sizes of the clips of a chapter's segments `[from, to)`, in order; empty where a clip is missing or
 * damaged. Reads no audio.
 */
export async function frameSizesOf(
  db: Database,
  chapterId: number,
  casting: Casting,
  from: number,
  to: number,
): Promise<Uint16Array[]> {
  const rows = await clipRangeRows(db, chapterId, casting, from, to)
    .select(['clip.frameSizes', framesColumn.as('frames')])
    .execute()
  return rows.map((row) => readFrameSizes(row) ?? new Uint16Array())
}

/** Query: the segments `[from, to)` of a chapter, in order, left-joined with their clips. */
export function clipRangeRows(db: Database, chapterId: number, casting: Casting, from: number, to: number) {
  const { segments, recipe } = castSegments(db, casting)
  return segments
    .leftJoin('clips.clips as clip', (join) =>
      join.on('clip.recipe', '=', recipe).onRef('clip.words', '=', 'segments.words'),
    )
    .where('segments.chapterId', '=', chapterId)
    .where('segments.idx', '>=', from)
    .where('segments.idx', '<', to)
    .orderBy('segments.idx')
}

/**
 * Deletes the clips of up to `limit` released texts that no segment has any more. A clip whose text was never released
 * stays, even without a segment: the database may be older than the clip. Returns the number of deleted clips and
 * whether there are more released texts.
 */
export async function deleteUnreferencedClips(
  db: Database,
  limit: number,
): Promise<{ removed: number; more: boolean }> {
  // On SQLite two commits, on its only connection: no text is released again between them.
  return sqlDialect(db).exclude(db, clipsTopic, (alone) => deleteSomeUnreferencedClips(alone, limit))
}

async function deleteSomeUnreferencedClips(
  db: Database,
  limit: number,
): Promise<{ removed: number; more: boolean }> {
  const texts = await db.selectFrom('releasedTexts').select('words').orderBy('words').limit(limit).execute()
  const last = texts.at(-1)?.words
  if (!last) return { removed: 0, more: false }
  // The recursive query finds each recipe by one index seek; scanning all clips for them would take seconds.
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM clips.clips WHERE id IN (
      WITH RECURSIVE recipes (recipe) AS (
        SELECT (SELECT recipe FROM clips.clips ORDER BY recipe LIMIT 1)
        UNION ALL
        SELECT (
          SELECT later.recipe FROM clips.clips AS later
          WHERE later.recipe > recipes.recipe ORDER BY later.recipe LIMIT 1
        )
        FROM recipes WHERE recipe IS NOT NULL
      )
      SELECT clip.id
      FROM "releasedTexts" AS released CROSS JOIN recipes CROSS JOIN clips.clips AS clip
      WHERE released.words <= ${last}
        AND clip.recipe = recipes.recipe AND clip.words = released.words
        AND NOT EXISTS (SELECT 1 FROM segments WHERE segments.words = released.words)
    )`.execute(db)
  // A separate commit after that of the clips, because the two files do not become durable together.
  const finish = async (commit: Database): Promise<void> => {
    // Failures and spots are deleted with their text; a book that is imported again would otherwise begin with them.
    for (const table of ['failures', 'spots'])
      await sql`
        DELETE FROM ${sql.table(table)}
        WHERE words IN (SELECT words FROM "releasedTexts" WHERE words <= ${last})
          AND NOT EXISTS (SELECT 1 FROM segments WHERE segments.words = ${sql.ref(`${table}.words`)})`.execute(
        commit,
      )
    await commit.deleteFrom('releasedTexts').where('words', '<=', last).execute()
  }
  await (db.isTransaction ? finish(db) : db.transaction().execute(finish))
  return { removed: Number(numAffectedRows), more: texts.length === limit }
}

const textsPerStatement = 500

/** Those of the texts (hashes, hex) that are spoken in a recipe. */
export async function textsWithClip(
  db: Database,
  recipe: string,
  texts: readonly string[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (let at = 0; at < texts.length; at += textsPerStatement) {
    const rows = await db
      .selectFrom('clips.clips')
      .select('words')
      .where('recipe', '=', hashToBytes(recipe))
      .where('words', 'in', texts.slice(at, at + textsPerStatement).map(hashToBytes))
      .execute()
    for (const { words } of rows) known.add(bytesToHash(words))
  }
  return known
}
