import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Casting } from '../../novel/casting.ts'
import type { Database } from '../database-tables.ts'
import { spokenIn } from './casting-queries.ts'
import { hashToBytes } from './column-values.ts'

/** Ids of the generations that are to run and speak a chapter in a casting. */
export async function generationsToRun(
  db: Database,
  castingId: string,
  chapterId: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('generationChapters')
    .innerJoin('generations', 'generations.id', 'generationId')
    .select('generations.id')
    .where('chapterId', '=', chapterId)
    .where('casting', '=', hashToBytes(castingId))
    .where('wish', '=', 'run')
    .where('completedAt', 'is', null)
    .execute()
  return rows.map(({ id }) => id)
}

/** Marks a generation as begun, unless it is marked already. Returns whether it did. */
export async function startGeneration(db: Database, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('generations')
    .set({ startedAt: new Date().toISOString() })
    .where('id', '=', id)
    .where('startedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

/**
 * Marks a generation as completed, unless other chapters have taken the places of those that were found to be done, or
 * it is marked already. `casting`: only if it is still the generation's, and no segment is missing in it that is not set
 * aside; where others write too, counts may be behind. Returns whether it did.
 */
export async function completeGeneration(
  db: Database,
  id: string,
  chapters: readonly { readonly id: number }[],
  casting?: Casting,
): Promise<boolean> {
  // A chapter that takes another's place has a higher id, so the sum grows when one does; where two take the place of one,
  // or one that of two, there are not as many.
  const sumOfIds = chapters.reduce((sum, chapter) => sum + chapter.id, 0)
  const { numUpdatedRows } = await db
    .updateTable('generations')
    .set({ completedAt: new Date().toISOString() })
    .where('id', '=', id)
    .where('completedAt', 'is', null)
    .where(
      ({ selectFrom }) =>
        selectFrom('generationChapters')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('generationId', '=', id),
      '=',
      chapters.length,
    )
    .where(
      ({ selectFrom }) =>
        selectFrom('generationChapters')
          .select(({ fn }) => fn.sum<number>('chapterId').as('sum'))
          .where('generationId', '=', id),
      '=',
      sumOfIds,
    )
    .$if(casting !== undefined, (update) => update.where(nothingMissing(id, casting!)))
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

function nothingMissing(id: string, casting: Casting): RawBuilder<SqlBool> {
  const [castingId, recipe] = [hashToBytes(casting.id), spokenIn(casting)]
  const part =
    casting.parts.length > 0
      ? sql`LEFT JOIN "castingParts" AS part ON part.casting = ${castingId} AND part.role = segments.role`
      : sql``
  return sql`generations.casting = ${castingId} AND NOT EXISTS (
    SELECT 1 FROM "generationChapters" AS asked
    INNER JOIN segments ON segments."chapterId" = asked."chapterId" ${part}
    WHERE asked."generationId" = ${id}
      AND NOT EXISTS (SELECT 1 FROM clips.clips AS clip WHERE clip.recipe = ${recipe} AND clip.words = segments.words)
      AND NOT EXISTS (
        SELECT 1 FROM failures
        WHERE failures.recipe = ${recipe} AND failures.words = segments.words AND failures."setAside" = 1
      )
  )`
}
