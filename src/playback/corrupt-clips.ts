import type { Logger } from 'pino'
import { type Requeue, requeueOccurrences } from '../jobs/generations/generation-commands.ts'
import type { ProgressCounts } from '../jobs/generations/progress-counts.ts'
import type { ClipKey } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import type { ClipStore } from '../storage/clip-store.ts'
import type { Rendition } from './renditions.ts'

/** What discarding a clip takes. */
export interface ClipDiscard extends Requeue {
  readonly clips: ClipStore
  readonly counts: ProgressCounts
  readonly log: Logger
}

/** Deletes a clip that is damaged and requeues it for every generation that contains it. */
export async function discardClip(context: ClipDiscard, key: ClipKey): Promise<void> {
  context.log.warn({ ...key }, 'a clip is missing or damaged: discarded and requeued')
  const occurrences = await context.counts.discardClip(key)
  requeueOccurrences(context, key.recipe, occurrences).catch((error: unknown) => {
    context.log.error({ err: error }, 'could not requeue a discarded clip; recovery at the next start will')
  })
}

/**
 * Discards the corrupt clips of a chapter whose frames differ from its counts. Throws `audio.unfinished` if there were
 * any.
 */
export async function discardCorruptClips(
  context: ClipDiscard,
  { chapter, casting, counts }: Rendition,
): Promise<void> {
  let discarded = 0
  for await (const { key, clip } of context.clips.range(chapter.id, casting, 0, counts.total)) {
    if (clip !== 'damaged') continue
    await discardClip(context, key)
    discarded++
  }
  if (discarded > 0)
    throw new Failure('audio.unfinished', { done: counts.total - discarded, total: counts.total })
}
