import { type RawBuilder, sql } from 'kysely'
import { type Casting, recipesOf } from '../../novel/casting.ts'
import type { ClipKey } from '../../novel/clip.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { spokenIn } from './casting-queries.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'
import { novelState } from '../novel-state.ts'

/** Segments `[from, to)` of a chapter, as a casting speaks them. */
export interface SegmentRange {
  readonly casting: Casting
  readonly chapterId: number
  readonly from: number
  readonly to: number
  /** Hashes of those recipes of the casting that are asked about. */
  readonly recipes: readonly string[]
}

export interface Claimant {
  /** Ids for as many leases as are wanted, each unique for ever. */
  readonly leases: readonly string[]
  /** Id of the server. */
  readonly server: string
  /** Milliseconds after which the claim lapses unless it is renewed. */
  readonly leaseMs: number
  /** Epoch milliseconds, to which failed segments' next attempts are compared. */
  readonly now: number
}

export interface ClaimedSegment {
  readonly lease: string
  readonly key: ClipKey
  readonly index: number
  /** Failed ones so far. */
  readonly attempts: number
}

/**
 * Claims the first segments of a range that are missing, due and claimed by nobody, if a generation that is to run, of a
 * novel that is not hidden, wants the chapter in the casting. Returns them in reading order; fewer than there are leases
 * where a text is repeated. Of two claims at the same moment one may find nothing although other segments are free: ask
 * `rangeState`, and claim again.
 */
export async function claimSegments(
  db: Database,
  range: SegmentRange,
  { leases, server, leaseMs, now }: Claimant,
): Promise<ClaimedSegment[]> {
  const { clock, texts } = sqlDialect(db)
  const { part, recipe, speakable, wanted } = termsOf(range)
  // `failed.recipe` is the recipe or nothing: it gives the parameter its type. A row cannot be claimed twice at once, so
  // of a text that is repeated the first is. Rows are
  // written in one order everywhere, or two claims would wait for each other.
  const { rows } = await sql<{
    lease: string
    recipe: Uint8Array
    words: Uint8Array
    idx: number
    attempts: number
  }>`
    INSERT INTO claims (recipe, words, lease, server, "chapterId", idx, attempts, "until")
    SELECT found.recipe, found.words, given.lease, ${server}, ${range.chapterId}, found.idx, found.attempts,
      ${clock} + ${leaseMs}
    FROM (
      SELECT free.recipe, free.words, min(free.idx) AS idx, max(free.attempts) AS attempts,
        row_number() OVER (ORDER BY min(free.idx)) AS place
      FROM (
        SELECT coalesce(failed.recipe, ${recipe}) AS recipe, segments.words, segments.idx,
          coalesce(failed.attempts, 0) AS attempts
        FROM segments ${part}
        LEFT JOIN failures AS failed ON failed.recipe = ${recipe} AND failed.words = segments.words
        WHERE segments."chapterId" = ${range.chapterId} AND segments.idx >= ${range.from} AND segments.idx < ${range.to}
          ${speakable}
          AND (failed.words IS NULL OR (failed."setAside" = 0 AND failed."nextAt" <= ${now}))
          AND NOT EXISTS (SELECT 1 FROM clips.clips AS clip WHERE clip.recipe = ${recipe} AND clip.words = segments.words)
          AND NOT EXISTS (
            SELECT 1 FROM claims AS other
            WHERE other.recipe = ${recipe} AND other.words = segments.words AND other."until" > ${clock}
          )
          AND ${wanted}
        ORDER BY segments.idx LIMIT ${leases.length}
      ) AS free GROUP BY free.recipe, free.words
    ) AS found
    INNER JOIN (SELECT value AS lease, row_number() OVER (ORDER BY value) AS place FROM ${texts(leases)}) AS given
      ON given.place = found.place
    WHERE true ORDER BY found.recipe, found.words
    ON CONFLICT (recipe, words) DO UPDATE SET lease = excluded.lease, server = excluded.server,
      "chapterId" = excluded."chapterId", idx = excluded.idx, attempts = excluded.attempts, "until" = excluded."until"
    WHERE claims."until" <= ${clock}
    RETURNING lease, recipe, words, idx, attempts`.execute(db)
  return rows
    .map((row) => ({
      lease: row.lease,
      key: { recipe: bytesToHash(row.recipe), words: bytesToHash(row.words) },
      index: row.idx,
      attempts: row.attempts,
    }))
    .toSorted((one, other) => one.index - other.index)
}

/** What a range lacks. */
export interface RangeState {
  /** Whether a generation that is to run wants the chapter in the casting. */
  readonly wanted: boolean
  /** Segments without a clip that are not set aside. */
  readonly missing: number
  /** Those that are due and claimed by nobody. */
  readonly free: number
  /** Milliseconds until the next of the others is due, or its claim lapses; `undefined` if there is none. */
  readonly waitMs: number | undefined
}

export async function rangeState(db: Database, range: SegmentRange, now: number): Promise<RangeState> {
  const { clock } = sqlDialect(db)
  const { part, recipe, speakable, wanted } = termsOf(range)
  const { rows } = await sql<{
    wanted: boolean | number
    missing: number
    free: number
    waitMs: number | null
  }>`
    SELECT (${wanted}) AS wanted, count(*) AS missing,
      count(CASE WHEN lacking.wait <= 0 THEN 1 END) AS free,
      min(CASE WHEN lacking.wait > 0 THEN lacking.wait END) AS "waitMs"
    FROM (
      SELECT CASE
        WHEN claimed."until" > ${clock} THEN claimed."until" - ${clock}
        ELSE coalesce(failed."nextAt", 0) - ${now}
      END AS wait
      FROM segments ${part}
      LEFT JOIN failures AS failed ON failed.recipe = ${recipe} AND failed.words = segments.words
      LEFT JOIN claims AS claimed ON claimed.recipe = ${recipe} AND claimed.words = segments.words
      WHERE segments."chapterId" = ${range.chapterId} AND segments.idx >= ${range.from} AND segments.idx < ${range.to}
        ${speakable}
        AND (failed.words IS NULL OR failed."setAside" = 0)
        AND NOT EXISTS (SELECT 1 FROM clips.clips AS clip WHERE clip.recipe = ${recipe} AND clip.words = segments.words)
    ) AS lacking`.execute(db)
  const [row] = rows
  return {
    wanted: Boolean(row?.wanted),
    missing: row?.missing ?? 0,
    free: row?.free ?? 0,
    waitMs: row?.waitMs ?? undefined,
  }
}

interface RangeTerms {
  /** The join that `recipe` needs. */
  readonly part: RawBuilder<unknown>
  /** The recipe that a segment is spoken in. */
  readonly recipe: RawBuilder<Uint8Array>
  /** `AND …`: it is one of those that are asked about. */
  readonly speakable: RawBuilder<unknown>
  readonly wanted: RawBuilder<boolean>
}

/** Parameters, not columns, wherever there is a choice, so that what does not depend on the segment is asked once. */
function termsOf({ casting, chapterId, recipes }: SegmentRange): RangeTerms {
  const id = hashToBytes(casting.id)
  const several = casting.parts.length > 0
  const recipe = spokenIn(casting)
  const all = recipesOf(casting).every((hash) => recipes.includes(hash))
  return {
    recipe,
    part: several
      ? sql`LEFT JOIN "castingParts" AS part ON part.casting = ${id} AND part.role = segments.role`
      : sql``,
    speakable: all ? sql`` : sql`AND ${recipe} IN (${sql.join(recipes.map(hashToBytes))})`,
    wanted: sql`EXISTS (
      SELECT 1 FROM "generationChapters" AS asked
      INNER JOIN generations ON generations.id = asked."generationId"
      INNER JOIN novels ON novels.id = generations."novelId"
      WHERE asked."chapterId" = ${chapterId} AND generations.casting = ${id} AND generations.wish = 'run'
        AND generations."completedAt" IS NULL AND novels.complete = ${novelState.shelved}
    )`,
  }
}

/** What is being spoken under a lease, whichever server gave it; `undefined` once somebody else has claimed it. */
export async function claimedKey(db: Database, lease: string): Promise<ClipKey | undefined> {
  const row = await db
    .selectFrom('claims')
    .select(['recipe', 'words'])
    .where('lease', '=', lease)
    .executeTakeFirst()
  return row && { recipe: bytesToHash(row.recipe), words: bytesToHash(row.words) }
}

/**
 * Makes claims last `leaseMs` from now. Returns the leases of those that are there still, without those that a commit is
 * about to end: waiting for one of several would be a deadlock with it.
 */
export async function renewClaims(
  db: Database,
  leases: readonly string[],
  leaseMs: number,
): Promise<string[]> {
  const { clock, texts, unlocked } = sqlDialect(db)
  const { rows } = await sql<{ lease: string }>`
    UPDATE claims SET "until" = ${clock} + ${leaseMs}
    WHERE lease IN (SELECT lease FROM claims WHERE lease IN (SELECT value FROM ${texts(leases)}) ${unlocked})
    RETURNING lease`.execute(db)
  return rows.map(({ lease }) => lease)
}

export async function releaseClaims(db: Database, leases: readonly string[]): Promise<void> {
  const { texts } = sqlDialect(db)
  await sql`DELETE FROM claims WHERE lease IN (SELECT value FROM ${texts(leases)})`.execute(db)
}

/** Deletes the claims of a server that is dead. Returns how many there were. */
export async function releaseClaimsOf(db: Database, server: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('claims')
    .where('server', '=', server)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

/**
 * Gives up those of these claims, just made, whose segments have a clip: somebody else claimed, spoke and stored one
 * while the statement that claimed it ran on what it had seen before. Returns their leases.
 */
export async function releaseSpokenClaims(
  db: Database,
  leases: readonly string[],
): Promise<ReadonlySet<string>> {
  const { shared, texts } = sqlDialect(db)
  if (!shared) return new Set()
  const { rows } = await sql<{ lease: string }>`
    DELETE FROM claims
    WHERE lease IN (SELECT value FROM ${texts(leases)})
      AND EXISTS (
        SELECT 1 FROM clips.clips AS clip WHERE clip.recipe = claims.recipe AND clip.words = claims.words
      )
    RETURNING lease`.execute(db)
  return new Set(rows.map(({ lease }) => lease))
}

/** Deletes claims that lapsed at least `ms` ago: nobody wanted their segments again. */
export async function deleteLapsedClaims(db: Database, ms: number): Promise<void> {
  const { clock } = sqlDialect(db)
  await sql`DELETE FROM claims WHERE "until" < ${clock} - ${ms}`.execute(db)
}

/** A segment that is being spoken. */
export interface SegmentInFlight {
  readonly novelId: string
  readonly chapterNumber: number
  readonly chapterId: number
  readonly index: number
  /** Hash of the recipe. */
  readonly recipe: string
  readonly voice: string
  readonly speed: number
}

/** Of other servers than this one (its id), in reading order. */
export async function segmentsClaimedElsewhere(db: Database, server: string): Promise<SegmentInFlight[]> {
  const { clock } = sqlDialect(db)
  const rows = await db
    .selectFrom('claims')
    .innerJoin('chapters', 'chapters.id', 'claims.chapterId')
    .innerJoin('recipes', 'recipes.hash', 'claims.recipe')
    .select([
      'novelId',
      'chapters.number as chapterNumber',
      'chapterId',
      'idx as index',
      'recipe',
      'voice',
      'speed',
    ])
    .where('until', '>', clock)
    .where('server', '!=', server)
    .orderBy('chapterId')
    .orderBy('idx')
    .execute()
  return rows.map((row) => ({ ...row, recipe: bytesToHash(row.recipe) }))
}
