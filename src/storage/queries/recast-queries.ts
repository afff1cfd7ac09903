import { type Casting, singleVoice } from '../../novel/casting.ts'
import type { Recipe } from '../../novel/clip.ts'
import type { Database } from '../database-tables.ts'
import { castingsById, saveCasting } from './casting-queries.ts'
import { bytesToHash, hashToBytes } from './column-values.ts'

/**
 * Gives a generation another casting, in the caller's transaction, with those of its recipes that are new. `reopened`: it
 * goes on if it was completed.
 */
export async function recastGeneration(
  commit: Database,
  id: string,
  { casting, recipes, reopened }: { casting: Casting; recipes: readonly Recipe[]; reopened: boolean },
): Promise<void> {
  await saveCasting(commit, casting, recipes)
  await commit
    .updateTable('generations')
    .set({ casting: hashToBytes(casting.id), ...(reopened && { completedAt: null }) })
    .where('id', '=', id)
    .execute()
}

/** The generations of a novel that are not cancelled, with how they are spoken. */
export async function generationsToRecast(
  db: Database,
  novelId: string,
): Promise<
  { readonly id: string; readonly casting: Casting; readonly voice: string; readonly speed: number }[]
> {
  const rows = await db
    .selectFrom('generations')
    .innerJoin('castingParts as narrator', (join) =>
      join.onRef('narrator.casting', '=', 'generations.casting').on('narrator.role', '=', 0),
    )
    .innerJoin('recipes', 'recipes.hash', 'narrator.recipe')
    .select(['generations.id', 'generations.casting', 'voice', 'speed'])
    .where('novelId', '=', novelId)
    .where('wish', '!=', 'cancelled')
    .execute()
  const castings = await castingsById(
    db,
    rows.map(({ casting }) => bytesToHash(casting)),
  )
  return rows.map(({ id, casting, voice, speed }) => {
    const hash = bytesToHash(casting)
    return { id, casting: castings.get(hash) ?? singleVoice(hash), voice, speed }
  })
}
