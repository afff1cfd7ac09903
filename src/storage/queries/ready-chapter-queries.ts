import { sql } from 'kysely'
import type { Casting } from '../../novel/casting.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { spokenIn } from './casting-queries.ts'
import { hashToBytes } from './column-values.ts'

/** The chapters of a generation that are noted as whole in its casting. */
export async function readyChapters(db: Database, generationId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('generations')
    .innerJoin('generationChapters', 'generationId', 'generations.id')
    .innerJoin('readyChapters', (join) =>
      join
        .onRef('readyChapters.chapterId', '=', 'generationChapters.chapterId')
        .onRef('readyChapters.casting', '=', 'generations.casting'),
    )
    .where('generations.id', '=', generationId)
    .select('readyChapters.chapterId')
    .execute()
  return rows.map(({ chapterId }) => chapterId)
}

/** Notes that chapters are whole in a casting. Returns those that were not noted yet. */
export async function insertReadyChapters(
  db: Database,
  castingId: string,
  chapterIds: readonly number[],
): Promise<number[]> {
  if (chapterIds.length === 0) return []
  const { rows } = await sql<{ chapterId: number }>`
    INSERT INTO "readyChapters" ("chapterId", casting)
    SELECT chapters.id, ${hashToBytes(castingId)} FROM chapters
    WHERE chapters.id IN (SELECT value FROM ${sqlDialect(db).numbers(chapterIds)})
    ON CONFLICT DO NOTHING
    RETURNING "chapterId"`.execute(db)
  return rows.map(({ chapterId }) => chapterId)
}

/** Notes the chapters of all completed generations as whole, but those of which a segment was set aside. */
export async function insertFinishedChapters(db: Database): Promise<void> {
  await sql`
    INSERT INTO "readyChapters" ("chapterId", casting)
    SELECT DISTINCT asked."chapterId", generations.casting
    FROM generations
    INNER JOIN "generationChapters" AS asked ON asked."generationId" = generations.id
    WHERE generations."completedAt" IS NOT NULL AND asked."chapterId" NOT IN (
      SELECT segments."chapterId" FROM failures
      INNER JOIN segments ON segments.words = failures.words
      WHERE failures."setAside" = 1
    )
    ON CONFLICT DO NOTHING`.execute(db)
}

/** The segments of a generation that are set aside: how many, and when the last one was (epoch milliseconds). */
export interface SetAside {
  readonly segments: number
  readonly lastAt: number
}

export async function countSetAside(db: Database, generationId: string, casting: Casting): Promise<SetAside> {
  const recipe = spokenIn(casting)
  const part =
    casting.parts.length > 0
      ? sql`LEFT JOIN "castingParts" AS part
          ON part.casting = ${hashToBytes(casting.id)} AND part.role = segments.role`
      : sql``
  const { rows } = await sql<SetAside>`
    SELECT count(*) AS segments, coalesce(max(failures."nextAt"), 0) AS "lastAt" FROM failures
    INNER JOIN segments ON segments.words = failures.words
    INNER JOIN "generationChapters" AS asked
      ON asked."chapterId" = segments."chapterId" AND asked."generationId" = ${generationId} ${part}
    WHERE failures."setAside" = 1 AND failures.recipe = ${recipe} AND NOT EXISTS (
      SELECT 1 FROM clips.clips AS clip WHERE clip.recipe = failures.recipe AND clip.words = failures.words
    )`.execute(db)
  return rows[0] ?? { segments: 0, lastAt: 0 }
}
