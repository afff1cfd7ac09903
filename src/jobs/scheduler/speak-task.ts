import type { Delivery } from '../../speech/worker/pooled-worker.ts'
import type { SpeechTask } from '../backends/speech-backends.ts'
import type { Lease } from './leases.ts'
import { seedOf } from './segment-results.ts'

/** A leased segment as a backend takes it. */
export function speechTaskOf(
  { id, key, segment, recipe, chapter, attempts }: Lease,
  delivery: Delivery,
): SpeechTask {
  return {
    text: segment.spoken,
    voice: recipe.voice,
    speed: recipe.speed,
    paced: recipe.pace !== undefined,
    accent: recipe.accent,
    leadSeconds: segment.opening && recipe.pauses.opening,
    pauseSeconds: recipe.pauses[segment.pause],
    seed: seedOf(key, attempts),
    delivery: {
      ...delivery,
      lease: id,
      segment: { novelId: chapter.novelId, chapterNumber: chapter.number, index: segment.index },
    },
  }
}
