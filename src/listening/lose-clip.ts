import type { Studio } from '../generation/studio.ts'
import { speakAgain } from '../generation/try-again.ts'
import type { ClipKey } from '../novel/recipe.ts'

/** A clip turned out not to be what was written: it goes, and whoever asked for it gets it spoken again. */
export async function loseClip(studio: Studio, key: ClipKey): Promise<void> {
  studio.log.warn({ ...key }, 'a clip failed its checksum and is spoken again')
  const chapters = await studio.book.lose(key)
  speakAgain(studio, key.recipe, chapters).catch((error: unknown) => {
    studio.log.error({ err: error }, 'a lost clip could not be asked for again; the next start does it')
  })
}
