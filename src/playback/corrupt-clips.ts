import type { Application } from '../jobs/application.ts'
import { requeueChapters } from '../jobs/generations/generation-commands.ts'
import { clipRange } from '../storage/queries/clip-queries.ts'
import { Failure } from '../novel/failure.ts'
import type { ClipKey } from '../novel/clip.ts'
import type { Rendition } from './renditions.ts'

/** A clip turned out not to be what was written: it goes, and whoever asked for it gets it spoken again. */
export async function discardClip(application: Application, key: ClipKey): Promise<void> {
  application.log.warn({ ...key }, 'a clip failed its checksum and is spoken again')
  const chapters = await application.counts.discardClip(key)
  requeueChapters(application, key.recipe, chapters).catch((error: unknown) => {
    application.log.error({ err: error }, 'a lost clip could not be asked for again; the next start does it')
  })
}

/** Some megabytes of clips at once. */
const clipsPerBatch = 50

/** Of a chapter whose frames are not those that were counted. Throws `audio.unfinished` where clips of it were lost. */
export async function discardCorruptClips(
  application: Application,
  { chapter, recipe, counts }: Rendition,
): Promise<void> {
  let discarded = 0
  for (let from = 0; from < counts.total; from += clipsPerBatch) {
    for (const { key, clip } of await clipRange(
      application.db,
      chapter.id,
      recipe,
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
