import { sql } from 'kysely'
import { recipeForRole } from '../../novel/casting.ts'
import type { Database } from '../database-tables.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { castingsById } from './casting-queries.ts'
import type { Occurrence } from './chapter-queries.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'

/** Those of a novel's chapters, or of `chapterIds`, that any generation in this casting includes, whatever its state. */
export async function chaptersAskedFor(
  db: Database,
  {
    novelId,
    castingId,
    chapterIds,
  }: {
    readonly novelId: string
    readonly castingId: string
    readonly chapterIds?: readonly number[]
  },
): Promise<ReadonlySet<number>> {
  if (chapterIds?.length === 0) return new Set()
  const query = db
    .selectFrom('generations')
    .innerJoin('generationChapters', 'generationId', 'generations.id')
    .select('chapterId')
    .distinct()
    .where('novelId', '=', novelId)
    .where('casting', '=', hashToBytes(castingId))
  const listed = chapterIds && sqlDialect(db).numbers(chapterIds)
  const rows = await (
    listed ? query.where('chapterId', 'in', sql<number>`(SELECT value FROM ${listed})`) : query
  ).execute()
  return new Set(rows.map((row) => row.chapterId))
}

/** Ids of the completed generations that speak any of these occurrences in a recipe and are not cancelled. */
export async function finishedWithOccurrences(
  db: Database,
  recipe: string,
  occurrences: readonly Occurrence[],
): Promise<string[]> {
  const byChapter = Map.groupBy(occurrences, ({ chapterId }) => chapterId)
  const listed = sqlDialect(db).numbers([...byChapter.keys()])
  const rows = await db
    .selectFrom('castingParts as part')
    .innerJoin('generations', 'generations.casting', 'part.casting')
    .innerJoin('generationChapters', 'generationId', 'generations.id')
    .select(['generations.id', 'generations.casting', 'chapterId'])
    .where('chapterId', 'in', sql<number>`(SELECT value FROM ${listed})`)
    .where('part.recipe', '=', hashToBytes(recipe))
    .where('completedAt', 'is not', null)
    .where('wish', '!=', 'cancelled')
    .execute()
  const castings = await castingsById(
    db,
    rows.map(({ casting }) => bytesToHash(casting)),
  )
  const speaking = rows.filter(({ casting, chapterId }) => {
    const roles = castings.get(bytesToHash(casting))
    return roles && byChapter.get(chapterId)?.some(({ role }) => recipeForRole(roles, role) === recipe)
  })
  return [...new Set(speaking.map(({ id }) => id))]
}
