import { deleteClip } from '../database/clips.ts'
import { auditFinished } from '../generation/recover.ts'
import type { Studio } from '../generation/studio.ts'
import type { ClipKey } from '../novel/recipe.ts'

/** A clip turned out not to be what was written: it goes, and whoever asked for it gets it spoken again. */
export async function loseClip(studio: Studio, key: ClipKey): Promise<void> {
  studio.log.warn({ ...key }, 'a clip failed its checksum and is spoken again')
  await studio.book.recount(key.recipe, () => deleteClip(studio.db, key))
  speakAgain(studio).catch((error: unknown) => {
    studio.log.error({ err: error }, 'a lost clip could not be asked for again; the next start does it')
  })
}

async function speakAgain(studio: Studio): Promise<void> {
  // Those that are still being made have left its chapter behind, and look again.
  await studio.dispatcher.refresh()
  await auditFinished(studio, AbortSignal.timeout(60_000))
}
