import type { Application } from '../jobs/application.ts'
import { requeueOccurrences } from '../jobs/generations/generation-commands.ts'
import type { ClipKey } from '../novel/clip.ts'
import { Failure } from '../novel/failure.ts'
import { clipRange } from '../storage/queries/clip-queries.ts'
import type { Rendition } from './renditions.ts'

/** Deletes a clip that failed its checksum and requeues it for every generation that contains it. */
export async function discardClip(application: Application, key: ClipKey): Promise<void> {
  application.log.warn({ ...key }, 'clip failed its checksum: discarded and requeued')
  const occurrences = await application.counts.discardClip(key)
  requeueOccurrences(application, key.recipe, occurrences).catch((error: unknown) => {
    application.log.error(
      { err: error },
      'could not requeue a discarded clip; recovery at the next start will',
    )
  })
}

/** Limits what is held in memory at once to a few megabytes. */
const clipsPerBatch = 50

/**
 * Discards the corrupt clips of a chapter whose frames differ from its counts. Throws `audio.unfinished` if there were
 * any.
 */
export async function discardCorruptClips(
  application: Application,
  { chapter, casting, counts }: Rendition,
): Promise<void> {
  let discarded = 0
  for (let from = 0; from < counts.total; from += clipsPerBatch) {
    for (const { key, clip } of await clipRange(
      application.db,
      chapter.id,
      casting,
      from,
      from + clipsPerBatch,
    )) {
      if (clip !== 'damaged') continue
      await discardClip(application, key)
      discarded++
    }
  }
  if (discarded > 0)
    throw new Failure('audio.unfinished', { done: counts.total - discarded, total: counts.total })
}
