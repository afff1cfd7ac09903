import { type CompiledQuery, sql } from 'kysely'
import type { Generation } from '../../novel/generation.ts'
import type { Database } from '../database-tables.ts'
import { novelState } from '../novel-state.ts'
import { sqlDialect } from '../sql-dialect.ts'
import { savedCastings } from './casting-queries.ts'
import { anyFailure } from './clip-failure-queries.ts'
import { hashToBytes } from './column-values.ts'
import { asGenerations, chapterSetHash, notCancelled } from './generation-queries.ts'
import { lockedNovel } from './novel-queries.ts'

/**
 * The same as `insertGeneration`, in one way to the database and back, where that is another process: whether any text of
 * these chapters has failed, if it was inserted. `undefined`: it was not, because of what `insertGeneration` finds out.
 * `also`: writes of the same commit, made without their answers, and even if the generation is not inserted.
 */
export async function insertGenerationAtOnce(
  db: Database,
  generation: Generation,
  chapterIds: readonly number[],
  also: (transaction: Database) => Promise<void>,
): Promise<{ readonly hasFailures: boolean } | undefined> {
  const { transactAtOnce } = sqlDialect(db)
  if (!transactAtOnce || !savedCastings(db).has(generation.casting.id)) return undefined
  const lock = lockedNovel(db, generation.novelId).compile()
  // Its snapshot is taken when the novel is locked, as that of a statement of its own.
  const insertion = insertedUnlessEqual(db, generation, chapterIds)
  const [, inserted] = await transactAtOnce(db, [lock, insertion], also)
  const [row] = (inserted?.rows ?? []) as readonly { readonly failed: number }[]
  return row && { hasFailures: row.failed === 1 }
}

/**
 * The same as `equalGenerations`, of a single chapter by its number, whose id need not be known: the database makes the hash, and
 * finds no more by it than there is. `undefined`: it is in this process, where asking twice costs nothing.
 */
export function generationsOfOne(
  db: Database,
  novelId: string,
  number: number,
): Promise<Generation[]> | undefined {
  const { hashOfDigits } = sqlDialect(db)
  if (!hashOfDigits) return undefined
  return notCancelled(db)
    .where('generations.novelId', '=', novelId)
    .where('chapterSet', '=', (one) =>
      one
        .selectFrom('chapters')
        .select(hashOfDigits(sql.ref('chapters.id')).as('set'))
        .where('chapters.novelId', '=', novelId)
        .where('chapters.number', '=', number),
    )
    .execute()
    .then((rows) => asGenerations(db, rows))
}

function insertedUnlessEqual(
  db: Database,
  { id, novelId, casting, priority, place, desiredState, createdAt }: Generation,
  chapterIds: readonly number[],
): CompiledQuery {
  const numbers = sqlDialect(db).numbers(chapterIds)
  const [castingId, chapterSet] = [hashToBytes(casting.id), chapterSetHash(chapterIds)]
  return sql`
    WITH state AS (
      SELECT count(*) AS found, ${anyFailure(db, casting, chapterIds)} AS failed
      FROM ${numbers} CROSS JOIN chapters WHERE chapters.id = value AND chapters."novelId" = ${novelId}
    ), made AS (
      INSERT INTO generations
        (id, "novelId", casting, priority, place, wish, "chapterSet", "createdAt", "startedAt", "completedAt")
      SELECT ${id}, ${novelId}, ${castingId}::bytea, ${priority}::bigint, ${place ?? null}::bigint, ${desiredState},
        ${chapterSet}::bytea, ${createdAt}, NULL, NULL
      FROM state
      WHERE state.found = ${chapterIds.length}
        AND EXISTS (SELECT 1 FROM novels WHERE novels.id = ${novelId} AND novels.complete = ${novelState.shelved})
        AND NOT EXISTS (
          SELECT 1 FROM generations AS equal WHERE equal."novelId" = ${novelId}
            AND equal."chapterSet" = ${chapterSet} AND equal.casting = ${castingId} AND equal.wish != 'cancelled'
        )
      RETURNING id
    ), listed AS (
      INSERT INTO "generationChapters" ("generationId", "chapterId")
      SELECT made.id, value FROM made CROSS JOIN ${numbers}
    )
    SELECT state.failed FROM state CROSS JOIN made`.compile(db)
}
