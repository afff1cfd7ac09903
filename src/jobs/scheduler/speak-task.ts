import type { Recipe } from '../../novel/clip.ts'
import type { Segment } from '../../novel/segment.ts'
import type { Delivery } from '../../speech/worker/pooled-worker.ts'
import type { SpeechTask } from '../backends/speech-backends.ts'
import type { Lease } from './leases.ts'
import { seedOf } from './segment-results.ts'

/** A segment as it is spoken in a recipe. */
export function spokenTask(
  segment: Pick<Segment, 'spoken' | 'opening' | 'pause'>,
  recipe: Recipe,
  seed: string,
): SpeechTask {
  return {
    text: segment.spoken,
    voice: recipe.voice,
    speed: recipe.speed,
    paced: recipe.pace !== undefined,
    accent: recipe.accent,
    leadSeconds: segment.opening && recipe.pauses.opening,
    pauseSeconds: recipe.pauses[segment.pause],
    seed,
  }
}

/** A leased segment as a backend takes it. */
export function speechTaskOf(
  { id, key, segment, recipe, chapter, attempts }: Lease,
  delivery: Delivery,
): SpeechTask {
  return {
    ...spokenTask(segment, recipe, seedOf(key, attempts)),
    delivery: {
      ...delivery,
      lease: id,
      segment: { novelId: chapter.novelId, chapterNumber: chapter.number, index: segment.index },
    },
  }
}
