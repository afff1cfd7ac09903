import type { Clip, ClipKey } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { recipeByHash } from '../../storage/queries/recipe-queries.ts'
import { type PlacedSpot, spotsOfNovel } from '../../storage/queries/spot-queries.ts'
import { isStorageError } from '../../storage/storage-errors.ts'
import type { Application } from '../application.ts'
import { requeueOccurrences } from '../generations/generation-commands.ts'
import { seedOf } from '../scheduler/segment-results.ts'
import { spokenTask } from '../scheduler/speak-task.ts'

export type RetakeContext = Pick<
  Application,
  'db' | 'backends' | 'voices' | 'counts' | 'dispatcher' | 'eventBus' | 'log'
>

/** The spot of a clip. Throws `spot.unknown`. */
export async function requireSpot(
  { db }: Pick<Application, 'db'>,
  novelId: string,
  key: ClipKey,
): Promise<PlacedSpot> {
  const [spot] = await spotsOfNovel(db, novelId, key)
  if (!spot) throw new Failure('spot.unknown')
  return spot
}

/**
 * Speaks a suspicious segment once more, with another seed, and puts the take in the clip's place. Until it is spoken the
 * old one stays. Throws `spot.unknown`, `voice.silent`.
 */
export async function retakeSpot(context: RetakeContext, novelId: string, key: ClipKey): Promise<void> {
  const spot = await requireSpot(context, novelId, key)
  // From the ones that were made by themselves on.
  const takes = spot.takes + 1
  const clip = await speakSpot(context, spot, takes)
  const made = takes - 1 + (clip.doubt?.takes ?? 1)
  try {
    await context.counts.replaceClip({ key, clip }, made)
  } catch (error) {
    // It may have neither take now: then it is spoken anew.
    requeueSpot(context, spot)
    throw error
  }
}

async function speakSpot(
  context: RetakeContext,
  { key, chapterId, index }: PlacedSpot,
  take: number,
): Promise<Clip> {
  const { db, voices, backends } = context
  const saved = await recipeByHash(db, key.recipe)
  const segment = (await segmentsOf(db, chapterId))[index]
  if (!saved || !segment) throw new Failure('spot.unknown')
  const { recipe } = saved
  const voice = voices.nameOf(recipe.voice)
  if (!voices.canSpeak(saved))
    throw new Failure('voice.silent', { voice, detail: 'it is not what it was when this was spoken' })
  const { retakeOf } = await import('../../speech/quality/best-take.ts')
  const { seed, speed } = retakeOf({ seed: seedOf(key, 0), speed: recipe.speed }, take)
  try {
    const task = spokenTask(segment, recipe, seed)
    return await backends.speak({ ...task, speed: Math.min(2, Math.max(0.5, speed)) })
  } catch (error) {
    if (isStorageError(error)) throw error
    const detail = error instanceof Error ? error.message : String(error)
    throw new Failure('voice.silent', { voice, detail }, { cause: error })
  }
}

function requeueSpot(context: RetakeContext, { key, chapterId }: PlacedSpot): void {
  requeueOccurrences(context, key.recipe, [{ chapterId, role: 0, times: 1 }]).catch((error: unknown) => {
    context.log.error({ err: error }, 'could not requeue a clip that was not replaced')
  })
}
