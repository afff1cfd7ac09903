import { sql } from 'kysely'
import type { Casting } from '../../novel/casting.ts'
import { type ClipKey, clipKeyName } from '../../novel/clip.ts'
import type { NewClip } from '../clip-store.ts'
import type { Database } from '../database-tables.ts'
import { isSingleClip, keyOfClipObject } from '../object-keys.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { byKey, castKeyOf, checksumsOfInserted, clipRangeRows, clipRowOf, clipRows } from './clip-queries.ts'
import { bytesToHash, checksumColumn, framesColumn, hashToBytes } from './column-values.ts'

/** A clip's row, and where its audio is: in a column of it if there is no object. */
export interface StoredClipRow {
  readonly id: number
  readonly frames: number | null
  readonly frameSizes: Uint8Array
  readonly wordTimes: Uint8Array
  readonly checksum: number | null
  /** Of the audio; `null` if it is in the row. */
  readonly bytes: number | null
  readonly object: string | null
  /** In a pack or a group; `null`: the object is this clip alone. */
  readonly offset: number | null
}

export async function storedClipRow(db: Database, key: ClipKey): Promise<StoredClipRow | undefined> {
  return clipRows(db, key)
    .select(['id', 'frameSizes', 'wordTimes', 'bytes', 'object', 'offset'])
    .select([framesColumn.as('frames'), checksumColumn.as('checksum')])
    .executeTakeFirst()
}

/** The segments `[from, to)` of a chapter, in order, with their clips' rows. Reads no audio. */
export async function storedClipRange(
  db: Database,
  chapterId: number,
  casting: Casting,
  from: number,
  to: number,
): Promise<{ readonly key: ClipKey; readonly row: StoredClipRow | undefined }[]> {
  const rows = await clipRangeRows(db, chapterId, casting, from, to)
    .select(['segments.role', 'segments.words', 'clip.id', 'clip.frameSizes', 'clip.wordTimes'])
    .select(['clip.bytes', 'clip.object', 'clip.offset'])
    .select([framesColumn.as('frames'), checksumColumn.as('checksum')])
    .execute()
  return rows.map(({ role, words, id, frameSizes, wordTimes, ...row }) => ({
    key: castKeyOf(casting, { role, words }),
    row: id !== null && frameSizes && wordTimes ? { ...row, id, frameSizes, wordTimes } : undefined,
  }))
}

/** The audio of a row that has it. */
export async function audioInRow(db: Database, id: number): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('clips.clips').select('adts').where('id', '=', id).executeTakeFirst()
  return row?.adts
}

/** A clip whose audio is an object, or begins at an offset of one. */
interface ObjectClip extends NewClip {
  readonly object: string
  readonly offset: number | null
}

/**
 * Inserts the rows of clips whose objects are stored, by one statement whatever their number, so that it is prepared
 * once. An existing row is not overwritten. Returns for each its CRC-32, or `undefined` if its key existed already.
 */
export async function insertObjectClips(
  db: Database,
  clips: readonly ObjectClip[],
): Promise<(number | undefined)[]> {
  if (clips.length === 0) return []
  const rows = clips.map(({ key, clip, object, offset }) => ({
    ...clipRowOf(key, clip),
    bytes: clip.adts.length,
    object,
    offset,
  }))
  const sorted = rows.toSorted(byKey)
  const { rows: inserted } = await sql<{ recipe: Uint8Array; words: Uint8Array }>`
    INSERT INTO clips.clips (recipe, words, frames, "frameSizes", "wordTimes", checksum, bytes, object, "offset")
    SELECT * FROM unnest(
      ${sorted.map(({ recipe }) => recipe)}::bytea[], ${sorted.map(({ words }) => words)}::bytea[],
      ${sorted.map(({ frames }) => frames)}::bigint[], ${sorted.map(({ frameSizes }) => frameSizes)}::bytea[],
      ${sorted.map(({ wordTimes }) => wordTimes)}::bytea[], ${sorted.map(({ checksum }) => checksum)}::bigint[],
      ${sorted.map(({ bytes }) => bytes)}::bigint[], ${sorted.map(({ object }) => object)}::text[],
      ${sorted.map(({ offset }) => offset)}::bigint[]
    )
    ON CONFLICT (recipe, words) DO NOTHING
    RETURNING recipe, words`.execute(db)
  return checksumsOfInserted(rows, inserted)
}

/** The objects of those of these clips that there are, by `RECIPE/WORDS`; `null`: the audio is in the row. */
export async function clipObjects(
  db: Database,
  keys: readonly ClipKey[],
): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await sql<{ recipe: Uint8Array; words: Uint8Array; object: string | null }>`
    SELECT clip.recipe, clip.words, clip.object
    FROM ${keySource(keys)} JOIN clips.clips AS clip USING (recipe, words)`.execute(db)
  return new Map(
    rows.map(({ recipe, words, object }) => [
      clipKeyName({ recipe: bytesToHash(recipe), words: bytesToHash(words) }),
      object,
    ]),
  )
}

function keySource(keys: readonly ClipKey[]) {
  const recipes = keys.map(({ recipe }) => hashToBytes(recipe))
  const words = keys.map((key) => hashToBytes(key.words))
  return sql`unnest(${recipes}::bytea[], ${words}::bytea[]) AS wanted (recipe, words)`
}

/** Those of these objects that are to be removed, so that nothing new may be stored under their keys. */
export async function listedLeftovers(
  db: Database,
  objects: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ object: string }>`
    SELECT object FROM clips."leftoverObjects"
    WHERE object IN (SELECT value FROM ${sqlDialect(db).texts(objects)})`.execute(db)
  return new Set(rows.map(({ object }) => object))
}

/** Notes objects that no row has, to be removed later. */
export async function noteLeftoverObjects(db: Database, objects: readonly string[]): Promise<void> {
  if (objects.length === 0) return
  const { clock, texts } = sqlDialect(db)
  await sql`
    INSERT INTO clips."leftoverObjects" (object, at)
    SELECT DISTINCT value, ${clock} FROM ${texts(objects)} ORDER BY 1
    ON CONFLICT (object) DO UPDATE SET at = excluded.at`.execute(db)
}

export interface LeftoverObject {
  readonly object: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Objects that were noted more than `ms` ago, the oldest first. */
export async function oldLeftoverObjects(db: Database, ms: number, limit: number): Promise<LeftoverObject[]> {
  const { rows } = await sql<LeftoverObject>`
    SELECT object, at FROM clips."leftoverObjects" WHERE at <= ${sqlDialect(db).clock} - ${ms}::bigint
    ORDER BY at LIMIT ${limit}`.execute(db)
  return rows
}

/** Deletes these notes, unless an object was noted again since. */
export async function forgetLeftoverObjects(
  db: Database,
  leftovers: readonly LeftoverObject[],
): Promise<void> {
  const objects = leftovers.map(({ object }) => object)
  const times = leftovers.map(({ at }) => at)
  await sql`
    DELETE FROM clips."leftoverObjects" AS noted
    USING unnest(${objects}::text[], ${times}::bigint[]) AS done (object, at)
    WHERE noted.object = done.object AND noted.at = done.at`.execute(db)
}

/** Those of these objects that a clip has. */
export async function referencedObjects(
  db: Database,
  objects: readonly string[],
): Promise<ReadonlySet<string>> {
  const singles = objects.filter(isSingleClip)
  const keys = singles.map((object) => keyOfClipObject(object))
  const known = singles.filter((_, at) => keys[at] !== undefined)
  const { rows } = await sql<{ object: string }>`
    SELECT wanted.object
    FROM unnest(
      ${known}::text[],
      ${keys.flatMap((key) => (key ? [hashToBytes(key.recipe)] : []))}::bytea[],
      ${keys.flatMap((key) => (key ? [hashToBytes(key.words)] : []))}::bytea[]
    ) AS wanted (object, recipe, words)
    JOIN clips.clips AS clip
      ON clip.recipe = wanted.recipe AND clip.words = wanted.words AND clip.object = wanted.object
    UNION
    SELECT value AS object FROM ${sqlDialect(db).texts(objects.filter((object) => !isSingleClip(object)))}
    WHERE EXISTS (SELECT 1 FROM clips.clips AS clip WHERE clip.object = value AND clip."offset" IS NOT NULL)`.execute(
    db,
  )
  return new Set(rows.map(({ object }) => object))
}

export interface PackedClip {
  readonly id: number
  /** What it had when it was read; `null`: its row. */
  readonly object: string | null
  readonly offset: number
  readonly bytes: number
}

/** Gives clips their places in a pack, unless they have been replaced since. Returns how many it was given to. */
export async function moveIntoPack(
  db: Database,
  pack: string,
  clips: readonly PackedClip[],
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE clips.clips AS clip
    SET object = ${pack}, "offset" = packed."offset", bytes = packed.bytes, adts = NULL
    FROM unnest(
      ${clips.map(({ id }) => id)}::bigint[],
      ${clips.map(({ object }) => object)}::text[],
      ${clips.map(({ offset }) => offset)}::bigint[],
      ${clips.map(({ bytes }) => bytes)}::bigint[]
    ) AS packed (id, object, "offset", bytes)
    WHERE clip.id = packed.id AND clip.object IS NOT DISTINCT FROM packed.object`.execute(db)
  return Number(numAffectedRows)
}

/** Whether clips are kept in objects: there is a pack, or one of the newest has an object. Reads no more than that. */
export async function hasClipObjects(db: Database): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    SELECT EXISTS (SELECT 1 FROM clips.clips WHERE object > '' AND "offset" IS NOT NULL)
      OR EXISTS (
        SELECT 1 FROM (SELECT object FROM clips.clips ORDER BY id DESC LIMIT 1000) AS newest
        WHERE object IS NOT NULL
      ) AS has`.execute(db)
  return rows[0]?.has === true
}
