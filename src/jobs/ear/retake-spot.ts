import type { Clip, ClipKey } from '../../novel/clip.ts'
import { Failure } from '../../novel/failure.ts'
import { engineOf } from '../../novel/voice.ts'
import { segmentsOf } from '../../storage/queries/chapter-queries.ts'
import { recipeByHash } from '../../storage/queries/recipe-queries.ts'
import { type PlacedSpot, spotsOfNovel, type TakenAgain } from '../../storage/queries/spot-queries.ts'
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
  const take = spot.takes + 1
  const clip = await speakSpot(context, spot, take)
  const takes = spot.takes + (clip.doubt?.takes ?? 1)
  await putInPlace(context, spot, clip, { takes, take, replaced: spot.take })
}

/** Whether the take that was replaced can be had again: an engine here says the same by the same seed. */
export function canTakeBack({ replaced, voice }: Pick<PlacedSpot, 'replaced' | 'voice'>): boolean {
  return replaced !== undefined && engineOf(voice) !== 'server'
}

/**
 * Brings back the take that the last one replaced, which is spoken again by its seed; done twice, nothing is changed. Throws
 * `spot.unknown`, `edit.nothing`, `voice.silent`.
 */
export async function takeBack(context: RetakeContext, novelId: string, key: ClipKey): Promise<void> {
  const spot = await requireSpot(context, novelId, key)
  const { replaced, take, takes } = spot
  if (replaced === undefined || !canTakeBack(spot)) throw new Failure('edit.nothing', { verb: 'undone' })
  const clip = await speakSpot(context, spot, replaced)
  await putInPlace(context, spot, clip, { takes, take: replaced, replaced: take })
}

async function putInPlace(
  context: RetakeContext,
  spot: PlacedSpot,
  clip: Clip,
  taken: TakenAgain,
): Promise<void> {
  try {
    await context.counts.replaceClip({ key: spot.key, clip }, taken)
  } catch (error) {
    // It may have neither take now: then it is spoken anew.
    requeueSpot(context, spot)
    throw error
  }
}

/** Take 0 is made as the clip was at first. */
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
  const first = { seed: seedOf(key, 0), speed: recipe.speed }
  const { seed, speed } = take === 0 ? first : retakeOf(first, take)
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
