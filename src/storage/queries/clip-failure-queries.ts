import { type Expression, expressionBuilder, type RawBuilder, sql, type SqlBool } from 'kysely'
import { type Casting, recipesOf } from '../../novel/casting.ts'
import { type ClipKey, clipKeyName } from '../../novel/clip.ts'
import { stripAnnotations } from '../../novel/pronunciation-annotations.ts'
import type { Segment } from '../../novel/segment.ts'
import type { Database, Tables } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { castSegments, spokenIn } from './casting-queries.ts'
import { type Occurrence, segmentsOf } from './chapter-queries.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'

export interface FailedClip {
  readonly attempts: number
  readonly reason: string
  readonly setAside: boolean
  /** Epoch milliseconds of the earliest next attempt; of one that is set aside, when it was. */
  readonly nextAt: number
}

export async function failureOf(db: Database, key: ClipKey): Promise<FailedClip | undefined> {
  const row = await db
    .selectFrom('failures')
    .selectAll()
    .where('recipe', '=', hashToBytes(key.recipe))
    .where('words', '=', hashToBytes(key.words))
    .executeTakeFirst()
  return row && failedClip(row)
}

function failedClip({
  attempts,
  reason,
  setAside,
  nextAt,
}: Pick<Tables['failures'], 'attempts' | 'reason' | 'setAside' | 'nextAt'>): FailedClip {
  return { attempts, reason, setAside: setAside === 1, nextAt }
}

export async function saveFailure(db: Database, key: ClipKey, failed: FailedClip): Promise<void> {
  const row = { ...failed, setAside: failed.setAside ? 1 : 0 }
  await db
    .insertInto('failures')
    .values({ recipe: hashToBytes(key.recipe), words: hashToBytes(key.words), ...row })
    .onConflict((conflict) => conflict.columns(['recipe', 'words']).doUpdateSet(row))
    .execute()
}

export async function deleteFailure(db: Database, key: ClipKey): Promise<void> {
  await db
    .deleteFrom('failures')
    .where('recipe', '=', hashToBytes(key.recipe))
    .where('words', '=', hashToBytes(key.words))
    .execute()
}

/** Where the text of a clip occurs, and how it had failed. */
export interface SpokenText {
  readonly occurrences: readonly Occurrence[]
  readonly failed: FailedClip | undefined
}

/**
 * Clears the failures of these keys, and finds where their texts occur: by `clipKeyName`, without those that occur
 * nowhere. One statement, of Postgres.
 */
export async function clearFailuresOfTexts(
  db: Database,
  keys: readonly ClipKey[],
): Promise<ReadonlyMap<string, SpokenText>> {
  const { rows } = await sql<{
    recipe: Uint8Array
    words: Uint8Array
    chapterId: number
    role: number
    times: number
    attempts: number | null
    reason: string
    setAside: number
    nextAt: number
  }>`
    WITH wanted AS (
      SELECT DISTINCT recipe, words
      FROM unnest(
        ${keys.map(({ recipe }) => hashToBytes(recipe))}::bytea[], ${keys.map(({ words }) => hashToBytes(words))}::bytea[]
      ) AS listed (recipe, words)
    ), cleared AS (
      DELETE FROM failures USING wanted
      WHERE failures.recipe = wanted.recipe AND failures.words = wanted.words
      RETURNING failures.*
    )
    SELECT wanted.recipe, wanted.words, place."chapterId", place.role, place.times,
      cleared.attempts, cleared.reason, cleared."setAside", cleared."nextAt"
    FROM wanted
    CROSS JOIN LATERAL (
      SELECT "chapterId", role, count(*) AS times FROM segments WHERE segments.words = wanted.words
      GROUP BY "chapterId", role
    ) AS place
    LEFT JOIN cleared ON cleared.recipe = wanted.recipe AND cleared.words = wanted.words`.execute(db)
  const found = new Map<string, { occurrences: Occurrence[]; failed: FailedClip | undefined }>()
  for (const { recipe, words, chapterId, role, times, attempts, ...failure } of rows) {
    const name = clipKeyName({ recipe: bytesToHash(recipe), words: bytesToHash(words) })
    const failed = attempts === null ? undefined : failedClip({ attempts, ...failure })
    const text = found.get(name) ?? { occurrences: [], failed }
    text.occurrences.push({ chapterId, role, times })
    found.set(name, text)
  }
  return found
}

export interface FailedSegment extends FailedClip {
  readonly chapterId: number
  readonly chapterNumber: number
  readonly index: number
  readonly text: string
}

/** The first `limit` segments of a generation's chapters that are set aside in its casting, in reading order. */
export async function segmentsSetAside(
  db: Database,
  generationId: string,
  casting: Casting,
  limit: number,
): Promise<FailedSegment[]> {
  const rows = await db
    .selectFrom('failures')
    // Failures are few: SQLite takes the tables of cross joins in their order, and segments by their text.
    .crossJoin('segments')
    .crossJoin('generationChapters')
    .$if(casting.parts.length > 0, (query) =>
      query.leftJoin('castingParts as part', (join) =>
        join.on('part.casting', '=', hashToBytes(casting.id)).onRef('part.role', '=', 'segments.role'),
      ),
    )
    .innerJoin('chapters', 'chapters.id', 'segments.chapterId')
    .select([
      'segments.chapterId',
      'chapters.number as chapterNumber',
      'segments.idx as index',
      'failures.attempts',
      'failures.reason',
      'failures.nextAt',
    ])
    .whereRef('segments.words', '=', 'failures.words')
    .where('generationChapters.generationId', '=', generationId)
    .whereRef('generationChapters.chapterId', '=', 'segments.chapterId')
    .where('failures.recipe', '=', spokenIn(casting))
    .where('failures.recipe', 'in', recipesOf(casting).map(hashToBytes))
    .where('failures.setAside', '=', 1)
    .orderBy('chapters.number')
    .orderBy('segments.idx')
    .limit(limit)
    .execute()
  const segmentsByChapter = new Map<number, readonly Segment[]>()
  const failed: FailedSegment[] = []
  for (const row of rows) {
    const segments = segmentsByChapter.get(row.chapterId) ?? (await segmentsOf(db, row.chapterId))
    segmentsByChapter.set(row.chapterId, segments)
    failed.push({ ...row, setAside: true, text: stripAnnotations(segments[row.index]?.spoken ?? '') })
  }
  return failed
}

/** Whether any text of a generation's chapters has failed in its casting. */
export async function hasFailures(db: Database, generationId: string, casting: Casting): Promise<boolean> {
  const failed = await db
    .selectFrom('failures')
    .select('attempts')
    .where(failedIn(db, casting, chaptersOfGeneration(generationId)))
    .limit(1)
    .executeTakeFirst()
  return failed !== undefined
}

/** Deletes the failures of a generation's chapters in its casting. Returns their keys. */
export async function clearFailures(
  db: Database,
  generationId: string,
  casting: Casting,
): Promise<{ readonly key: ClipKey; readonly setAside: boolean }[]> {
  const rows = await db
    .deleteFrom('failures')
    .where(failedIn(db, casting, chaptersOfGeneration(generationId)))
    .returning(['recipe', 'words', 'setAside'])
    .execute()
  return rows.map((row) => ({
    key: { recipe: bytesToHash(row.recipe), words: bytesToHash(row.words) },
    setAside: row.setAside === 1,
  }))
}

/** 1 if any text of these chapters has failed in a casting, else 0. */
export function anyFailure(
  db: Database,
  casting: Casting,
  chapterIds: readonly number[],
): RawBuilder<number> {
  const listed = sql<number>`(SELECT value FROM ${sqlDialect(db).numbers(chapterIds)})`
  // Of a query that may find several, as one row and not as a condition, so that it begins with the failures.
  return sql`(
    SELECT count(*) FROM (
      SELECT 1 FROM failures WHERE ${failedIn(db, casting, listed)} LIMIT 1
    ) AS failed
  )`
}

function chaptersOfGeneration(id: string): RawBuilder<number> {
  return sql`(SELECT "chapterId" FROM "generationChapters" WHERE "generationId" = ${id})`
}

/**
 * Condition: a failure is of a text in some chapters, in a casting. Failures are few, so each is looked up among
 * the segments rather than each segment among the failures.
 */
function failedIn(db: Database, casting: Casting, chapterIds: RawBuilder<number>): Expression<SqlBool> {
  const { segments, recipe } = castSegments(db, casting)
  const occurs = segments
    .select('segments.idx')
    .where('segments.chapterId', 'in', chapterIds)
    .where('segments.words', '=', sql.ref<Uint8Array>('failures.words'))
    .where(sql.ref('failures.recipe'), '=', recipe)
  const row = expressionBuilder<Tables, 'failures'>()
  return row.and([row('failures.recipe', 'in', recipesOf(casting).map(hashToBytes)), row.exists(occurs)])
}
