import type { Studio } from '../generation/studio.ts'
import { speakAgain } from '../generation/try-again.ts'
import { clipRun } from '../database/clip-runs.ts'
import { Failure } from '../novel/failure.ts'
import type { ClipKey } from '../novel/recipe.ts'
import type { Rendition } from './rendition.ts'

/** A clip turned out not to be what was written: it goes, and whoever asked for it gets it spoken again. */
export async function loseClip(studio: Studio, key: ClipKey): Promise<void> {
  studio.log.warn({ ...key }, 'a clip failed its checksum and is spoken again')
  const chapters = await studio.book.lose(key)
  speakAgain(studio, key.recipe, chapters).catch((error: unknown) => {
    studio.log.error({ err: error }, 'a lost clip could not be asked for again; the next start does it')
  })
}

/** Some megabytes of clips at once. */
const clipsAtOnce = 50

/** Of a chapter whose frames are not those that were counted. Throws `audio.unfinished` where clips of it were lost. */
export async function loseDamaged(studio: Studio, { chapter, recipe, tally }: Rendition): Promise<void> {
  let lost = 0
  for (let from = 0; from < tally.total; from += clipsAtOnce) {
    for (const { key, clip } of await clipRun(studio.db, chapter.id, recipe, from, from + clipsAtOnce)) {
      if (clip !== 'damaged') continue
      await loseClip(studio, key)
      lost++
    }
  }
  if (lost > 0) throw new Failure('audio.unfinished', { done: tally.total - lost, total: tally.total })
}
